"""What is made of a player's events: sums, counts, firsts and lasts (language.md, section 4)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from segctl.model.catalog import Aggregate, Difference, EventTable, Measure
from segctl.model.comparison import combined, known, passes
from segctl.model.facts import Fact
from segctl.model.rule import Compare, Group, Rule
from segctl.model.time import Clock, Interval, Window, interval, micros
from segctl.model.timing import local_day

Event = Mapping[str, Fact]
Dimensions = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What narrows a metric where a rule uses it: the stretch of time, and the values its dimensions may have."""

    window: Window
    dimensions: Dimensions


def measured(
    aggregate: Aggregate,
    events: Sequence[Event],
    table: EventTable,
    scope: Scope,
    clock: Clock,
) -> Fact:
    """The aggregate over those of a player's `events` that lie in the scope and pass the filter."""
    stretch = interval(scope.window, clock)
    counted = [
        event
        for event in events
        if lies_in(stretch, event[table.time])
        and all(column_value(event, name, table) in values for name, values in scope.dimensions)
        and (aggregate.where is None or event_passes(aggregate.where, event, table, clock))
    ]
    return known(_measure(aggregate.measure, counted, table, clock))


def event_passes(where: Rule, event: Event, table: EventTable, clock: Clock) -> bool:
    """Does one event pass a rule over its columns?"""
    match where:
        case Group(word, rules, _, n):
            return combined(word, (event_passes(rule, event, table, clock) for rule in rules), n)
        case Compare(name, tests):
            value = column_value(event, name, table)
            return all(passes(test, value, table.column(name).type, clock) for test in tests)
        case _:
            raise TypeError(f"{type(where).__name__} is not a condition on an event")


def column_value(event: Event, name: str, table: EventTable) -> Fact:
    """An event's column, stored or computed; a difference misses where either side does."""
    match table.column(name).source:
        case Difference(minuend, subtrahend):
            return minus(column_value(event, minuend, table), column_value(event, subtrahend, table))
        case str():
            return known(event.get(name))


def minus(left: Fact, right: Fact) -> Fact:
    """Exact for integers and decimals; a float on either side makes it a difference of floats."""
    if not isinstance(left, int | float | Decimal) or not isinstance(right, int | float | Decimal):
        return None
    if isinstance(left, float) or isinstance(right, float):
        return known(float(left) - float(right))
    return left - right


def lies_in(stretch: Interval, time: Fact) -> bool:
    """An event without a time lies nowhere."""
    return isinstance(time, datetime) and stretch.after < micros(time) <= stretch.until


def _measure(measure: Measure, events: Sequence[Event], table: EventTable, clock: Clock) -> Fact:
    match measure.kind:
        case "count":
            return len(events)
        case "exists":
            return len(events) > 0
        case "count_days":
            return len({_day(event[table.time], clock) for event in events})
        case "first" | "nth" | "last":
            return _in_order(measure, events, table)
        case "sum" | "avg" | "min" | "max" | "distinct":
            return _over_values(measure, events, table)


def _day(time: Fact, clock: Clock) -> Any:
    return local_day(time, clock) if isinstance(time, datetime) else None


def _in_order(measure: Measure, events: Sequence[Event], table: EventTable) -> Fact:
    """The chosen event's value (its time, where no column is named), which may itself be missing."""
    ordered = sorted(events, key=lambda event: _place(event, table))
    position = {"first": 0, "last": len(ordered) - 1}.get(measure.kind, measure.n - 1)
    if not 0 <= position < len(ordered):
        return None
    chosen = ordered[position]
    return chosen[table.time] if measure.column is None else column_value(chosen, measure.column, table)


def _place(event: Event, table: EventTable) -> tuple[int, bool, Any]:
    """By time, then id. Where a score's value stands for an id, a missing one comes before all others."""
    time, identity = event[table.time], known(event[table.id])
    return micros(time) if isinstance(time, datetime) else 0, identity is not None, identity


def _over_values(measure: Measure, events: Sequence[Event], table: EventTable) -> Fact:
    if measure.column is None:
        raise TypeError(f"{measure.kind} needs a column")
    found: list[Any] = [column_value(event, measure.column, table) for event in events]
    values = [value for value in found if value is not None]
    match measure.kind:
        case "sum":
            return _total(values)
        case "distinct":
            return len(set(values))
        case "avg":
            return float(_total(values)) / float(len(values)) if values else None
        case "min":
            return min(values, default=None)
        case _:
            return max(values, default=None)


def _total(values: Sequence[Any]) -> int | float | Decimal:
    """Exact for integers and decimals, correctly rounded for floats; 0 for none."""
    if any(isinstance(value, float) for value in values):
        return math.fsum(values)
    total: int | Decimal = sum(values)
    return total
