"""Invented events: as many as a measure needs to give a value, within a range. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from segctl.model.catalog import Aggregate, Catalog, Difference, EventTable
from segctl.model.facts import Fact
from segctl.model.measures import Dimensions, Event, column_value, event_passes, lies_in
from segctl.model.rule import Compare, Group, Rule, Test
from segctl.model.time import BEGINNING, Clock, Lifetime, Window, interval, micros, moment

_HOUR, _DAY, _LONG_AGO = timedelta(hours=1), timedelta(days=1), timedelta(days=400)
_MOST = 1_000
Quantity = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Setting:
    """What inventing needs to know: the fields, the instant, and the range in force."""

    catalog: Catalog
    clock: Clock
    window: Window = field(default_factory=Lifetime)

    def time(self, number: int) -> datetime:
        """The time of the event `number`, counted back from the last: a day apart, or closer in a short range.

        What is not held to a range lies long ago, so that it is in no other.
        """
        stretch = interval(self.window, self.clock)
        if stretch.after <= BEGINNING + 1:
            latest = min(stretch.until, micros(self.clock.as_of - _LONG_AGO))
            return moment(latest) - number * _DAY
        end = moment(stretch.until)
        length = end - moment(stretch.after)
        start = min(_HOUR, length / 4)
        return end - start - number * min(_DAY, (length - start) / (number + 1))


def invented(
    events: Sequence[Event], aggregate: Aggregate, value: Fact, setting: Setting, dimensions: Dimensions = ()
) -> tuple[Event, ...]:
    """A player's events, changed so that the aggregate gives this value: in the order of time, and numbered."""
    table = setting.catalog.events[aggregate.events]
    stretch = interval(setting.window, setting.clock)

    def counts(row: Event) -> bool:
        return (
            lies_in(stretch, row[table.time])
            and all(column_value(row, name, table) in values for name, values in dimensions)
            and (aggregate.where is None or event_passes(aggregate.where, row, table, setting.clock))
        )

    fixed = {name: values[0] for name, values in dimensions}
    counted = [row for row in events if counts(row)]
    others = [row for row in events if not counts(row)]
    made = _made(counted, _Maker(aggregate, table, setting, fixed), value)
    together = sorted([*others, *made], key=lambda row: str(row[table.time]))
    return tuple({**row, table.id: number} for number, row in enumerate(together, 1))


def event(table: EventTable, where: Rule | None, at: datetime, extra: Mapping[str, Fact]) -> dict[str, Fact]:
    """An event that passes `where`, as far as one value for each column can."""
    row: dict[str, Fact] = {table.id: 0, table.time: at}
    for name, value in {**_passing(where), **extra}.items():
        _set(row, table, name, value)
    return row


def with_column(row: Event, table: EventTable, name: str, value: Fact) -> Event:
    """The event with another value in a column; a difference is set by what it is made of."""
    changed = dict(row)
    _set(changed, table, name, value)
    return changed


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes events that one aggregate counts."""

    aggregate: Aggregate
    table: EventTable
    setting: Setting
    fixed: Mapping[str, Fact]

    def one(self, number: int, value: Fact = None, at: datetime | None = None) -> dict[str, Fact]:
        column = self.aggregate.measure.column
        own = {} if column is None or value is None else {column: value}
        return event(self.table, self.aggregate.where, at or self.setting.time(number), {**self.fixed, **own})


def _made(counted: list[Event], maker: _Maker, value: Fact) -> Sequence[Event]:
    measure = maker.aggregate.measure
    if value is None:
        return []
    match measure.kind:
        case "count" | "count_days" | "exists":
            wanted = min(int(value), _MOST) if isinstance(value, int) else 0
            kept = counted[:wanted] if measure.kind != "count_days" else []
            return [*kept, *(maker.one(number) for number in range(len(kept), wanted))]
        case "distinct":
            wanted = min(int(value), _MOST) if isinstance(value, int) else 0
            return [maker.one(number, _nth_value(maker, number)) for number in range(wanted)]
        case "sum":
            return _summing(counted, maker, value)
        case "avg" | "min" | "max":
            return [maker.one(0, value)]
        case "first" | "last" | "nth":
            before = measure.ordinal - 1 if measure.kind == "nth" else 0
            if measure.column is None and isinstance(value, datetime):
                return [maker.one(0, at=value - _HOUR * number) for number in range(before, -1, -1)]
            return [maker.one(number, value) for number in range(before, -1, -1)]


def _nth_value(maker: _Maker, number: int) -> Fact:
    column = maker.table.column(str(maker.aggregate.measure.column))
    if column.type == "string":
        return column.values[number % len(column.values)] if column.values else f"kind {number + 1}"
    return number + 1


def _summing(counted: list[Event], maker: _Maker, value: Fact) -> Sequence[Event]:
    """The last event makes up the difference, so that their number stays where it can."""
    column, table = str(maker.aggregate.measure.column), maker.table
    if not isinstance(value, Quantity) or value == 0:
        return []
    rest: Decimal = Decimal(str(value))
    for row in counted[:-1]:
        own = column_value(row, column, table)
        rest -= Decimal(str(own)) if isinstance(own, Quantity) else 0
    if not counted or (rest <= 0 < value):
        return [maker.one(0, value)]
    changed = dict(counted[-1])
    _set(changed, table, column, rest)
    return [*counted[:-1], changed]


def _set(row: dict[str, Fact], table: EventTable, name: str, value: Fact) -> None:
    column = table.column(name)
    match column.source:
        case Difference(minuend, subtrahend) if isinstance(value, Quantity):
            row[minuend], row[subtrahend] = (value, Decimal(0)) if value >= 0 else (Decimal(0), -value)
        case Difference():
            pass
        case str():
            row[name] = _typed(value, column.type)


def _typed(value: Fact, kind: str) -> Fact:
    if isinstance(value, bool) or not isinstance(value, Quantity):
        return value
    convert: Mapping[str, type[int | float | Decimal]] = {"number": float, "integer": int}
    return convert.get(kind, Decimal)(value)


def _passing(where: Rule | None) -> dict[str, Fact]:
    """One value a column: of `any` the first part, of `none` nothing."""
    match where:
        case Group("any", rules):
            return _passing(rules[0])
        case Group("all" | "at_least", rules):
            return {name: value for part in rules for name, value in _passing(part).items()}
        case Compare(name, tests):
            found = [value for test in tests if (value := _value(test)) is not None]
            return {name: found[-1]} if found else {}
        case _:
            return {}


def _value(test: Test) -> Fact:
    value = test.value[0] if isinstance(test.value, tuple) else test.value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value + {"gt": 1, "lt": -1, "ne": 1, "not_in": 1}.get(test.op, 0)
    if test.op in ("ne", "not_in") or test.op == "is_set":
        return None
    return value if isinstance(value, str | bool | date) else None
