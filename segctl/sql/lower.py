"""Rules become a program. Pure: reads nothing, decides nothing about members.

A rule splits where it speaks of other segments: what does not becomes one node over atoms (evaluated player
by player), what does becomes algebra over sets of members.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from segctl.model.catalog import AgeOf, Aggregate, Attribute, ByMoney, Catalog, Column, Derived, Metric
from segctl.model.operators import FieldType
from segctl.model.rule import Compare, Group, GroupWord, InSegment, Rule, leaves
from segctl.model.time import Lifetime, Window
from segctl.sql.program import (
    AgeFact,
    Algebra,
    Atom,
    Branch,
    Combined,
    DerivedFact,
    Fact,
    FeatureFact,
    Fragment,
    Given,
    Key,
    Leaf,
    MembersOf,
    Node,
    Program,
    StoredFact,
)

LIFETIME = Lifetime()


@dataclass(frozen=True, slots=True)
class Subject:
    """A segment to lower. `uses` says which key each segment that its rules name stands for.

    `given` says that its members start from a set brought from outside (a list, a snapshot), which `rules`,
    where there are any, narrow.
    """

    key: Key
    catalog: Catalog
    rules: Rule | None
    given: bool = False
    uses: Mapping[str, Key] = field(default_factory=dict)


@dataclass(slots=True)
class _Tables:
    """The program under construction: equal entries share one index, in order of first use."""

    facts: dict[Fact, int] = field(default_factory=dict)
    atoms: dict[Atom, int] = field(default_factory=dict)
    nodes: dict[Node, int] = field(default_factory=dict)
    compared: dict[tuple[int, Compare, Window], int] = field(default_factory=dict)


def lower(subjects: Iterable[Subject], catalog: Catalog) -> Program:
    """All subjects as one program; `catalog` says where the players are.

    Subjects come in dependency order: what a subject uses stands before it or is given from outside.
    """
    tables = _Tables()
    segments = {subject.key: _members(subject, tables) for subject in subjects}
    return Program(
        player=catalog.player,
        facts=tuple(tables.facts),
        atoms=tuple(tables.atoms),
        nodes=tuple(tables.nodes),
        segments=segments,
    )


def _members(subject: Subject, tables: _Tables) -> Algebra:
    given = Given(subject.key)
    if subject.rules is None:
        return given
    ruled = _algebra(subject.rules, LIFETIME, subject, tables)
    return Combined("all", (given, ruled)) if subject.given else ruled


def _algebra(rule: Rule, window: Window, subject: Subject, tables: _Tables) -> Algebra:
    match rule:
        case InSegment(segments):
            members = tuple(MembersOf(subject.uses[name]) for name in segments)
            return members[0] if len(members) == 1 else Combined("any", members)
        case Group(word, rules, during) if any(isinstance(leaf, InSegment) for leaf in leaves(rule)):
            inner = during or window
            own = [part for part in rules if not _asks_segments(part)]
            parts = [_algebra(part, inner, subject, tables) for part in rules if _asks_segments(part)]
            if own:
                # NOR and OR of the plain parts is one fragment as well: none(a, b, X) = none(any(a, b), X)
                joined: GroupWord = "all" if word == "all" else "any"
                parts.append(Fragment(_branch(joined, own, inner, subject.catalog, tables)))
            return Combined(word, tuple(parts))
        case Group() | Compare():
            return Fragment(_node(rule, window, subject.catalog, tables))


def _asks_segments(rule: Rule) -> bool:
    return any(isinstance(leaf, InSegment) for leaf in leaves(rule))


def _node(rule: Group | Compare, window: Window, catalog: Catalog, tables: _Tables) -> int:
    match rule:
        case Group(word, rules, during):
            return _branch(word, rules, during or window, catalog, tables)
        case Compare():
            return _compare(rule, window, catalog, tables)


def _branch(word: GroupWord, rules: Iterable[Rule], window: Window, catalog: Catalog, tables: _Tables) -> int:
    parts = {_node(part, window, catalog, tables) for part in rules if not isinstance(part, InSegment)}
    return _joined(word, parts, tables)


def _joined(word: GroupWord, parts: set[int], tables: _Tables) -> int:
    if len(parts) == 1 and word != "none":
        return parts.pop()
    return tables.nodes.setdefault(Branch(word, tuple(sorted(parts))), len(tables.nodes))


def _compare(rule: Compare, window: Window, catalog: Catalog, tables: _Tables) -> int:
    known = (id(catalog), rule, window)
    if known not in tables.compared:
        fact, fact_type = _fact_of(rule, window, catalog, tables)
        atoms = [tables.atoms.setdefault(Atom(fact, fact_type, test), len(tables.atoms)) for test in rule.tests]
        parts = {tables.nodes.setdefault(Leaf(atom), len(tables.nodes)) for atom in atoms}
        tables.compared[known] = _joined("all", parts, tables)
    return tables.compared[known]


def _fact_of(rule: Compare, window: Window, catalog: Catalog, tables: _Tables) -> tuple[int, FieldType]:
    attribute = catalog.attributes.get(rule.field)
    if attribute is not None:
        return _attribute(attribute, catalog, tables), attribute.type
    metric = catalog.metrics[rule.field]
    return _metric(metric, rule, window, catalog, tables), metric.type


def _attribute(attribute: Attribute, catalog: Catalog, tables: _Tables) -> int:
    fact: Fact
    match attribute.source:
        case AgeOf(name):
            fact = AgeFact(_attribute(catalog.attributes[name], catalog, tables))
        case Column(column, table, player, timezone):
            fact = StoredFact(attribute.type, column, table, player or catalog.player.key, timezone)
    return tables.facts.setdefault(fact, len(tables.facts))


def _metric(metric: Metric, rule: Compare, window: Window, catalog: Catalog, tables: _Tables) -> int:
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
    return tables.facts.setdefault(fact, len(tables.facts))


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
