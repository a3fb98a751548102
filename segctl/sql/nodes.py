"""Rules that ask nothing about other segments become nodes over atoms over facts, each written once. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from segctl.model.catalog import (
    AgeOf,
    Aggregate,
    Attribute,
    ByMoney,
    Catalog,
    Column,
    Derived,
    Measure,
    Metric,
    Score,
)
from segctl.model.operators import FieldType
from segctl.model.rule import (
    Bucket,
    Compare,
    Group,
    GroupWord,
    Happened,
    InSegment,
    Named,
    Rule,
    Sequence,
    Step,
    Test,
    WasInSegment,
)
from segctl.model.segment import Limit, Trigger
from segctl.model.time import Lifetime, Rolling, Window
from segctl.sql.program import (
    AgeFact,
    Atom,
    Branch,
    BucketFact,
    DerivedFact,
    EnteredFact,
    Fact,
    FeatureFact,
    Leaf,
    Node,
    SequenceFact,
    StoredFact,
)

LIFETIME = Lifetime()
_ONCE = (Test("gte", 1),)
_TRUE = (Test("eq", value=True),)
_SET = (Test("is_set", value=True),)


@dataclass(slots=True)
class Tables:
    """The program under construction: equal entries share one index, in order of first use."""

    facts: dict[Fact, int] = field(default_factory=dict)
    atoms: dict[Atom, int] = field(default_factory=dict)
    nodes: dict[Node, int] = field(default_factory=dict)
    compared: dict[tuple[int, Compare, Window], int] = field(default_factory=dict)

    def fact(self, fact: Fact) -> int:
        return self.facts.setdefault(fact, len(self.facts))


def node(rule: Rule, window: Window, catalog: Catalog, tables: Tables) -> int:
    """The node of a rule that asks nothing about other segments."""
    match rule:
        case Group(word, rules, during, n):
            return branch(word, rules, during or window, catalog, tables, n)
        case Compare():
            return _compare(rule, window, catalog, tables)
        case Happened():
            return _happened(rule, rule.during or window, catalog, tables)
        case Sequence(steps, within):
            tables_of = tuple((catalog.events[step.events], step.where) for step in steps)
            return _tested(tables.fact(SequenceFact(tables_of, window, within)), "boolean", _TRUE, tables)
        case Bucket(salt, low, high):
            stretch = Test("gte", low), Test("lt", high)
            return _tested(tables.fact(BucketFact(salt)), "number", stretch, tables)
        case InSegment() | WasInSegment():
            raise TypeError("memberships are algebra")
        case Named(name):
            raise TypeError(f"the rule {name} is not expanded")


def branch(
    word: GroupWord, rules: Iterable[Rule], window: Window, catalog: Catalog, tables: Tables, n: int = 0
) -> int:
    """The node of several rules together. Equal ones are one, but where they are counted."""
    parts = [node(part, window, catalog, tables) for part in rules]
    if word == "at_least":
        return tables.nodes.setdefault(Branch(word, tuple(sorted(parts)), n), len(tables.nodes))
    return _joined(word, set(parts), tables)


def entered_node(trigger: Trigger, catalog: Catalog, tables: Tables, tests: tuple[Test, ...] = _SET) -> int:
    """Who entered and has not left, and whose entering passes the tests."""
    return _tested(entered_fact(trigger, catalog, tables), "datetime", tests, tables)


def entered_fact(trigger: Trigger, catalog: Catalog, tables: Tables) -> int:
    """When a player last entered, missing where they have left since."""
    window = LIFETIME if trigger.stay is None else Rolling(trigger.stay)
    enters = tuple(_latest(step, window, catalog, tables) for step in trigger.enter)
    exits = tuple(_latest(step, window, catalog, tables) for step in trigger.exit)
    return tables.fact(EnteredFact(enters, exits))


def field_fact(name: str, window: Window, catalog: Catalog, tables: Tables) -> int:
    """The fact of a field of the catalog; a window scopes metrics alone."""
    return _fact_of(Compare(name, ()), window, catalog, tables)[0]


def ranking_fact(limit: Limit, catalog: Catalog, tables: Tables) -> int:
    """The fact that a limit ranks by."""
    return _fact_of(Compare(limit.by, ()), limit.during or LIFETIME, catalog, tables)[0]


def _latest(step: Step, window: Window, catalog: Catalog, tables: Tables) -> int:
    events = catalog.events[step.events]
    return tables.fact(FeatureFact("datetime", events, step.where, Measure("last"), window, ()))


def _joined(word: GroupWord, parts: set[int], tables: Tables) -> int:
    if len(parts) == 1 and word != "none":
        return parts.pop()
    return tables.nodes.setdefault(Branch(word, tuple(sorted(parts))), len(tables.nodes))


def _tested(fact: int, kind: FieldType, tests: Iterable[Test], tables: Tables) -> int:
    atoms = [tables.atoms.setdefault(Atom(fact, kind, test), len(tables.atoms)) for test in tests]
    parts = {tables.nodes.setdefault(Leaf(atom), len(tables.nodes)) for atom in atoms}
    return _joined("all", parts, tables)


def _compare(rule: Compare, window: Window, catalog: Catalog, tables: Tables) -> int:
    known = (id(catalog), rule, window)
    if known not in tables.compared:
        fact, kind = _fact_of(rule, window, catalog, tables)
        tables.compared[known] = _tested(fact, kind, rule.tests, tables)
    return tables.compared[known]


def _happened(rule: Happened, window: Window, catalog: Catalog, tables: Tables) -> int:
    events = catalog.events[rule.events]
    counted = rule.count or (() if rule.sums else _ONCE)
    parts: set[int] = set()
    if counted:
        fact = tables.fact(FeatureFact("integer", events, rule.where, Measure("count"), window, ()))
        parts.add(_tested(fact, "integer", counted, tables))
    for name, tests in rule.sums:
        kind = events.column(name).type
        fact = tables.fact(FeatureFact(kind, events, rule.where, Measure("sum", name), window, ()))
        parts.add(_tested(fact, kind, tests, tables))
    return _joined("all", parts, tables)


def _fact_of(rule: Compare, window: Window, catalog: Catalog, tables: Tables) -> tuple[int, FieldType]:
    attribute = catalog.attributes.get(rule.field)
    if attribute is not None:
        return _attribute(attribute, catalog, tables), attribute.type
    score = catalog.scores.get(rule.field)
    if score is not None:
        return _score(score, tables), score.type
    metric = catalog.metrics[rule.field]
    return _metric(metric, rule, window, catalog, tables), metric.type


def _attribute(attribute: Attribute, catalog: Catalog, tables: Tables) -> int:
    fact: Fact
    match attribute.source:
        case AgeOf(name):
            fact = AgeFact(_attribute(catalog.attributes[name], catalog, tables))
        case Column(column, table, player, timezone):
            fact = StoredFact(attribute.type, column, table, player or catalog.player.key, timezone)
    return tables.fact(fact)


def _score(score: Score, tables: Tables) -> int:
    how = score.how
    return tables.fact(FeatureFact(score.type, score.rows, how.where, how.measure, score.window, ()))


def _metric(metric: Metric, rule: Compare, window: Window, catalog: Catalog, tables: Tables) -> int:
    fact: Fact
    match metric.how:
        case Derived(kind, left, right):
            fact = DerivedFact(
                kind,
                _metric(catalog.metrics[left], rule, window, catalog, tables),
                _metric(catalog.metrics[right], rule, window, catalog, tables),
            )
        case ByMoney() as variants:
            fact = _feature(metric, _variant(variants, rule), rule, window, catalog)
        case Aggregate() as aggregate:
            fact = _feature(metric, aggregate, rule, window, catalog)
    return tables.fact(fact)


def _variant(variants: ByMoney, rule: Compare) -> Aggregate:
    match rule.money:
        case "real":
            return variants.real
        case "bonus":
            return variants.bonus
        case "both" | None:
            return variants.both


def _feature(metric: Metric, how: Aggregate, rule: Compare, window: Window, catalog: Catalog) -> FeatureFact:
    events = catalog.events[how.events]
    keys = tuple(sorted(rule.dimensions))
    return FeatureFact(metric.type, events, how.where, how.measure, window, keys)
