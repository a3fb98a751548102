"""The cases of a date or a point in time, whatever the instant at which rules are evaluated. Pure.

A time is told apart on three axes that know nothing of each other: how long ago or ahead it is, which days and
instants it lies before, and when its anniversary comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Literal
from zoneinfo import ZoneInfo

from segctl.model.rule import Now, Test
from segctl.model.time import Clock, Duration, day_start, micros, moment
from segctl.model.timing import day_passes, moment_passes

Answer = Callable[[Test], bool | None]
_DAY = 86_400
_MONTH_DAYS = 30.436875
_SLACK_DAYS = 4  # how far n months can be from n average ones, with a change of clocks
_RELATIVE = frozenset(("older_than", "within", "within_next"))


def time_cases(
    kind: Literal["date", "datetime"], tests: Sequence[Test], zone: ZoneInfo, *, past: bool
) -> list[dict[Test, bool | None]]:
    """What the tests say of each time that may come; None is either."""
    absolute = [test for test in tests if _is_absolute(test)]
    relative = [test for test in tests if test.op in _RELATIVE or _is_now(test)]
    coming = [test for test in tests if test.op == "anniversary_within"]
    axes = (
        [{test: says(test) for test in absolute} for says in _days(kind, absolute, zone)],
        [{test: says(test) for test in relative} for says in _distances(relative, past=past)],
        [{test: says(test) for test in coming} for says in _anniversaries(coming)],
    )
    return [{**one, **two, **three} for one, two, three in product(*axes)]


def _is_now(test: Test) -> bool:
    return test.op in ("before", "after") and isinstance(test.value, Now)


def _is_absolute(test: Test) -> bool:
    return test.op in ("on_day", "between", "before", "after") and not isinstance(test.value, Now)


def _days(kind: Literal["date", "datetime"], tests: Sequence[Test], zone: ZoneInfo) -> Iterator[Answer]:
    """Each bound and its neighbours, on the calendar."""
    clock = Clock(datetime(2026, 1, 1, tzinfo=UTC), zone)
    bounds = [
        bound for test in tests for bound in (test.value if isinstance(test.value, tuple) else (test.value,))
    ]
    if not bounds:
        yield lambda _test: None
        return
    try:
        if kind == "date":
            for day in sorted(_neighbours(bounds)):
                yield lambda test, day=day: day_passes(test, day, clock)  # type: ignore[misc]
        else:
            for instant in sorted(_instants(bounds, zone)):
                at = moment(instant)
                yield lambda test, at=at: moment_passes(test, at, clock)  # type: ignore[misc]
    except (OverflowError, ValueError):  # at the ends of the calendar nothing is said
        yield lambda _test: None


def _neighbours(bounds: Iterable[object]) -> set[date]:
    found = set()
    for bound in bounds:
        if isinstance(bound, date):
            number = bound.toordinal()
            found |= {date.fromordinal(near) for near in (number - 1, number, number + 1)}
    return found


def _instants(bounds: Iterable[object], zone: ZoneInfo) -> set[int]:
    edges = set()
    for bound in bounds:
        if isinstance(bound, datetime):
            edges.add(micros(bound))
        elif isinstance(bound, date):
            edges |= {day_start(bound, zone), day_start(bound + timedelta(days=1), zone)}
    return {edge + off for edge in edges for off in (-1, 0, 1)}


def _distances(tests: Sequence[Test], *, past: bool) -> Iterator[Answer]:
    """Now; some time ago, with the durations that have passed since; some time ahead, unless it is `past`."""
    yield lambda test: test.op == "within"
    if not tests:
        return  # one case will do where nothing is told apart
    ago = _durations(tests, ("older_than", "within"))
    for passed in _passed(ago):
        yield lambda test, passed=passed: _ago(test, passed)  # type: ignore[misc]
    ahead = _durations(tests, ("within_next",))
    for passed in () if past else _passed(ahead):
        yield lambda test, passed=passed: _ahead(test, passed)  # type: ignore[misc]


def _ago(test: Test, passed: frozenset[Duration] | None) -> bool | None:
    match test.op:
        case "before":
            return True
        case "older_than" | "within" if passed is None:
            return None
        case "older_than":
            return test.value in (passed or ())
        case "within":
            return test.value not in (passed or ())
        case _:
            return False


def _ahead(test: Test, passed: frozenset[Duration] | None) -> bool | None:
    match test.op:
        case "after":
            return True
        case "within_next":
            return None if passed is None else test.value not in passed
        case _:
            return False


def _anniversaries(tests: Sequence[Test]) -> Iterator[Answer]:
    for passed in _passed(_durations(tests, ("anniversary_within",))):
        yield lambda test, passed=passed: None if passed is None else test.value not in passed  # type: ignore[misc]


def _durations(tests: Sequence[Test], ops: tuple[str, ...]) -> list[Duration]:
    found = {test.value for test in tests if test.op in ops and isinstance(test.value, Duration)}
    return sorted(found, key=lambda one: one.seconds + one.months * _MONTH_DAYS * _DAY)


def _passed(durations: Sequence[Duration]) -> Iterator[frozenset[Duration] | None]:
    """Which of these durations a distance can exceed together: the shorter ones first.

    None, once, if their order changes with the calendar (`1mo` and `30d`) too often to go through all of it.
    """
    unsure = [
        (first, second)
        for place, first in enumerate(durations)
        for second in durations[place + 1 :]
        if not _surely_shorter(first, second)
    ]
    if len(unsure) > 1:
        yield None
        return
    for size in range(len(durations) + 1):
        yield frozenset(durations[:size])
    for first, second in unsure:  # neighbours, since all others are in order: the second one alone may be passed
        place = durations.index(first)
        if durations.index(second) == place + 1:
            yield frozenset((*durations[:place], second))
        else:
            yield None


def _surely_shorter(first: Duration, second: Duration) -> bool:
    if first.months and second.months:
        return first.months < second.months
    return _bounds(first)[1] < _bounds(second)[0]


def _bounds(duration: Duration) -> tuple[float, float]:
    """The shortest and the longest that it can be, in seconds."""
    if not duration.months:
        return duration.seconds, duration.seconds
    days = duration.months * _MONTH_DAYS
    return (days - _SLACK_DAYS) * _DAY, (days + _SLACK_DAYS) * _DAY
