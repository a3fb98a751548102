"""Days, weeks and months of a calendar, one after the other. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from segctl.model.time import day_start, step_months

Period = Literal["day", "week", "month"]
PERIODS: tuple[Period, ...] = get_args(Period)
# more rows than these are too many to look at
_DAYS, _WEEKS = 31, 31 * 7


def fitting(first: date, last: date) -> Period:
    """The period that a stretch of days is best told in."""
    days = (last - first).days
    return "day" if days <= _DAYS else "week" if days <= _WEEKS else "month"


def first_day(day: date, period: Period) -> date:
    """The day that the period of a day begins with; weeks begin on Monday."""
    match period:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)


def following(first: date, period: Period) -> date:
    """The first day of the next period."""
    match period:
        case "day":
            return first + timedelta(days=1)
        case "week":
            return first + timedelta(weeks=1)
        case "month":
            return step_months(first, 1)


def periods(first: date, last: date, period: Period, zone: ZoneInfo) -> Iterator[tuple[date, int, int]]:
    """The periods from that of the first day to that of the last: first day, and [start, end) in microseconds."""
    at = first_day(first, period)
    while at <= last:
        after = following(at, period)
        yield at, day_start(at, zone), day_start(after, zone)
        at = after
