"""Segments become a program. Pure: reads nothing, decides nothing about members.

A rule splits where it speaks of other segments: what does not becomes one node over atoms (evaluated player
by player, nodes.py), what does becomes algebra over sets of members.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from segctl.model.catalog import Catalog
from segctl.model.rule import Group, GroupWord, InSegment, Rule, Test, WasInSegment, leaves
from segctl.model.segment import Limit, Trigger
from segctl.model.time import Window
from segctl.sql.nodes import LIFETIME, Tables, branch, entered_fact, entered_node, node, ranking_fact
from segctl.sql.program import (
    Algebra,
    Combined,
    Everyone,
    Fragment,
    Given,
    Key,
    Limited,
    MembersOf,
    Program,
    SinceOf,
    WasOf,
    Without,
    part_key,
)

INCLUDED, EXCLUDED = "included", "excluded"
# who was forgotten, came back, and stays in a list or out of a segment
HELD_IN, HELD_OUT = "held in", "held out"


@dataclass(frozen=True, slots=True)
class Beside:
    """Who is in, or out, whatever the rules say: members of segments, and ids that are brought from outside."""

    segments: tuple[str, ...] = ()
    ids: bool = False


NOBODY_BESIDE = Beside()


@dataclass(frozen=True, slots=True)
class Subject:
    """A segment to lower. Rules are expanded, guards are strict (model/expand.py, model/strict.py).

    `given` says that its members start from a set brought from outside (a list, a snapshot, the rows of a query),
    which `rules`, where there are any, narrow. `holds` are the ways (HELD_IN, HELD_OUT) in which somebody who was
    forgotten may be held. `uses` says which key each segment that is named stands for,
    `triggers` which of those are let in by events, and `guards` whose members every member must be. The rows of
    `query` are what is given.
    """

    key: Key
    catalog: Catalog
    rules: Rule | None
    given: bool = False
    uses: Mapping[str, Key] = field(default_factory=dict)
    trigger: Trigger | None = None
    triggers: Mapping[str, Trigger] = field(default_factory=dict)
    include: Beside = NOBODY_BESIDE
    exclude: Beside = NOBODY_BESIDE
    guards: tuple[Key, ...] = ()
    scope: Rule | None = None
    limit: Limit | None = None
    query: str | None = None
    holds: frozenset[str] = frozenset()


def lower(subjects: Iterable[Subject], catalog: Catalog) -> Program:
    """All subjects as one program; `catalog` says where the players are.

    Subjects come in dependency order: what a subject uses stands before it or is given from outside.
    """
    subjects, tables = list(subjects), Tables()
    segments = {subject.key: _members(subject, tables) for subject in subjects}
    return Program(
        player=catalog.player,
        facts=tuple(tables.facts),
        atoms=tuple(tables.atoms),
        nodes=tuple(tables.nodes),
        segments=segments,
        entered={
            subject.key: entered_fact(subject.trigger, subject.catalog, tables)
            for subject in subjects
            if subject.trigger is not None
        },
    )


def _members(subject: Subject, tables: Tables) -> Algebra:
    """(Rules, list or events) or included, less excluded, and guarded, then limited (language.md, section 2)."""
    parts: list[Algebra] = [Given(subject.key)] if subject.given else []
    if subject.trigger is not None:
        parts.append(Fragment(entered_node(subject.trigger, subject.catalog, tables)))
    if subject.rules is not None:
        parts.append(_passing(subject.rules, subject, tables))
    members = _together("all", parts or [Given(subject.key)])
    if included := _beside(subject.include, INCLUDED, HELD_IN, subject):
        members = _together("any", [members, *included])
    if excluded := _beside(subject.exclude, EXCLUDED, HELD_OUT, subject):
        members = Without(members, _together("any", excluded))
    guards: list[Algebra] = [MembersOf(guard) for guard in subject.guards]
    if subject.scope is not None:
        guards.append(_passing(subject.scope, subject, tables))
    members = _together("all", [members, *guards])
    if subject.limit is None:
        return members
    fact = ranking_fact(subject.limit, subject.catalog, tables)
    return Limited(members, fact, subject.limit.top, subject.limit.percent, subject.limit.order == "desc")


def _together(word: GroupWord, parts: list[Algebra]) -> Algebra:
    return parts[0] if len(parts) == 1 else Combined(word, tuple(parts))


def _beside(beside: Beside, part: str, hold: str, subject: Subject) -> list[Algebra]:
    """Whom an include or an exclude names, and who is held that way; nothing where there is nobody."""
    found: list[Algebra] = [Given(part_key(subject.key, part))] if beside.ids else []
    found += [MembersOf(subject.uses[name]) for name in beside.segments]
    return [*found, Given(part_key(subject.key, hold))] if hold in subject.holds else found


def _passing(rule: Rule, subject: Subject, tables: Tables) -> Algebra:
    """Those of whom a rule holds: of an id that the warehouse does not know, none does."""
    algebra = _algebra(rule, LIFETIME, subject, tables)
    return algebra if _all_known(algebra) else Combined("all", (Everyone(), algebra))


def _all_known(algebra: Algebra) -> bool:
    match algebra:
        case Fragment() | Everyone() | Combined("none"):
            return True
        case Combined("all", parts):
            return any(_all_known(part) for part in parts)
        case Combined(_, parts):
            return all(_all_known(part) for part in parts)
        case _:
            return False


def _algebra(rule: Rule, window: Window, subject: Subject, tables: Tables) -> Algebra:
    match rule:
        case InSegment(segments, since):
            return _together("any", [_in(name, since, subject, tables) for name in segments])
        case WasInSegment(segments, stretch):
            past = stretch or LIFETIME
            return _together("any", [WasOf(subject.uses[name], past) for name in segments])
        case Group(word, rules, during, n) if _asks_segments(rule):
            inner = during or window
            if word == "at_least":
                return Combined(word, tuple(_algebra(part, inner, subject, tables) for part in rules), n)
            own = [part for part in rules if not _asks_segments(part)]
            parts = [_algebra(part, inner, subject, tables) for part in rules if _asks_segments(part)]
            if own:
                # NOR and OR of the plain parts is one fragment as well: none(a, b, X) = none(any(a, b), X)
                joined: GroupWord = "all" if word == "all" else "any"
                parts.append(Fragment(branch(joined, own, inner, subject.catalog, tables)))
            return Combined(word, tuple(parts))
        case _:
            return Fragment(node(rule, window, subject.catalog, tables))


def _in(name: str, since: tuple[Test, ...], subject: Subject, tables: Tables) -> Algebra:
    """Members of now; `since` asks the history, or the events that let them in."""
    key = subject.uses[name]
    if not since:
        return MembersOf(key)
    if name in subject.triggers:
        entered = entered_node(subject.triggers[name], subject.catalog, tables, since)
        return Combined("all", (MembersOf(key), Fragment(entered)))
    return SinceOf(key, since)


def _asks_segments(rule: Rule) -> bool:
    return any(isinstance(leaf, InSegment | WasInSegment) for leaf in leaves(rule))
