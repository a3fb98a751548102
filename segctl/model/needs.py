"""Which facts of a player some rules look at: attributes, scores, and of events only the columns. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from segctl.model.catalog import AgeOf, Aggregate, ByMoney, Catalog, Derived, Difference, EventTable, Metric
from segctl.model.rule import Compare, Condition, Happened, Rule, Sequence, leaves
from segctl.model.segment import Segment


@dataclass(slots=True)
class Needs:
    """Stored attributes and scores by name; of each event table the stored columns, by their names there."""

    attributes: set[str] = field(default_factory=set)
    scores: set[str] = field(default_factory=set)
    events: dict[str, set[str]] = field(default_factory=dict)


def needs(rules: Iterable[Rule], segments: Iterable[Segment], catalog: Catalog) -> Needs:
    """What rules (names expanded) look at, and what segments look at beside their rules: triggers and limits."""
    found = Needs()
    for rule in rules:
        for leaf in leaves(rule):
            _of_condition(leaf, catalog, found)
    for segment in segments:
        if segment.trigger is not None:
            for step in (*segment.trigger.enter, *segment.trigger.exit):
                _events(catalog.events[step.events], (), step.where, found)
        if segment.limit is not None:
            _of_condition(Compare(segment.limit.by, ()), catalog, found)
    return found


def _of_condition(leaf: Condition, catalog: Catalog, found: Needs) -> None:
    match leaf:
        case Compare(name, _, dimensions):
            _of_field(name, [column for column, _ in dimensions], catalog, found)
        case Happened(events, where, _, sums):
            _events(catalog.events[events], [column for column, _ in sums], where, found)
        case Sequence(steps):
            for step in steps:
                _events(catalog.events[step.events], (), step.where, found)
        case _:
            pass


def _of_field(name: str, columns: Iterable[str], catalog: Catalog, found: Needs) -> None:
    attribute = catalog.attributes.get(name)
    if attribute is not None:
        source = attribute.source
        if isinstance(source, AgeOf):
            _of_field(source.attribute, (), catalog, found)
        else:
            found.attributes.add(name)
    elif name in catalog.scores:
        found.scores.add(name)
    else:
        for aggregate in aggregates(catalog.metrics[name], catalog):
            measured = [aggregate.measure.column] if aggregate.measure.column is not None else []
            _events(catalog.events[aggregate.events], [*columns, *measured], aggregate.where, found)


def aggregates(metric: Metric, catalog: Catalog) -> Iterator[Aggregate]:
    """The aggregates that a metric is made of, in all their variants."""
    match metric.how:
        case Aggregate() as aggregate:
            yield aggregate
        case ByMoney(real, bonus, both):
            yield from (real, bonus, both)
        case Derived(_, left, right):
            yield from aggregates(catalog.metrics[left], catalog)
            yield from aggregates(catalog.metrics[right], catalog)


def _events(table: EventTable, columns: Iterable[str], where: Rule | None, found: Needs) -> None:
    named = [leaf.field for leaf in leaves(where) if isinstance(leaf, Compare)] if where is not None else []
    mine = found.events.setdefault(table.name, set())
    for name in (*columns, *named):
        mine.update(_stored(table, name))


def _stored(table: EventTable, name: str) -> Iterator[str]:
    match table.column(name).source:
        case Difference(minuend, subtrahend):
            yield from _stored(table, minuend)
            yield from _stored(table, subtrahend)
        case str():
            yield name
