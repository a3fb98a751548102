"""A rule over an event's columns becomes a SQL condition that is never NULL where that matters.

A positive comparison with NULL is NULL, which `WHERE` and `CASE` read as false; only below a negation must it be
closed, and there it is closed at the negation (language.md, section 4.1).
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Double, Integer, and_, case, cast, false, func, not_, or_, true
from sqlalchemy.sql.elements import ColumnElement

from segctl.model.catalog import Difference, EventColumn, EventTable
from segctl.model.rule import Compare, Group, Operator, Rule, Test
from segctl.model.time import EARLIEST, LATEST, moment
from segctl.sql.dialects import among, integer, wide

Columns = Callable[[str], ColumnElement[Any]]
Condition = ColumnElement[bool]


def condition(rule: Rule, events: EventTable, stored: Columns) -> Condition:
    """The events for which a `where` holds. `stored` gives a stored column by its name."""
    match rule:
        case Group("all", rules):
            return and_(true(), *(condition(part, events, stored) for part in rules))
        case Group("at_least", rules, _, n):
            parts = (condition(part, events, stored) for part in rules)
            marks = (case((part, integer(1)), else_=integer(0)) for part in parts)
            return functools.reduce(operator.add, marks) >= n
        case Group("any", rules):
            return or_(false(), *(condition(part, events, stored) for part in rules))
        case Group(_, rules):
            anyone = or_(false(), *(condition(part, events, stored) for part in rules))
            return not_(func.coalesce(anyone, false()))
        case Compare(field, tests):
            column = events.column(field)
            value = value_of(column, events, stored)
            return and_(true(), *(_test(test, column, value) for test in tests))
        case _:
            raise TypeError(f"{type(rule).__name__} is not a condition on an event")


def value_of(column: EventColumn, events: EventTable, stored: Columns) -> ColumnElement[Any]:
    """The value of an event column; NaN reads as missing, and naive times are of the table's zone."""
    match column.source:
        case Difference(minuend, subtrahend):
            left, right = events.column(minuend), events.column(subtrahend)
            return wide(value_of(left, events, stored)) - wide(value_of(right, events, stored))
        case str() as name if column.type == "datetime":
            return instant(stored(name), events.timezone)
        case str() as name if column.type == "number":
            return func.nullif(cast(stored(name), Double()), float("nan"))
        case str() as name:
            return stored(name)


def instant(value: ColumnElement[Any], timezone: str | None) -> ColumnElement[Any]:
    """A naive timestamp of a declared zone as an instant; naive UTC is left alone and read as UTC."""
    return value if timezone in (None, "UTC") else func.timezone(timezone, value)


def bounds_of(edges: Iterable[int], timezone: str | None) -> list[datetime]:
    """Instants to compare a column with; a naive column that holds UTC is compared with naive ones."""
    bounds = [moment(min(max(edge, EARLIEST), LATEST)) for edge in edges]
    return [bound.replace(tzinfo=None) for bound in bounds] if timezone == "UTC" else bounds


def _test(test: Test, column: EventColumn, value: ColumnElement[Any]) -> Condition:
    constant: Any = test.value
    if column.type == "number" and test.op != "is_set":
        constant = tuple(map(float, constant)) if isinstance(constant, tuple) else float(constant)
    return _CONDITIONS[test.op](value, constant)


# The operators that every engine answers alike (language.md, section 5).
_CONDITIONS: dict[Operator, Callable[[Any, Any], Condition]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "ne": lambda value, constant: func.coalesce(value != constant, true()),
    "in": among,
    "not_in": lambda value, constants: func.coalesce(not_(among(value, constants)), true()),
    "between": lambda value, ends: value.between(ends[0], ends[1]),
    "is_set": lambda value, wanted: value.is_not(None) if wanted else value.is_(None),
    "contains": lambda value, text: func.strpos(value, text) > 0,
    "starts_with": func.starts_with,
    "ends_with": lambda value, text: func.right(value, cast(len(text), Integer())) == text,
}
