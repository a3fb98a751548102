"""One segment as one SQL statement: the way of tools that compile each segment for itself.

It shares the rule model and the calendar with segctl, and nothing of how segctl evaluates: so it is a second
opinion on who is in, as well as the baseline of the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.aggregates import EventQuery, Feature, combined
from benchmarks.conditions import holds
from benchmarks.spelling import Spelling
from segctl.model.catalog import AgeOf, Aggregate, Attribute, ByMoney, Catalog, Column, Derived, Metric
from segctl.model.comparison import passes
from segctl.model.rule import Compare, Group, InSegment, Rule, Test
from segctl.model.time import Clock, Lifetime, Window, interval

_ZERO = frozenset(("count", "sum", "exists", "distinct", "count_days"))


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL that returns the `player_id` of every member, and its values for $1, $2, …"""

    sql: str
    values: tuple[Any, ...]


def statement(
    rule: Rule, catalog: Catalog, clock: Clock, members: Mapping[str, str], spelling: Spelling
) -> Statement:
    """The statement of a rule. `members` names the tables that hold the members of segments it uses."""
    query = _Query(catalog, clock, members, spelling)
    where = query.condition(rule, Lifetime())
    key = catalog.player.key
    joins = [f"LEFT JOIN {table} ON {table}.{player} = p.{key}" for table, player in query.beside.items()]
    for events in query.events.values():
        grouped = f"({events.subquery(clock, query.bind)}) {events.alias}"
        joins.append(f"LEFT JOIN {grouped} ON {events.alias}.{events.events.player} = p.{key}")
    sql = f"SELECT p.{key} FROM {catalog.player.table} p {' '.join(joins)} WHERE {where}"
    return Statement(sql, tuple(value for _, value in query.values))


@dataclass(slots=True)
class _Query:
    """A statement under construction: what it joins, and the values it binds."""

    catalog: Catalog
    clock: Clock
    members: Mapping[str, str]
    spelling: Spelling
    values: dict[tuple[type, Any], str] = field(default_factory=dict)
    events: dict[str, EventQuery] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)

    def bind(self, value: Any) -> str:
        return self.values.setdefault((type(value), value), f"${len(self.values) + 1}")

    def condition(self, rule: Rule, window: Window) -> str:
        """A rule as a condition; NULL counts as false."""
        match rule:
            case Group(word, rules, during):
                return combined(word, [self.condition(part, during or window) for part in rules])
            case InSegment(names):
                key = self.catalog.player.key
                return " OR ".join(f"p.{key} IN (SELECT {key} FROM {self.members[name]})" for name in names)
            case Compare(name, tests):
                attribute = self.catalog.attributes.get(name)
                if attribute is not None:
                    return " AND ".join(self._attribute(attribute, test) for test in tests)
                metric = self.catalog.metrics[name]
                return " AND ".join(self._metric(metric, rule, test, window) for test in tests)

    def _attribute(self, attribute: Attribute, test: Test) -> str:
        match attribute.source:
            case AgeOf(name):
                born, today = self._stored(self.catalog.attributes[name]), self.clock.today
                year, month, day = (self.spelling.part(name, born) for name in ("year", "month", "day"))
                early = f"({month} * 100 + {day} > {today.month * 100 + today.day})"
                age = f"({today.year} - {year} - CAST({early} AS INTEGER))"
                return holds(test, age, "integer", self.clock, self.bind, self.spelling)
            case Column() as source if attribute.type == "list":
                return self._list(source, test)
            case Column():
                return holds(test, self._stored(attribute), attribute.type, self.clock, self.bind, self.spelling)

    def _stored(self, attribute: Attribute) -> str:
        source = attribute.source
        assert isinstance(source, Column)
        if source.table is None:
            return f"p.{source.column}"
        self.beside[source.table] = source.player or self.catalog.player.key
        return f"{source.table}.{source.column}"

    def _list(self, source: Column, test: Test) -> str:
        key = self.catalog.player.key
        pairs = f"SELECT {source.player or key} FROM {source.table} WHERE {source.column}"
        if test.op == "is_empty":
            return f"p.{key} {'NOT ' if test.value else ''}IN ({pairs} IS NOT NULL)"
        values = test.value if isinstance(test.value, tuple) else (test.value,)
        if test.op == "contains_all":
            return " AND ".join(f"p.{key} IN ({pairs} = {self.bind(value)})" for value in values)
        return f"p.{key} IN ({pairs} IN ({', '.join(self.bind(value) for value in values)}))"

    def _metric(self, metric: Metric, rule: Compare, test: Test, window: Window) -> str:
        if metric.type == "boolean":
            one = self._feature(metric, rule, window)
            return f"{one} > 0" if test.value else f"coalesce({one}, 0) = 0"
        value = self._value(metric, rule, window, zero=self._open_to_zero(metric, test))
        return holds(test, value, metric.type, self.clock, self.bind, self.spelling)

    def _open_to_zero(self, metric: Metric, test: Test) -> bool:
        """Must NULL become 0? Where 0 fails anyway it need not, and then the join need not be an outer one."""
        if test.op in ("ne", "not_in", "is_set") or metric.type not in ("integer", "money", "number"):
            return True
        return passes(test, 0, metric.type, self.clock)

    def _value(self, metric: Metric, rule: Compare, window: Window, *, zero: bool = True) -> str:
        match metric.how:
            case Derived(kind, left, right):
                minuend = self._value(self.catalog.metrics[left], rule, window)
                subtrahend = self._value(self.catalog.metrics[right], rule, window)
                if kind == "subtract":
                    return f"({minuend} - {subtrahend})"
                double = self.spelling.double
                return f"(CAST({minuend} AS {double}) / nullif(CAST({subtrahend} AS {double}), 0))"
            case Aggregate() | ByMoney():
                column = self._feature(metric, rule, window)
                counted = _variant(metric, rule).measure.kind in _ZERO
                return f"coalesce({column}, 0)" if zero and counted else column

    def _feature(self, metric: Metric, rule: Compare, window: Window) -> str:
        aggregate = _variant(metric, rule)
        events = self.catalog.events[aggregate.events]
        query = self.events.setdefault(events.name, EventQuery(events, f"on_{events.name}", self.spelling))
        return query.column(Feature(aggregate, interval(window, self.clock), rule.dimensions))


def _variant(metric: Metric, rule: Compare) -> Aggregate:
    match metric.how:
        case ByMoney(real, bonus, both):
            return {"real": real, "bonus": bonus, "both": both}[rule.money or "both"]
        case Aggregate() as aggregate:
            return aggregate
        case Derived():
            raise TypeError("a derived metric is made of two others")
