"""Section 3, "Time", row by row: each edge to the microsecond, days of 23 and 25 hours, ends of months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from segctl.model.rule import Rule
from segctl.model.time import Between, CalendarPeriod, Clock, Duration, Lifetime, Period, Rolling, Window
from tests.meaning.cases import Case, ruled
from tests.meaning.casino import did, field, group, who
from tests.model.casino import MALTA, MICRO, NOON, NOW, SAO_PAULO, T, days, local, months, utc

UTC = ZoneInfo("UTC")
DAY = timedelta(days=1)
TODAY = date(2026, 5, 15)
SPRING = Clock(local(MALTA, 2026, 3, 29, 12), MALTA)  # a day of 23 hours
END_OF_MARCH = Clock(local(MALTA, 2026, 3, 31, 12), MALTA)


def holds(says: str, window: Window, start: datetime, end: datetime, clock: Clock = NOON) -> Case:
    """A window from `start` up to, not including, `end`; or up to now, in it, where that comes first."""
    last = min(end - MICRO, clock.as_of)
    inside = [who({"at_time": time}) for time in (start, last)]
    outside = [who({"at_time": time}) for time in (start - MICRO, last + MICRO)]
    return ruled(says, group("all", did("bets"), during=window), inside, outside, clock)


def seen(says: str, yes: Sequence[datetime], no: Sequence[datetime], clock: Clock = NOON, **test) -> Case:
    """An instant of a player."""
    inside = [who(seen=time) for time in yes]
    return ruled(says, field("seen", **test), inside, [who(), *(who(seen=time) for time in no)], clock)


def born(says: str, yes: Sequence[date], no: Sequence[date], clock: Clock = NOON, **test) -> Case:
    """A date of a player."""
    return ruled(
        says, field("born", **test), [who(born=day) for day in yes], [who(), *(who(born=day) for day in no)], clock
    )


def at(*parts: int) -> datetime:
    return local(MALTA, *parts).astimezone(UTC)


ROLLING = [
    holds("last: 30d is T - 30 x 24 h < time <= T", Rolling(days(30)), T - 30 * DAY + MICRO, T + MICRO),
    holds("last: 30d, before: 30d is T - 60 d < time <= T - 30 d", Rolling(days(30), days(30)), T - 60 * DAY + MICRO, T - 30 * DAY + MICRO),
    holds("last: 1d is 24 h where the local day has 23", Rolling(days(1)), at(2026, 3, 28, 11) + MICRO, SPRING.as_of + MICRO, SPRING),
    holds("last: 15min is exact", Rolling(Duration(seconds=900)), T - timedelta(minutes=15) + MICRO, T + MICRO),
    holds("last: 1mo from 31 March begins at the end of February", Rolling(months(1)), at(2026, 2, 28, 12) + MICRO, END_OF_MARCH.as_of + MICRO, END_OF_MARCH),
    holds("last: 25mo reaches 29 February", Rolling(months(25)), at(2024, 2, 29, 12) + MICRO, END_OF_MARCH.as_of + MICRO, END_OF_MARCH),
    holds("last: 1y is 12 months of the calendar", Rolling(months(12)), at(2025, 3, 31, 12) + MICRO, END_OF_MARCH.as_of + MICRO, END_OF_MARCH),
    holds("months keep the local time of day over a change of clocks", Rolling(months(1)), utc(2026, 3, 15, 11) + MICRO, at(2026, 4, 15, 12) + MICRO, Clock(at(2026, 4, 15, 12), MALTA)),
    holds("last: 1mo, before: 1mo steps back to the end of February, then a month", Rolling(months(1), months(1)), utc(2026, 1, 28, 12) + MICRO, utc(2026, 2, 28, 12) + MICRO, Clock(utc(2026, 3, 31, 12), UTC)),
]  # fmt: skip

PERIODS: list[tuple[Period, tuple[int, int, int], tuple[int, int, int]]] = [
    ("today", (2026, 5, 15), (2026, 5, 16)), ("yesterday", (2026, 5, 14), (2026, 5, 15)),
    ("this_week", (2026, 5, 11), (2026, 5, 18)), ("last_week", (2026, 5, 4), (2026, 5, 11)),
    ("this_month", (2026, 5, 1), (2026, 6, 1)), ("last_month", (2026, 4, 1), (2026, 5, 1)),
    ("this_year", (2026, 1, 1), (2027, 1, 1)), ("last_year", (2025, 1, 1), (2026, 1, 1)),
]  # fmt: skip
SUNDAY, MONDAY = (Clock(at(2026, 5, day), MALTA) for day in (17, 18))
MIDNIGHT = Clock(at(2026, 5, 15), MALTA)
CALENDAR = [
    *(holds(f"calendar: {name} is [start, end) cut at T", CalendarPeriod(name), at(*start), at(*end)) for name, start, end in PERIODS),
    holds("calendar: a week starts on Monday, also on Sunday", CalendarPeriod("this_week"), at(2026, 5, 11), at(2026, 5, 18), SUNDAY),
    holds("calendar: on Monday a week has ended", CalendarPeriod("last_week"), at(2026, 5, 11), at(2026, 5, 18), MONDAY),
    holds("calendar: at midnight today is one instant long", CalendarPeriod("today"), MIDNIGHT.as_of, MIDNIGHT.as_of + DAY, MIDNIGHT),
    holds("calendar: a day of 23 hours", CalendarPeriod("yesterday"), at(2026, 3, 29), at(2026, 3, 29) + timedelta(hours=23), Clock(at(2026, 3, 30), MALTA)),
    holds("calendar: a day of 25 hours", CalendarPeriod("yesterday"), at(2026, 10, 25), at(2026, 10, 25) + timedelta(hours=25), Clock(at(2026, 10, 26), MALTA)),
    holds("calendar: a day whose midnight is skipped begins an hour later", CalendarPeriod("today"), utc(2018, 11, 4, 3), utc(2018, 11, 5, 2), Clock(utc(2018, 11, 4, 12), SAO_PAULO)),
    holds("calendar: last_month from 31 March is February", CalendarPeriod("last_month"), at(2026, 2, 1), at(2026, 3, 1), END_OF_MARCH),
]  # fmt: skip

BETS_ALWAYS = [who({"at_time": utc(1900, 1, 1)}), who({"at_time": T})]
RANGES = [
    holds("from, to: days of the project's timezone, [from, to)", Between(date(2026, 1, 1), date(2026, 2, 1)), at(2026, 1, 1), at(2026, 2, 1)),
    holds("from, to: instants are themselves", Between(utc(2026, 1, 1, 5), utc(2026, 1, 1, 6)), utc(2026, 1, 1, 5), utc(2026, 1, 1, 6)),
    holds("to missing: up to T", Between(date(2026, 1, 1), None), at(2026, 1, 1), T + MICRO),
    ruled("from missing: since ever", group("all", did("bets"), during=Between(None, date(2026, 1, 1))), [who({"at_time": utc(1900, 1, 1)})], [who({"at_time": T})]),
    ruled("a range in the future is empty", group("all", did("bets"), during=Between(date(2027, 1, 1), None)), [], [who({"at_time": T}), who({"at_time": utc(2027, 1, 2)})]),
    holds("a range that starts now holds now", Between(T, None), T, T + MICRO),
    ruled("no during: every event with time <= T", did("bets"), BETS_ALWAYS, [who({"at_time": T + MICRO}), who({"at_time": None}), who()]),
    ruled("during: lifetime is the same", group("all", did("bets"), during=Lifetime()), BETS_ALWAYS, [who({"at_time": T + MICRO})]),
    ruled("nothing after T counts, ever: also not under none", group("none", did("bets")), [who({"at_time": T + MICRO})], [who({"at_time": T})]),
]  # fmt: skip

W7, N3, O10 = T - 7 * DAY, T + 3 * DAY, T - 10 * DAY
INSTANTS = [
    seen("older_than: 10d is set and <= T - 10 x 24 h", [O10, utc(1900, 1, 1)], [O10 + MICRO, T, T + DAY], older_than=days(10)),
    seen("within: 7d is T - 7 x 24 h < value <= T", [W7 + MICRO, T], [W7, T + MICRO], within=days(7)),
    seen("within_next: 3d is T < value <= T + 3 x 24 h", [T + MICRO, N3], [T, N3 + MICRO], within_next=days(3)),
    seen("before: now", [T - MICRO], [T], before=NOW),
    seen("after: now", [T + MICRO], [T], after=NOW),
    seen("before an instant", [T - MICRO], [T], before=T),
    seen("after an instant", [T + MICRO], [T], after=T),
    seen("between instants holds both", [T], [T - MICRO, T + MICRO], between=(T, T)),
    seen("older_than: 1d is 24 h where the local day has 23", [at(2026, 3, 28, 11)], [at(2026, 3, 28, 11) + MICRO], SPRING, older_than=days(1)),
    seen("within_next: 1mo from 31 January ends with February", [utc(2026, 2, 28, 12)], [utc(2026, 2, 28, 12) + MICRO], Clock(utc(2026, 1, 31, 12), UTC), within_next=months(1)),
    seen("the second hour of a long night comes after the first", [utc(2026, 10, 25, 1, 30)], [utc(2026, 10, 25, 0, 30)], after=utc(2026, 10, 25, 0, 30)),
    seen("anniversary_within counts the local day of an instant", [utc(2000, 5, 14, 22)], [utc(2000, 5, 14, 22) - MICRO], anniversary_within=days(0)),
]  # fmt: skip


def local_days(zone: ZoneInfo, *day: int) -> list[Case]:
    """A date is a local day for an instant: `before` its start, `after` from the start of the next."""
    clock, the_day = Clock(T, zone), date(*day)
    start, end = local(zone, *day).astimezone(UTC), (local(zone, *day) + DAY).astimezone(UTC)
    where = f"{the_day} in {zone.key}"
    return [
        seen(f"before is before the start of the local day: {where}", [start - MICRO], [start, end], clock, before=the_day),
        seen(f"after is from the start of the next local day: {where}", [end], [start, end - MICRO], clock, after=the_day),
        seen(f"on_day is the local day: {where}", [start, end - MICRO], [start - MICRO, end], clock, on_day=the_day),
        seen(f"between covers both days: {where}", [start, end - MICRO], [start - MICRO, end], clock, between=(the_day, the_day)),
    ]  # fmt: skip


LOCAL_DAYS = [
    *local_days(MALTA, 2026, 1, 1), *local_days(MALTA, 2026, 3, 29), *local_days(MALTA, 2026, 10, 25),
    *local_days(SAO_PAULO, 2018, 11, 4),
]  # fmt: skip

WEEK_AGO, IN_A_WEEK = TODAY - 7 * DAY, TODAY + 7 * DAY
DATES = [
    born("a date before a day", [TODAY - DAY], [TODAY, TODAY + DAY], before=TODAY),
    born("a date after a day", [TODAY + DAY], [TODAY, TODAY - DAY], after=TODAY),
    born("a date before now is before today", [TODAY - DAY], [TODAY], before=NOW),
    born("a date after now is after today", [TODAY + DAY], [TODAY], after=NOW),
    born("a date between days holds both", [TODAY - DAY, TODAY], [TODAY - 2 * DAY, TODAY + DAY], between=(TODAY - DAY, TODAY)),
    born("older_than counts whole local days", [WEEK_AGO], [WEEK_AGO + DAY, TODAY], older_than=days(7)),
    born("within counts whole local days", [WEEK_AGO + DAY, TODAY], [WEEK_AGO, TODAY + DAY], within=days(7)),
    born("within_next counts whole local days", [TODAY + DAY, IN_A_WEEK], [TODAY, IN_A_WEEK + DAY], within_next=days(7)),
    born("today is the local day", [TODAY], [TODAY - DAY], Clock(utc(2026, 5, 14, 22), MALTA), within=days(1)),
    born("31 March less 1mo is the end of February", [date(2026, 2, 28)], [date(2026, 3, 1)], END_OF_MARCH, older_than=months(1)),
    born("1y steps the calendar", [date(2025, 4, 1)], [date(2025, 3, 31)], END_OF_MARCH, within=months(12)),
]  # fmt: skip
BIRTHDAYS = [
    ((1990, 5, 15), (2026, 5, 15), True), ((1990, 5, 14), (2026, 5, 15), False), ((1990, 5, 22), (2026, 5, 15), True),
    ((1990, 5, 23), (2026, 5, 15), False), ((1990, 1, 2), (2026, 12, 27), True), ((1990, 1, 4), (2026, 12, 27), False),
    ((2000, 2, 29), (2026, 2, 21), True), ((2000, 2, 29), (2026, 2, 28), True), ((2000, 2, 29), (2026, 3, 1), False),
    ((2000, 2, 29), (2028, 2, 21), False), ((2000, 2, 29), (2028, 2, 22), True), ((2000, 3, 1), (2026, 2, 28), True),
]  # fmt: skip


def birthday(day: tuple[int, int, int], today: tuple[int, int, int], *, inside: bool) -> Case:
    of, yes = date(*day), [date(*day)] if inside else []
    clock = Clock(at(*today, 12), MALTA)
    says = f"anniversary_within: 7d on {date(*today)}, born on {of}: {inside}"
    return born(says, yes, [] if inside else [of], clock, anniversary_within=days(7))


def bets_ago(*ago: int) -> list[dict[str, object]]:
    return [{"at_time": T - days_ * DAY} for days_ in ago]


SOME: Rule = field("bet_count", gte=1)
SCOPES = [
    ruled("during scopes metrics at any depth, also under none", group("all", group("none", group("any", SOME, did("bets"))), during=Rolling(days(10))), [who(*bets_ago(20))], [who(*bets_ago(5))]),
    ruled("an inner during replaces the outer", group("all", group("none", SOME, during=Rolling(days(30))), during=Rolling(days(10))), [who(*bets_ago(40))], [who(*bets_ago(20))]),
    ruled("during of an event replaces the range above", group("all", did("bets", during=Rolling(days(30))), during=Rolling(days(10))), [who(*bets_ago(20))], [who(*bets_ago(40))]),
    ruled("attributes are unaffected by during", group("all", field("seen", older_than=days(30)), SOME, during=Rolling(days(1))), [who(*bets_ago(0), seen=T - 40 * DAY)]),
    ruled("first means within the range", group("all", field("first_bet", on_day=date(2026, 4, 25)), during=Rolling(days(30))), [who(*bets_ago(40, 20, 10))], [who(*bets_ago(25, 20))]),
    ruled("last means within the range", group("all", field("last_bet", on_day=date(2026, 4, 25)), during=Rolling(days(10), days(15))), [who(*bets_ago(40, 20, 10))]),
    ruled("nth means within the range", group("all", field("second_bet", is_set=True), during=Rolling(days(15))), [who(*bets_ago(40, 12, 10))], [who(*bets_ago(40, 20, 10))]),
]  # fmt: skip

CASES = [
    *ROLLING, *CALENDAR, *RANGES, *INSTANTS, *LOCAL_DAYS, *DATES, *SCOPES,
    *(birthday(day, today, inside=inside) for day, today, inside in BIRTHDAYS),
]  # fmt: skip
