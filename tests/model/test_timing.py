"""language.md, section 3, "Time", row by row, with the instants on each side of every edge."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from segctl.model.time import Between, CalendarPeriod, Clock, Duration, Lifetime, Rolling
from tests.model.casino import (
    MALTA,
    MICRO,
    NOON,
    NOW,
    SAO_PAULO,
    T,
    days,
    local,
    months,
    player,
    stands,
    utc,
    value,
)

DAY = timedelta(days=1)
TODAY = date(2026, 5, 15)


def counted(window, clock, *times):
    """For each time: does the window hold it?"""
    return [value("bet_count", player({"at_time": time}), clock, window) == 1 for time in times]


def starts_at(window, clock, start):
    return counted(window, clock, start - MICRO, start) == [False, True]


def ends_before(window, clock, end):
    return counted(window, clock, end - MICRO, end) == [True, False]


class TestRolling:
    def test_last_30_days_is_open_at_its_start_and_holds_now(self):
        edge = T - 30 * DAY

        assert counted(Rolling(days(30)), NOON, edge, edge + MICRO, T, T + MICRO) == [False, True, True, False]

    def test_before_shifts_both_ends(self):
        window = Rolling(days(30), before=days(30))
        ends = T - 60 * DAY, T - 60 * DAY + MICRO, T - 30 * DAY, T - 30 * DAY + MICRO

        assert counted(window, NOON, *ends) == [False, True, True, False]

    def test_a_day_is_24_hours_also_where_a_local_day_has_23(self):
        clock = Clock(local(MALTA, 2026, 3, 29, 12), MALTA)

        assert starts_at(Rolling(days(1)), clock, local(MALTA, 2026, 3, 28, 11) + MICRO)

    def test_hours_and_minutes_are_exact(self):
        assert starts_at(Rolling(Duration(seconds=900)), NOON, T - timedelta(minutes=15) + MICRO)

    def test_months_step_the_calendar_to_the_end_of_february(self):
        clock = Clock(local(MALTA, 2026, 3, 31, 12), MALTA)

        assert starts_at(Rolling(months(1)), clock, local(MALTA, 2026, 2, 28, 12) + MICRO)
        assert starts_at(Rolling(months(25)), clock, local(MALTA, 2024, 2, 29, 12) + MICRO)

    def test_months_keep_the_local_time_of_day_over_a_change_of_clocks(self):
        clock = Clock(local(MALTA, 2026, 4, 15, 12), MALTA)

        assert starts_at(Rolling(months(1)), clock, utc(2026, 3, 15, 11) + MICRO)

    def test_months_before_step_first_then_the_length(self):
        clock = Clock(utc(2026, 3, 31, 12), ZoneInfo("UTC"))
        window = Rolling(months(1), before=months(1))

        assert counted(window, clock, utc(2026, 1, 28, 12), utc(2026, 1, 28, 12) + MICRO) == [False, True]
        assert counted(window, clock, utc(2026, 2, 28, 12), utc(2026, 2, 28, 12) + MICRO) == [True, False]


class TestCalendar:
    @pytest.mark.parametrize(
        ("period", "start", "end"),
        [
            ("yesterday", (2026, 5, 14), (2026, 5, 15)),
            ("last_week", (2026, 5, 4), (2026, 5, 11)),
            ("last_month", (2026, 4, 1), (2026, 5, 1)),
            ("last_year", (2025, 1, 1), (2026, 1, 1)),
        ],
    )
    def test_past_periods_have_both_ends(self, period, start, end):
        assert starts_at(CalendarPeriod(period), NOON, local(MALTA, *start))
        assert ends_before(CalendarPeriod(period), NOON, local(MALTA, *end))

    @pytest.mark.parametrize(
        ("period", "start"),
        [
            ("today", (2026, 5, 15)),
            ("this_week", (2026, 5, 11)),
            ("this_month", (2026, 5, 1)),
            ("this_year", (2026, 1, 1)),
        ],
    )
    def test_current_periods_are_cut_at_now(self, period, start):
        assert starts_at(CalendarPeriod(period), NOON, local(MALTA, *start))
        assert counted(CalendarPeriod(period), NOON, T, T + MICRO) == [True, False]

    def test_weeks_start_on_monday_also_on_sunday_and_monday(self):
        sunday, monday = (Clock(local(MALTA, 2026, 5, day), MALTA) for day in (17, 18))

        assert starts_at(CalendarPeriod("this_week"), sunday, local(MALTA, 2026, 5, 11))
        assert starts_at(CalendarPeriod("last_week"), monday, local(MALTA, 2026, 5, 11))

    def test_at_midnight_today_holds_just_that_instant(self):
        midnight = local(MALTA, 2026, 5, 15)
        clock = Clock(midnight, MALTA)

        assert counted(CalendarPeriod("today"), clock, midnight - MICRO, midnight) == [False, True]

    @pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)])
    def test_a_day_of_23_or_25_hours(self, day, hours):
        start = local(MALTA, *day).astimezone(utc(2000, 1, 1).tzinfo)
        clock = Clock(start + timedelta(hours=hours), MALTA)

        assert clock.today == date(*day) + DAY
        assert starts_at(CalendarPeriod("yesterday"), clock, start)
        assert ends_before(CalendarPeriod("yesterday"), clock, start + timedelta(hours=hours))

    def test_a_day_whose_midnight_is_skipped_starts_an_hour_later(self):
        first_instant = utc(2018, 11, 4, 3)  # 01:00 in São Paulo; 00:59 never was
        clock = Clock(utc(2018, 11, 4, 12), SAO_PAULO)

        assert starts_at(CalendarPeriod("today"), clock, first_instant)
        assert ends_before(CalendarPeriod("yesterday"), clock, first_instant)


class TestBetween:
    def test_dates_are_starts_of_local_days(self):
        window = Between(date(2026, 1, 1), date(2026, 2, 1))

        assert starts_at(window, NOON, local(MALTA, 2026, 1, 1))
        assert ends_before(window, NOON, local(MALTA, 2026, 2, 1))

    def test_datetimes_are_themselves(self):
        window = Between(utc(2026, 1, 1, 5), utc(2026, 1, 1, 6))

        assert starts_at(window, NOON, utc(2026, 1, 1, 5))
        assert ends_before(window, NOON, utc(2026, 1, 1, 6))

    def test_either_end_may_be_missing_and_now_cuts(self):
        assert counted(Between(None, date(2026, 1, 1)), NOON, utc(1, 1, 2), utc(2026, 1, 1)) == [True, False]
        assert counted(Between(date(2026, 1, 1), None), NOON, T, T + MICRO) == [True, False]

    def test_a_range_in_the_future_is_empty(self):
        assert counted(Between(date(2027, 1, 1), None), NOON, T, utc(2027, 1, 2)) == [False, False]

    def test_a_range_that_starts_now_holds_now(self):
        assert counted(Between(T, None), NOON, T - MICRO, T, T + MICRO) == [False, True, False]

    def test_lifetime_is_everything_up_to_now(self):
        assert counted(Lifetime(), NOON, utc(1, 1, 2), T, T + MICRO) == [True, True, False]


class TestInstants:
    """A field of type datetime."""

    def check(self, operator, *expected, clock=NOON):
        for seen, answer in expected:
            assert stands("seen", seen, clock, **operator) is answer, (operator, seen)

    def test_older_than(self):
        edge = T - 10 * DAY

        self.check({"older_than": days(10)}, (edge, True), (edge + MICRO, False), (T + DAY, False), (None, False))

    def test_within(self):
        edge = T - 7 * DAY

        self.check({"within": days(7)}, (edge, False), (edge + MICRO, True), (T, True), (T + MICRO, False))

    def test_within_next(self):
        edge = T + 3 * DAY

        self.check({"within_next": days(3)}, (T, False), (T + MICRO, True), (edge, True), (edge + MICRO, False))

    def test_months(self):
        clock = Clock(utc(2026, 1, 31, 12), ZoneInfo("UTC"))
        edge = utc(2026, 2, 28, 12)

        self.check({"within_next": months(1)}, (edge, True), (edge + MICRO, False), clock=clock)

    def test_before_and_after_now(self):
        self.check({"before": NOW}, (T - MICRO, True), (T, False))
        self.check({"after": NOW}, (T, False), (T + MICRO, True))

    def test_before_and_after_a_datetime(self):
        self.check({"before": T}, (T - MICRO, True), (T, False))
        self.check({"after": T}, (T, False), (T + MICRO, True))
        self.check({"between": (T, T)}, (T - MICRO, False), (T, True), (T + MICRO, False))

    @pytest.mark.parametrize(
        ("zone", "day"), [(MALTA, (2026, 3, 29)), (MALTA, (2026, 10, 25)), (SAO_PAULO, (2018, 11, 4))]
    )
    def test_a_date_is_a_local_day(self, zone, day):
        clock = Clock(T, zone)
        start = local(zone, *day).astimezone(utc(1, 1, 1).tzinfo)
        end = (local(zone, *day) + DAY).astimezone(utc(1, 1, 1).tzinfo)
        edges = start - MICRO, start, end - MICRO, end
        the_day = date(*day)

        self.check({"before": the_day}, *zip(edges, (True, False, False, False), strict=True), clock=clock)
        self.check({"on_day": the_day}, *zip(edges, (False, True, True, False), strict=True), clock=clock)
        self.check({"after": the_day}, *zip(edges, (False, False, False, True), strict=True), clock=clock)
        self.check(
            {"between": (the_day, the_day)}, *zip(edges, (False, True, True, False), strict=True), clock=clock
        )

    def test_the_second_hour_of_a_long_night_comes_after_the_first(self):
        first = local(MALTA, 2026, 10, 25, 2, 30)
        second = first.replace(fold=1)

        self.check({"after": first}, (second, True))
        self.check({"before": second}, (first, True))

    def test_between_a_date_and_a_datetime(self):
        operator = {"between": (TODAY, T)}

        self.check(operator, (local(MALTA, 2026, 5, 15), True), (T, True), (T + MICRO, False))

    def test_the_ends_of_the_calendar(self):
        self.check({"after": date.max}, (utc(9999, 12, 31, 23), False))
        self.check({"on_day": date.max}, (utc(9999, 12, 31, 12), True))
        self.check({"before": date.min}, (utc(1, 1, 1), False))
        self.check({"older_than": days(10**6)}, (utc(1, 1, 1), False))
        self.check({"within": Duration(months=10**6), "within_next": days(10**7)}, (T, False))

    def test_anniversary_uses_the_local_day(self):
        midnight_in_malta = utc(2000, 5, 14, 22)

        self.check({"anniversary_within": days(0)}, (midnight_in_malta, True), (midnight_in_malta - MICRO, False))


class TestDays:
    """A field of type date counts whole local days."""

    def check(self, operator, *expected, clock=NOON):
        for born, answer in expected:
            assert stands("born", born, clock, **operator) is answer, (operator, born)

    def test_against_a_day(self):
        edges = TODAY - DAY, TODAY, TODAY + DAY

        for wanted in (TODAY, NOW):
            self.check({"before": wanted}, *zip(edges, (True, False, False), strict=True))
            self.check({"after": wanted}, *zip(edges, (False, False, True), strict=True))
        self.check({"on_day": TODAY}, *zip(edges, (False, True, False), strict=True))
        self.check({"between": (TODAY - DAY, TODAY)}, *zip(edges, (True, True, False), strict=True))

    def test_relative_to_today(self):
        week_ago, in_a_week = TODAY - 7 * DAY, TODAY + 7 * DAY

        self.check({"older_than": days(7)}, (week_ago, True), (week_ago + DAY, False), (in_a_week, False))
        self.check(
            {"within": days(7)}, (week_ago, False), (week_ago + DAY, True), (TODAY, True), (TODAY + DAY, False)
        )
        self.check(
            {"within_next": days(7)},
            (TODAY, False),
            (TODAY + DAY, True),
            (in_a_week, True),
            (in_a_week + DAY, False),
        )

    def test_today_is_the_local_day(self):
        late = Clock(utc(2026, 5, 14, 22), MALTA)

        self.check({"within": days(1)}, (TODAY, True), (TODAY - DAY, False), clock=late)

    def test_months_end_where_the_month_ends(self):
        end_of_march = Clock(utc(2026, 3, 31, 12), MALTA)

        self.check(
            {"older_than": months(1)}, (date(2026, 2, 28), True), (date(2026, 3, 1), False), clock=end_of_march
        )
        self.check(
            {"within": months(12)}, (date(2025, 3, 31), False), (date(2025, 4, 1), True), clock=end_of_march
        )

    @pytest.mark.parametrize(
        ("born", "today", "inside"),
        [
            ((1990, 5, 15), (2026, 5, 15), True),
            ((1990, 5, 14), (2026, 5, 15), False),
            ((1990, 5, 22), (2026, 5, 15), True),
            ((1990, 5, 23), (2026, 5, 15), False),
            ((1990, 1, 2), (2026, 12, 27), True),
            ((1990, 1, 4), (2026, 12, 27), False),
            ((2000, 2, 29), (2026, 2, 21), True),
            ((2000, 2, 29), (2026, 2, 28), True),
            ((2000, 2, 29), (2026, 3, 1), False),
            ((2000, 2, 29), (2028, 2, 21), False),
            ((2000, 2, 29), (2028, 2, 22), True),
            ((2000, 2, 29), (2028, 2, 29), True),
            ((2000, 3, 1), (2026, 2, 28), True),
        ],
    )
    def test_the_next_birthday_is_today_or_in_the_next_7_days(self, born, today, inside):
        clock = Clock(datetime(*today, 12, tzinfo=MALTA), MALTA)

        self.check({"anniversary_within": days(7)}, (date(*born), inside), clock=clock)

    def test_a_year_holds_every_birthday(self):
        self.check({"anniversary_within": months(12)}, (date(2000, 5, 14), True), (date(2000, 2, 29), True))
