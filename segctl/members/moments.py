"""Tests of dates and instants as stretches of integers: days or microseconds, open at the start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segctl.model.rule import Now, Test
from segctl.model.time import (
    BEGINNING,
    END,
    Clock,
    Duration,
    Interval,
    day_number,
    day_start,
    micros,
    offsets,
    shifted,
    shifted_day,
)

_DAY = timedelta(days=1)
_EPOCH = np.datetime64("1970-01-01", "D")


def instants(test: Test, clock: Clock) -> Interval:
    """The instants, in microseconds, that pass a test of a datetime field."""
    match test.op, test.value:
        case "on_day", date() as day:
            return Interval(day_start(day, clock.zone) - 1, day_start(day + _DAY, clock.zone) - 1)
        case "before", value:
            return Interval(BEGINNING, _first(value, clock) - 1)
        case "after", value:
            return Interval(_last(value, clock), END)
        case "between", (low, high):
            return Interval(_first(low, clock) - 1, _last(high, clock))
        case "older_than", Duration() as ago:
            return Interval(BEGINNING, shifted(clock, ago, -1))
        case "within", Duration() as ago:
            return Interval(shifted(clock, ago, -1), clock.micros)
        case "within_next", Duration() as ahead:
            return Interval(clock.micros, shifted(clock, ahead, 1))
        case _:
            raise TypeError(f"{test.op} does not test an instant")


def _first(value: Any, clock: Clock) -> int:
    """The first instant of a value: a day has many."""
    if isinstance(value, Now):
        return clock.micros
    return micros(value) if isinstance(value, datetime) else day_start(value, clock.zone)


def _last(value: Any, clock: Clock) -> int:
    if isinstance(value, Now | datetime):
        return _first(value, clock)
    return day_start(value + _DAY, clock.zone) - 1


def days(test: Test, clock: Clock) -> Interval:
    """The days, counted from 1970-01-01, that pass a test of a date field."""
    today = clock.today
    match test.op, test.value:
        case "on_day", date() as day:
            return Interval(day_number(day) - 1, day_number(day))
        case "before", value:
            return Interval(BEGINNING, _day(value, today) - 1)
        case "after", value:
            return Interval(_day(value, today), END)
        case "between", (low, high):
            return Interval(_day(low, today) - 1, _day(high, today))
        case "older_than", Duration() as ago:
            return Interval(BEGINNING, day_number(shifted_day(today, ago, -1)))
        case "within", Duration() as ago:
            return Interval(day_number(shifted_day(today, ago, -1)), day_number(today))
        case "within_next", Duration() as ahead:
            return Interval(day_number(today), day_number(shifted_day(today, ahead, 1)))
        case _:
            raise TypeError(f"{test.op} does not test a day")


def _day(value: Any, today: date) -> int:
    return day_number(today if isinstance(value, Now) else value)


def local_days(values: NDArray[np.int64], clock: Clock) -> NDArray[np.int64]:
    """The local day of each instant, in days since 1970-01-01."""
    if not len(values):
        return values
    known = offsets(clock.zone, int(values.min()), int(values.max()))
    since = np.array([at for at, _ in known], dtype=np.int64)
    east = np.array([offset for _, offset in known], dtype=np.int64)
    found = np.maximum(np.searchsorted(since, values, side="right") - 1, 0)
    return (values + east[found]) // 86_400_000_000


def anniversary_within(numbers: NDArray[np.int64], ahead: Duration, clock: Clock) -> NDArray[np.bool_]:
    """Is the next anniversary of each day today or within `ahead`? 29 February counts on 28 February."""
    first, last = clock.today, shifted_day(clock.today, ahead, 1)
    span = min((last - first).days, 366)
    wanted = {(day.month, day.day) for day in (first + _DAY * i for i in range(span + 1))}
    if any((first + _DAY * i).month == 2 and _last_of_short_february(first + _DAY * i) for i in range(span + 1)):
        wanted.add((2, 29))
    codes = [month * 100 + day for month, day in wanted]
    return _by_day(numbers, lambda several: np.isin(_month_and_day(_EPOCH + several), codes))


def _last_of_short_february(day: date) -> bool:
    return day.day == 28 and (day + _DAY).month == 3


def ages(births: NDArray[np.int64], today: date) -> NDArray[np.int64]:
    """Whole years from each day to today: one more from the birthday on (29 February: from 1 March)."""

    def since(several: NDArray[np.int64]) -> NDArray[np.int64]:
        dates = _EPOCH + several
        years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
        return np.asarray(today.year - years - (_month_and_day(dates) > today.month * 100 + today.day))

    return _by_day(births, since)


def _month_and_day(dates: NDArray[Any]) -> NDArray[np.int64]:
    """101 for the first of January."""
    months = dates.astype("datetime64[M]")
    return np.asarray((months.astype(np.int64) % 12 + 1) * 100 + (dates - months).astype(np.int64) + 1)


def _by_day(numbers: NDArray[np.int64], found: Callable[[NDArray[np.int64]], NDArray[Any]]) -> NDArray[Any]:
    """What is found of each day, looked for once a day where that is less work."""
    if not len(numbers):
        return found(numbers)
    first, last = int(numbers.min()), int(numbers.max())
    if last - first >= len(numbers):
        return found(numbers)
    return found(np.arange(first, last + 1))[numbers - first]
