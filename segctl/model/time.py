"""Durations, activity date ranges, and local days. Plain data and calendar arithmetic: reads no clock.

Instants are integers: microseconds since 1970-01-01 UTC, what DuckDB and PostgreSQL store. A stretch of time
is half open at its start, `after < t <= until`, whatever its bounds were in the language.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

MICROS_PER_SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.date()
_WEEK = timedelta(days=7)
_SECOND = timedelta(seconds=1)
BEGINNING = -(2**63)
END = 2**63 - 1

Period = Literal[
    "today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_year", "last_year"
]


@dataclass(frozen=True, slots=True)
class Duration:
    """Exact seconds, or calendar months; never both."""

    seconds: int = 0
    months: int = 0

    @property
    def whole_days(self) -> bool:
        """Can it be counted on a calendar of days?"""
        return self.seconds % 86_400 == 0


@dataclass(frozen=True, slots=True)
class Rolling:
    """The stretch of length `last` that ends `before` ago (or now)."""

    last: Duration
    before: Duration | None = None


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """A named stretch of local days; weeks start on Monday."""

    period: Period


@dataclass(frozen=True, slots=True)
class Between:
    """From `start` up to, not including, `end`; either may be missing. A date is the start of its local day."""

    start: date | datetime | None
    end: date | datetime | None


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Everything up to now."""


Window = Rolling | CalendarPeriod | Between | Lifetime


@dataclass(frozen=True, slots=True)
class Clock:
    """The one instant of a run, and the time zone in which its days are counted. `as_of` is aware."""

    as_of: datetime
    zone: ZoneInfo

    @property
    def micros(self) -> int:
        return micros(self.as_of)

    @property
    def today(self) -> date:
        return self.as_of.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Interval:
    """`after < t <= until`, in microseconds (or, for dates, in days since 1970-01-01)."""

    after: int
    until: int


def micros(moment: datetime) -> int:
    """An aware datetime as microseconds since 1970-01-01 UTC, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


# Beyond these, a local calendar would leave the years that dates have.
EARLIEST = micros(datetime(2, 1, 1, tzinfo=UTC))
LATEST = micros(datetime(9998, 12, 31, tzinfo=UTC))


def moment(micros_since_epoch: int) -> datetime:
    """The inverse of `micros`."""
    return EPOCH + timedelta(microseconds=micros_since_epoch)


def day_start(day: date, zone: ZoneInfo) -> int:
    """The instant at which a local day begins; where midnight is skipped, the first instant that exists."""
    return micros(datetime(day.year, day.month, day.day, tzinfo=zone))


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH_DAY).days


def step_months(day: date, months: int) -> date:
    """The same day `months` later (or earlier), or the last day of that month: 31 Jan + 1 = end of Feb.

    A step out of the calendar's years ends on its first or last day.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return date.min if year < 1 else date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def shifted(clock: Clock, duration: Duration, sign: Literal[-1, 1]) -> int:
    """The instant `duration` before or after now. Months step the local calendar and keep the time of day."""
    return _shift_from(clock.micros, clock.zone, duration, sign)


def shifted_day(day: date, duration: Duration, sign: Literal[-1, 1]) -> date:
    """The day `duration` (whole days, or months) before or after `day`, within the calendar's years."""
    if duration.months:
        return step_months(day, sign * duration.months)
    number = day.toordinal() + sign * (duration.seconds // 86_400)
    return date.fromordinal(min(max(number, 1), date.max.toordinal()))


def interval(window: Window, clock: Clock) -> Interval:
    """The events a window speaks of, for evaluation now. Nothing after now is ever in it."""
    match window:
        case Rolling(last, before):
            until = clock.micros if before is None else shifted(clock, before, -1)
            return Interval(min(_shift_from(until, clock.zone, last, -1), until), until)
        case CalendarPeriod(period):
            first, following = _days(period, clock.today)
            return _cut(day_start(first, clock.zone), day_start(following, clock.zone), clock)
        case Between(start, end):
            return _cut(
                BEGINNING + 1 if start is None else instant(start, clock.zone),
                END if end is None else instant(end, clock.zone),
                clock,
            )
        case Lifetime():
            return Interval(BEGINNING, clock.micros)


def instant(value: date | datetime, zone: ZoneInfo) -> int:
    """A datetime as it is; a date as the start of its local day."""
    return micros(value) if isinstance(value, datetime) else day_start(value, zone)


def offsets(zone: ZoneInfo, first: int, last: int) -> list[tuple[int, int]]:
    """Since when the zone stood how far east of UTC, both in microseconds, from `first` to `last`.

    The first entry holds at `first`. Zones are taken to change at whole seconds, and not twice within a week.
    """
    year = moment(min(max(last, EARLIEST), LATEST)).year
    known = _offsets(zone, first, year)
    return [known[0], *(one for one in known[1:] if one[0] <= last)]


@lru_cache(maxsize=64)
def _offsets(zone: ZoneInfo, first: int, year: int) -> list[tuple[int, int]]:
    """The same to the end of a year: it is asked at many instants, and takes hundreds of conversions."""
    at, end = moment(max(first, EARLIEST)), datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)
    known = [(first, _east(at, zone))]
    while at <= end:
        following = at + _WEEK
        if _east(following, zone) != known[-1][1]:
            known.append((micros(_transition(at, following, zone)), _east(following, zone)))
        at = following
    return known


def _east(at: datetime, zone: ZoneInfo) -> int:
    offset = at.astimezone(zone).utcoffset()
    return 0 if offset is None else offset // timedelta(microseconds=1)


def _transition(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    before = _east(low, zone)
    low = low.replace(microsecond=0)
    while high - low > _SECOND:
        middle = low + _SECOND * ((high - low) // _SECOND // 2)
        low, high = (middle, high) if _east(middle, zone) == before else (low, middle)
    return high.replace(microsecond=0)


def _cut(start: int, end: int, clock: Clock) -> Interval:
    until = min(end - 1, clock.micros)
    return Interval(min(start - 1, until), until)


def _shift_from(start: int, zone: ZoneInfo, duration: Duration, sign: Literal[-1, 1]) -> int:
    if not duration.months:
        return start + sign * duration.seconds * MICROS_PER_SECOND
    local = moment(min(max(start, EARLIEST), LATEST)).astimezone(zone)
    day = step_months(local.date(), sign * duration.months)
    return micros(datetime.combine(day, local.time().replace(fold=0), tzinfo=zone))


def _days(period: Period, today: date) -> tuple[date, date]:
    """The first day of a period, and the first day after it."""
    day = timedelta(days=1)
    monday = today - day * today.weekday()
    month = today.replace(day=1)
    year = today.replace(month=1, day=1)
    table: dict[Period, tuple[date, date]] = {
        "today": (today, today + day),
        "yesterday": (today - day, today),
        "this_week": (monday, monday + 7 * day),
        "last_week": (monday - 7 * day, monday),
        "this_month": (month, step_months(month, 1)),
        "last_month": (step_months(month, -1), month),
        "this_year": (year, step_months(year, 12)),
        "last_year": (step_months(year, -12), year),
    }
    return table[period]
