"""One test as a SQL condition for an engine, written from language.md and not from segctl's own evaluation.

A condition may be NULL where it is not true, except of `ne`, `not_in` and what is negated: see `closed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from benchmarks.spelling import Spelling
from segctl.model.operators import FieldType
from segctl.model.rule import Now, Test
from segctl.model.time import Clock, Duration, day_start, moment, shifted, shifted_day

Bind = Callable[[Any], str]
_COMPARED = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "before": "<"}
_DAY = timedelta(days=1)


def closed(condition: str) -> str:
    """The condition with NULL made false, for use under a negation."""
    return f"coalesce({condition}, false)"


def holds(test: Test, value: str, field_type: FieldType, clock: Clock, bind: Bind, spelling: Spelling) -> str:
    """A test of any type but list. `value` is a SQL expression, `bind` gives a parameter's name."""
    match test.op:
        case "is_set":
            return f"{value} IS {'NOT ' if test.value else ''}NULL"
        case "ne":
            return f"coalesce({value} <> {bind(test.value)}, true)"
        case "not_in":
            return f"coalesce({value} NOT IN ({_several(test.value, bind)}), true)"
        case "in":
            return f"{value} IN ({_several(test.value, bind)})"
        case _ if field_type == "string":
            return _text(test, value, bind, spelling)
        case _ if field_type in ("date", "datetime"):
            return _time(test, value, field_type, clock, bind, spelling)
        case "between":
            low, high = _ends(test.value)
            return f"{value} BETWEEN {bind(low)} AND {bind(high)}"
        case _:
            return f"{value} {_COMPARED[test.op]} {bind(test.value)}"


def _ends(value: Any) -> tuple[Any, Any]:
    return value[0], value[1]


def _several(values: Any, bind: Bind) -> str:
    return ", ".join(bind(value) for value in values)


def _text(test: Test, value: str, bind: Bind, spelling: Spelling) -> str:
    wanted = bind(test.value)
    if test.ignore_case:
        value, wanted = f"lower({value})", f"lower({wanted})"
    return f"{value} = {wanted}" if test.op == "eq" else spelling.text(test.op, value, wanted)


def _time(test: Test, value: str, field_type: FieldType, clock: Clock, bind: Bind, spelling: Spelling) -> str:
    match test.op, test.value:
        case "anniversary_within", Duration() as ahead:
            day = value if field_type == "date" else f"CAST(timezone({bind(clock.zone.key)}, {value}) AS DATE)"
            number = f"{spelling.part('month', day)} * 100 + {spelling.part('day', day)}"
            return f"{number} IN ({_several(_birthdays(ahead, clock), bind)})"
        case "older_than", Duration() as ago:
            return f"{value} <= {bind(_away(ago, -1, field_type, clock))}"
        case "within", Duration() as ago:
            return _between(value, _away(ago, -1, field_type, clock), _now(field_type, clock), bind)
        case "within_next", Duration() as ahead:
            return _between(value, _now(field_type, clock), _away(ahead, 1, field_type, clock), bind)
        case "before", moment_or_day:
            return f"{value} < {bind(_start(moment_or_day, field_type, clock))}"
        case _:
            raise TypeError(f"one query a segment was not taught `{test.op}` of {field_type}")


def _between(value: str, after: date, until: date, bind: Bind) -> str:
    return f"{value} > {bind(after)} AND {value} <= {bind(until)}"


def _now(field_type: FieldType, clock: Clock) -> date:
    return clock.as_of if field_type == "datetime" else clock.today


def _away(duration: Duration, sign: Any, field_type: FieldType, clock: Clock) -> date:
    if field_type == "datetime":
        return moment(shifted(clock, duration, sign))
    return shifted_day(clock.today, duration, sign)


def _start(value: Any, field_type: FieldType, clock: Clock) -> date:
    if isinstance(value, Now):
        return _now(field_type, clock)
    assert isinstance(value, date)
    if field_type == "date" or isinstance(value, datetime):
        return value
    return moment(day_start(value, clock.zone))


def _birthdays(ahead: Duration, clock: Clock) -> Iterator[int]:
    """Month and day as one number of each day from today to `ahead`; 29 February counts on the 28th."""
    day, last = clock.today, shifted_day(clock.today, ahead, 1)
    while day <= last:
        yield day.month * 100 + day.day
        if (day.month, day.day) == (2, 28) and (day + _DAY).month == 3:
            yield 229
        day += _DAY
