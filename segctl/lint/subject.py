"""What a condition asks about (a field in a range, a count of events, a share) and what it can be. Plain data."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

from segctl.base.digest import canonical_json
from segctl.model.canonical_rule import rule_document
from segctl.model.catalog import Aggregate, Attribute, ByMoney, Catalog, Derived, EventTable, Measure, Metric
from segctl.model.operators import FieldType
from segctl.model.rule import Compare, Happened
from segctl.model.time import Lifetime, Window

EVER = Lifetime()
_NUMBERS_OF_EVENTS = frozenset(("count", "count_days", "distinct"))
_NEVER_MISSING = _NUMBERS_OF_EVENTS | {"sum", "exists"}


@dataclass(frozen=True, slots=True)
class Subject:
    """Two conditions ask about the same thing if their subjects have the same key.

    `values` are the allowed texts, if closed; `least` is what a number is never below; `past` says that a time
    never lies after now. `events` is the event table that it is made of, or empty.
    """

    key: Hashable
    name: str = field(compare=False)
    kind: FieldType | Literal["share"] = field(compare=False)
    values: tuple[str, ...] = field(default=(), compare=False)
    missing: bool = field(default=True, compare=False)
    least: int | None = field(default=None, compare=False)
    past: bool = field(default=False, compare=False)
    events: str = field(default="", compare=False)


def flag(*key: Hashable, name: str = "", events: str = "") -> Subject:
    """Something that is true or false of every player, and of which no more is known."""
    return Subject(("flag", *key), name, "boolean", missing=False, events=events)


def of_field(rule: Compare, window: Window, catalog: Catalog) -> Subject:
    """The field of a condition, as it stands under a range."""
    found = catalog.field(rule.field)
    money = None if rule.money == "both" else rule.money
    if isinstance(found, Metric):
        key = (rule.field, rule.dimensions, money, window)
        return _of_metric(found, key, catalog)
    if found is None:
        raise KeyError(rule.field)
    closed = found.values if found.type == "string" else ()
    return Subject(rule.field, rule.field, found.type, closed)


def of_column(name: str, table: EventTable) -> Subject:
    """A column of an event, inside `where`."""
    column = table.column(name)
    return Subject((table.name, name), name, column.type, column.values if column.type == "string" else ())


def of_count(rule: Happened, window: Window) -> Subject:
    """How many events of a kind there are."""
    key = ("count", rule.events, _where(rule), window)
    return Subject(key, rule.events, "integer", missing=False, least=0, events=rule.events)


def of_sum(rule: Happened, column: str, window: Window, catalog: Catalog) -> Subject:
    """The sum of a column of such events."""
    key = ("sum", rule.events, column, _where(rule), window)
    kind = catalog.events[rule.events].column(column).type
    return Subject(key, column, kind, missing=False, events=rule.events)


def of_share(salt: str) -> Subject:
    """Where players stand in a persistent split, in percent."""
    return Subject(("share", salt), salt, "share", missing=False)


def of_membership(segment: str) -> Subject:
    """Since when a player is in a segment; missing for who is not, and for a member who no event let in."""
    return Subject(("since", segment), segment, "datetime", past=True)


def _where(rule: Happened) -> str:
    return "" if rule.where is None else canonical_json(rule_document(rule.where))


def _of_metric(metric: Metric, key: Hashable, catalog: Catalog) -> Subject:
    match metric.how:
        case Derived(kind, left, right):
            missing = kind == "ratio" or any(_may_miss(catalog.metrics[side], catalog) for side in (left, right))
            return Subject(key, metric.name, metric.type, missing=missing, events=_events(metric, catalog))
        case Aggregate(_, measure, _):
            pass
        case ByMoney(_, _, both):
            measure = both.measure
    return Subject(
        key,
        metric.name,
        metric.type,
        missing=measure.kind not in _NEVER_MISSING,
        least=0 if measure.kind in _NUMBERS_OF_EVENTS else None,
        past=_is_event_time(measure),
        events=_events(metric, catalog),
    )


def _is_event_time(measure: Measure) -> bool:
    return measure.kind in ("first", "last", "nth") and measure.column is None


def _may_miss(metric: Metric, catalog: Catalog) -> bool:
    return _of_metric(metric, metric.name, catalog).missing


def _events(metric: Metric, catalog: Catalog) -> str:
    """The table in which who has a value has an event; of a difference only if both sides share it."""
    match metric.how:
        case Aggregate(events):
            return events
        case ByMoney(_, _, both):
            return both.events
        case Derived("ratio", _, right):
            return _events(catalog.metrics[right], catalog)  # nothing is divided by 0
        case Derived(_, left, right):
            sides = {_events(catalog.metrics[side], catalog) for side in (left, right)}
            return sides.pop() if len(sides) == 1 else ""


def is_pii(name: str, catalog: Catalog) -> bool:
    """May the field's values not be repeated?"""
    found = catalog.field(name)
    return isinstance(found, Attribute) and found.pii
