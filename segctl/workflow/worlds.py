"""Which segments must be evaluated, in the world before a change and in the world after it. Pure.

Affected is what changes in meaning, what uses a changed field, named rule, list or guard, and what uses another
affected segment. Snapshots keep still: a static segment takes a new one only by its own change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter

from segctl.model.catalog import Catalog
from segctl.model.expand import Names, expanded, mentions
from segctl.model.membership import in_force
from segctl.model.rule import (
    Compare,
    InSegment,
    Rule,
    WasInSegment,
    leaves,
    used_events,
    used_fields,
    used_segments,
)
from segctl.model.segment import Adjustment, Limit, Segment, Trigger, follows
from segctl.model.strict import strict
from segctl.model.time import Clock

_GUARD = "guard "


def guard_name(purpose: str) -> str:
    """What a guard is called among segments; no segment has a space in its name."""
    return f"{_GUARD}{purpose}"


def is_guard(name: str) -> bool:
    """Is it a guard's name?"""
    return name.startswith(_GUARD)


def address_of(name: str) -> str:
    """The address of a segment or a guard."""
    return f"guard.{name.removeprefix(_GUARD)}" if is_guard(name) else f"segment.{name}"


@dataclass(frozen=True, slots=True)
class Definition:
    """A segment, or a guard, as far as its members depend on it. Rules are expanded; guards and scope are strict.

    `guard` is the name of the guard that holds for it. `mentions` are the named rules and lists in it, by address.
    """

    name: str
    type: str
    rules: Rule | None = None
    guard: str | None = None
    trigger: Trigger | None = None
    query: str | None = None
    include: tuple[Adjustment, ...] = ()
    exclude: tuple[Adjustment, ...] = ()
    limit: Limit | None = None
    scope: Rule | None = None
    mentions: frozenset[str] = frozenset()

    @property
    def follows(self) -> bool:
        """Can its members move from one run to the next without a change of its own?"""
        return follows(
            self.type,
            narrowed=self.guard is not None or self.scope is not None or bool(self.exclude),
            ruled=self.rules is not None or bool(self.include) or bool(self.limit),
        )

    def uses(self, *, snapshot: bool = False) -> frozenset[str]:
        """The segments and the guard it asks about; `snapshot` says that its own were taken earlier."""
        named = {name for one in self.exclude for name in one.segments}
        if not snapshot:
            named |= {name for one in self.include for name in one.segments}
            named |= used_segments(self.rules)
        named |= used_segments(self.scope)
        return frozenset(named | ({self.guard} if self.guard else set()))

    @property
    def reads(self) -> frozenset[str]:
        """What it asks the catalog for: fields, and events as `events.NAME`. A snapshot only by its scope."""
        rules = (self.scope,) if self.type == "static" else (self.rules, self.scope)
        fields = {name for rule in rules for name in used_fields(rule)}
        ranked = {self.limit.by} if self.limit and self.type != "static" else set()
        steps = (*self.trigger.enter, *self.trigger.exit) if self.trigger else ()
        events = {name for rule in rules for name in used_events(rule)}.union(step.events for step in steps)
        return frozenset(fields | ranked | {f"events.{name}" for name in events})


@dataclass(frozen=True, slots=True)
class World:
    """All segments and guards of one side of a change, by name, over one catalog."""

    segments: Mapping[str, Definition]
    catalog: Catalog


@dataclass(frozen=True, slots=True)
class Parts:
    """What a world is made of: documents as they are stated. `guards` are by purpose."""

    catalog: Catalog
    segments: dict[str, Segment] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    guards: dict[str, Rule] = field(default_factory=dict)


def world(parts: Parts) -> World:
    """The world of some documents: names expanded, guards closed against missing values."""
    names = Names(parts.rules, parts.lists)
    found = {
        guard_name(purpose): Definition(
            guard_name(purpose),
            "guard",
            strict(expanded(rule, names), parts.catalog),
            mentions=mentions(rule, names),
        )
        for purpose, rule in parts.guards.items()
    }
    for name, segment in parts.segments.items():
        guard = guard_name(segment.purpose) if segment.purpose in parts.guards else None
        found[name] = _definition(segment, names, guard, parts.catalog)
    return World(found, parts.catalog)


def _definition(segment: Segment, names: Names, guard: str | None, catalog: Catalog) -> Definition:
    kept = None if segment.type == "static" else segment.rules
    return Definition(
        name=segment.name,
        type=segment.type,
        rules=None if segment.rules is None else expanded(segment.rules, names),
        guard=guard,
        trigger=segment.trigger,
        query=segment.query,
        include=segment.include,
        exclude=segment.exclude,
        limit=segment.limit,
        scope=None if segment.scope is None else strict(expanded(segment.scope, names), catalog),
        mentions=mentions(kept, names) | mentions(segment.scope, names),
    )


def affected(side: World, changed: Iterable[str], retaken: frozenset[str]) -> set[str]:
    """The changed segments and all that follow them. `retaken` are the snapshots that are taken now."""
    users: dict[str, set[str]] = {}
    for one in side.segments.values():
        for name in one.uses(snapshot=one.type == "static" and one.name not in retaken):
            users.setdefault(name, set()).add(one.name)
    found, waiting = set(changed), list(changed)
    while waiting:
        for user in users.get(waiting.pop(), set()) - found:
            found.add(user)
            waiting.append(user)
    return found


def using(side: World, fields: frozenset[str], addresses: frozenset[str]) -> set[str]:
    """The segments and guards that ask about changed fields or events of the catalog, named rules or lists."""
    if not fields and not addresses:
        return set()
    return {one.name for one in side.segments.values() if one.mentions & addresses or one.reads & fields}


def remembered(side: World) -> frozenset[str]:
    """The segments whose history somebody asks about."""
    found: set[str] = set()
    for one in side.segments.values():
        for leaf in leaves(one.rules) if one.rules is not None else ():
            match leaf:
                case InSegment(segments, since) if since:
                    found.update(segments)
                case WasInSegment(segments):
                    found.update(segments)
                case _:
                    pass
    return frozenset(found)


def in_order(graph: Mapping[str, frozenset[str]]) -> list[str]:
    """Names with those that they use before them."""
    return list(TopologicalSorter(graph).static_order())


def named_now(adjustments: Iterable[Adjustment], clock: Clock) -> tuple[tuple[str, ...], frozenset[str]]:
    """The segments and the player ids of those adjustments whose last day has not passed."""
    valid = in_force(adjustments, clock)
    segments = sorted({name for one in valid for name in one.segments})
    return tuple(segments), frozenset(player for one in valid for player in one.players)


def personal_lists(rules: Iterable[Rule | None], personal: frozenset[str]) -> frozenset[str]:
    """The lists that personal fields are compared with: their values are personal as well."""
    found: set[str] = set()
    for rule in rules:
        for leaf in leaves(rule) if rule is not None else ():
            if isinstance(leaf, Compare) and leaf.field in personal:
                found.update(str(test.value) for test in leaf.tests if test.op == "in_list")
    return frozenset(found)
