"""Dates and instants held against tests: the table of language.md, section 3, "Time". Reads no clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from segctl.model.rule import Now, Test, Value, Values
from segctl.model.time import Clock, Duration, day_start, micros, shifted, shifted_day


def local_day(value: date | datetime, clock: Clock) -> date:
    """The project's local day of an instant; a date is its own."""
    if not isinstance(value, datetime):
        return value
    try:
        return value.astimezone(clock.zone).date()
    except OverflowError:  # the very first or last day of the calendar, which is another one here
        return value.date()


def whole_years(since: date, today: date) -> int:
    """How often a birthday has come round; who is born on 29 February waits for 1 March in common years."""
    yet_to_come = (today.month, today.day) < (since.month, since.day)
    return today.year - since.year - yet_to_come


def next_birthday(born: date, today: date) -> date:
    """The first birthday on or after today; that of 29 February is kept on 28 February in common years."""
    this_year = _birthday_in(today.year, born)
    return this_year if this_year >= today else _birthday_in(today.year + 1, born)


def day_passes(test: Test, day: date, clock: Clock) -> bool:
    """A field of type date: whole local days."""
    today = clock.today
    match test.op:
        case "on_day" | "between":
            first, last = _range(test.value)
            return _date(first) <= day <= _date(last)
        case "before":
            return day < (today if isinstance(test.value, Now) else _date(test.value))
        case "after":
            return day > (today if isinstance(test.value, Now) else _date(test.value))
        case "older_than":
            return day <= shifted_day(today, _duration(test.value), -1)
        case "within":
            return shifted_day(today, _duration(test.value), -1) < day <= today
        case "within_next":
            return today < day <= shifted_day(today, _duration(test.value), 1)
        case "anniversary_within":
            return _anniversary_within(day, _duration(test.value), today)
        case _:
            raise TypeError(f"{test.op} is not an operator of dates")


def moment_passes(test: Test, value: datetime, clock: Clock) -> bool:
    """A field of type datetime: instants; a date it is held against is a local day of the project."""
    instant, now = micros(value), clock.micros
    match test.op:
        case "on_day" | "between":
            first, last = _range(test.value)
            return not _is_before(instant, first, clock) and not _is_after(instant, last, clock)
        case "before":
            return _is_before(instant, test.value, clock)
        case "after":
            return _is_after(instant, test.value, clock)
        case "older_than":
            return instant <= shifted(clock, _duration(test.value), -1)
        case "within":
            return shifted(clock, _duration(test.value), -1) < instant <= now
        case "within_next":
            return now < instant <= shifted(clock, _duration(test.value), 1)
        case "anniversary_within":
            return _anniversary_within(local_day(value, clock), _duration(test.value), clock.today)
        case _:
            raise TypeError(f"{test.op} is not an operator of times")


def _is_before(instant: int, bound: Value | Values, clock: Clock) -> bool:
    """Before a local day is before its start."""
    if isinstance(bound, Now):
        return instant < clock.micros
    if isinstance(bound, datetime):
        return instant < micros(bound)
    return instant < day_start(_date(bound), clock.zone)


def _is_after(instant: int, bound: Value | Values, clock: Clock) -> bool:
    """After a local day is from the start of the next; no instant is after the last day there is."""
    if isinstance(bound, Now):
        return instant > clock.micros
    if isinstance(bound, datetime):
        return instant > micros(bound)
    day = _date(bound)
    return day < date.max and instant >= day_start(day + timedelta(days=1), clock.zone)


def _anniversary_within(born: date, duration: Duration, today: date) -> bool:
    return next_birthday(born, today) <= shifted_day(today, duration, 1)


def _birthday_in(year: int, born: date) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def _range(value: Value | Values) -> Values:
    """Both ends; a single day is both."""
    return value if isinstance(value, tuple) else (value, value)


def _date(value: Value | Values) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(f"{value!r} is not a date")
    return value


def _duration(value: Value | Values) -> Duration:
    if not isinstance(value, Duration):
        raise TypeError(f"{value!r} is not a duration")
    return value
