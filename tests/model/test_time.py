"""Durations, stretches of time and local days, by themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.model.time import (
    BEGINNING,
    Between,
    Clock,
    Duration,
    Interval,
    Lifetime,
    Rolling,
    day_number,
    day_start,
    instant,
    interval,
    micros,
    moment,
    shifted,
    shifted_day,
    step_months,
)
from tests.model.casino import MALTA, NOON, SAO_PAULO, T, days, local, months, utc

HAVANA, APIA, KOLKATA = (ZoneInfo(name) for name in ("America/Havana", "Pacific/Apia", "Asia/Kolkata"))


@given(st.datetimes(timezones=st.just(utc(1, 1, 1).tzinfo)))
def test_micros_and_moment_are_inverse(value):
    assert moment(micros(value)) == value


@given(st.dates(), st.sampled_from([MALTA, SAO_PAULO, HAVANA, APIA, KOLKATA]))
def test_a_local_day_starts_where_its_date_first_shows(day, zone):
    start = day_start(day, zone)

    if date(2, 1, 1) < day < date(9998, 1, 1) and (day, zone) != (date(2011, 12, 30), APIA):
        assert moment(start).astimezone(zone).date() == day
        assert moment(start - 1).astimezone(zone).date() < day


def test_a_day_that_never_was_is_empty():
    assert day_start(date(2011, 12, 30), APIA) == day_start(date(2011, 12, 31), APIA)


def test_a_midnight_that_comes_twice_is_the_first():
    assert moment(day_start(date(2026, 11, 1), HAVANA)) == utc(2026, 11, 1, 4)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_have_a_start_in_every_zone(day):
    assert abs(day_start(day, MALTA) - day_start(day, SAO_PAULO)) < 10 * 3_600_000_000


def test_day_numbers_count_from_1970():
    assert [day_number(date(1970, 1, 1)), day_number(date(1969, 12, 31))] == [0, -1]


@pytest.mark.parametrize(
    ("start", "steps", "end"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2024, 1, 31), 1, (2024, 2, 29)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2024, 2, 29), -48, (2020, 2, 29)),
        ((2026, 1, 15), -1, (2025, 12, 15)),
        ((2026, 5, 31), -3, (2026, 2, 28)),
        ((2026, 12, 31), 2, (2027, 2, 28)),
        ((2026, 12, 31), 0, (2026, 12, 31)),
    ],
)
def test_months_step_to_the_same_day_or_the_last(start, steps, end):
    assert step_months(date(*start), steps) == date(*end)


def test_steps_stay_within_the_years_there_are():
    assert step_months(date(2026, 5, 15), -12 * 3000) == date.min
    assert step_months(date(2026, 5, 15), 12 * 9000) == date.max
    assert shifted_day(date(2026, 5, 15), days(10**9), -1) == date.min
    assert shifted_day(date(2026, 5, 15), days(10**9), 1) == date.max


def test_shifted_days_are_exact_and_months_keep_the_local_hour():
    clock = Clock(local(MALTA, 2026, 4, 15, 12), MALTA)

    assert moment(shifted(clock, days(30), -1)) == utc(2026, 3, 16, 10)
    assert moment(shifted(clock, months(1), -1)) == utc(2026, 3, 15, 11)


def test_a_step_into_a_skipped_hour_keeps_the_offset_from_before():
    clock = Clock(local(MALTA, 2026, 4, 29, 2, 30), MALTA)

    assert moment(shifted(clock, months(1), -1)) == utc(2026, 3, 29, 1, 30)


def test_a_step_into_a_doubled_hour_means_its_first():
    clock = Clock(local(MALTA, 2026, 11, 25, 2, 30), MALTA)

    assert moment(shifted(clock, months(1), -1)) == utc(2026, 10, 25, 0, 30)


def test_a_step_from_the_second_of_a_doubled_hour_forgets_which():
    clock = Clock(local(MALTA, 2026, 10, 25, 2, 30).replace(fold=1), MALTA)

    assert moment(shifted(clock, months(12), -1)) == utc(2025, 10, 25, 0, 30)


def test_lifetime_starts_at_the_beginning():
    assert interval(Lifetime(), NOON) == Interval(BEGINNING, micros(T))


def test_a_stretch_in_the_future_is_empty_not_reversed():
    stretch = interval(Between(date(2030, 1, 1), date(2031, 1, 1)), NOON)

    assert stretch.after == stretch.until == micros(T)


@given(st.integers(0, 10**12), st.integers(0, 10**6))
def test_no_duration_is_too_long(seconds, length):
    for duration in (Duration(seconds=seconds), Duration(months=length)):
        stretch = interval(Rolling(duration, before=duration), NOON)

        assert stretch.after <= stretch.until <= micros(T)


def test_the_same_instant_in_another_zone_is_the_same():
    there = T.astimezone(KOLKATA)

    assert micros(there) == micros(T)
    assert instant(there, MALTA) == micros(T)
    assert interval(Rolling(months(1)), Clock(there, MALTA)) == interval(Rolling(months(1)), NOON)


def test_a_date_is_no_datetime():
    assert moment(instant(date(2026, 7, 1), MALTA)) == datetime(2026, 7, 1, tzinfo=MALTA)
    assert timedelta(microseconds=1) == moment(1) - moment(0)
