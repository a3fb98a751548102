"""`metrics:` of a catalog → metrics that are made of events. Those made of other metrics are in derived.py."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from segctl.model.catalog import Aggregate, ByMoney, Difference, EventTable, Measure, MeasureKind, Metric
from segctl.model.operators import FieldType
from segctl.model.rule import Group, Rule
from segctl.spec.attributes import read_about
from segctl.spec.measure import MEASURES, of_column, read_measure
from segctl.spec.node import Mapping, Node, Scalar, texts
from segctl.spec.page import Page, shown
from segctl.spec.reading import Reading
from segctl.spec.rules import read_rules
from segctl.spec.scope import Scope, of_event
from segctl.spec.suggest import listed

_VARIANTS = ("real", "bonus", "both")
DERIVED = ("subtract", "ratio")


@dataclass(slots=True)
class Events:
    """The event tables that were read, and the names of those that have mistakes."""

    tables: Table[str, EventTable]
    unsure: frozenset[str]
    _scopes: dict[str, Scope] = field(default_factory=dict)

    def scope(self, name: str) -> Scope:
        """What a `where` over this event may name."""
        if name not in self._scopes:
            self._scopes[name] = of_event(self.tables[name])
        return self._scopes[name]


def read_metric(page: Page, key: Scalar, node: Mapping, events: Events) -> Metric | None:
    """A metric made of events, whose shape is checked."""
    kind = _measure_kind(page, key, node)
    event = _event(page, key, node, events)
    if kind is None or event is None:
        return None
    dimensions = _dimensions(page, node, event)
    where: Rule | None = None
    if "where" in node.entries:
        where = read_rules(Reading(page, events.scope(event.name)), node.entries["where"][1])
        if where is None:
            return None
    made = _made(_Making(page, node, event, where, events.scope(event.name)), kind)
    if made is None or dimensions is None:
        return None
    how, result = made
    return Metric(key.text, result, how, dimensions, read_about(node))


@dataclass(frozen=True, slots=True)
class _Making:
    """What the variants of a metric share."""

    page: Page
    node: Mapping
    event: EventTable
    where: Rule | None
    scope: Scope


def _made(making: _Making, kind: MeasureKind) -> tuple[Aggregate | ByMoney, FieldType] | None:
    if type(making.node.entries[kind][1]) is Mapping or "by" in making.node.entries:
        return _by_money(making, kind)
    typed = read_measure(making.page, kind, making.node, making.event)
    return None if typed is None else (Aggregate(making.event.name, typed.measure, making.where), typed.type)


def _measure_kind(page: Page, key: Scalar, node: Mapping) -> MeasureKind | None:
    found = [name for name in (*MEASURES, *DERIVED) if name in node.entries]
    if len(found) == 1:
        return MEASURES[found[0]]
    if found:
        second = node.entries[found[1]][0]
        page.mistake("SEG303", second, f"`{key.text}` has {listed(found)}.", "A metric has one of them.")
    else:
        page.mistake(
            "SEG303",
            key,
            f"`{key.text}` does not say what it makes of the events.",
            f"Add one of {listed(MEASURES)}.",
        )
    return None


def _event(page: Page, key: Scalar, node: Mapping, events: Events) -> EventTable | None:
    of = node.get("of")
    if type(of) is not Scalar:
        page.mistake("SEG303", key, f"`{key.text}` does not say of which events it is made.", "Add `of:`.")
        return None
    event = events.tables.get(of.text)
    if event is None and of.text not in events.unsure:
        hint = page.did_you_mean(of.text, events.tables)
        page.mistake("SEG302", of, f"There is no event {shown(of.text)}.", hint)
    return event


def _dimensions(page: Page, node: Mapping, event: EventTable) -> tuple[str, ...] | None:
    """The dimensions in one order; they have none of their own."""
    if "dimensions" not in node.entries:
        return ()
    at = node.entries["dimensions"][0]
    columns = {column.name: column for column in event.columns}
    good = True
    for name in texts(node, "dimensions"):
        column = columns.get(name)
        if column is None:
            hint = page.did_you_mean(name, columns)
            page.mistake("SEG302", at, f"The event `{event.name}` has no column {shown(name)}.", hint)
            good = False
        elif column.type != "string" or isinstance(column.source, Difference):
            page.mistake("SEG306", at, f"`{name}` is not text, so it cannot be a dimension.")
            good = False
    return tuple(sorted(texts(node, "dimensions"))) if good else None


def _by_money(making: _Making, kind: MeasureKind) -> tuple[ByMoney, FieldType] | None:
    page, entries = making.page, making.node.entries
    variants = entries[kind][1]
    if "by" not in entries:
        page.mistake("SEG303", entries[kind][0], "Variants of money need the key `by`.", "Add `by: money`.")
        return None
    if type(variants) is not Mapping:
        help_line = "Write `{real: …, bonus: …, both: …}` below `sum` or `count`, or remove `by`."
        page.mistake(
            "SEG303", entries["by"][0], f"`by: money` needs three variants, and `{kind}` has one.", help_line
        )
        return None
    real, bonus, both = (_variant(making, kind, variants.entries[name][1]) for name in _VARIANTS)
    if real is None or bonus is None or both is None:
        return None
    if not real[1] == bonus[1] == both[1]:
        page.mistake("SEG306", entries[kind][0], "The three variants do not have one type.")
        return None
    return ByMoney(real[0], bonus[0], both[0]), both[1]


def _variant(making: _Making, kind: MeasureKind, node: Node) -> tuple[Aggregate, FieldType] | None:
    event, where = making.event, making.where
    if kind == "sum":
        typed = of_column(making.page, kind, node, event)
        return None if typed is None else (Aggregate(event.name, typed.measure, where), typed.type)
    if type(node) is Scalar:
        return Aggregate(event.name, Measure("count"), where), "integer"
    more = read_rules(Reading(making.page, making.scope), node)
    return None if more is None else (Aggregate(event.name, Measure("count"), _and(where, more)), "integer")


def _and(where: Rule | None, more: Rule) -> Rule:
    """Both rules in one group that an author could have written: no layer with a single condition."""
    return more if where is None else Group("all", (*_parts(where), *_parts(more)), at=more.at)


def _parts(rule: Rule) -> tuple[Rule, ...]:
    if isinstance(rule, Group) and (rule.word == "all" or (rule.word == "any" and len(rule.rules) == 1)):
        return rule.rules
    return (rule,)
