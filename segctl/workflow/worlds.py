"""Which segments must be evaluated, in the world before a change and in the world after it. Pure.

Affected is what changes in meaning, what uses a changed field of the catalog, and what uses another affected
segment. Snapshots keep still: a static segment is affected only by its own change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from segctl.model.catalog import Catalog
from segctl.model.rule import Rule, used_segments
from segctl.sql.lower import Subject
from segctl.sql.program import Key


@dataclass(frozen=True, slots=True)
class Definition:
    """A segment as far as its members depend on it."""

    name: str
    type: str
    rules: Rule | None

    @property
    def follows(self) -> bool:
        """Do its members follow rules on every run?"""
        return self.type != "static" and self.rules is not None

    @property
    def uses(self) -> frozenset[str]:
        """The segments its rules ask about."""
        return used_segments(self.rules)


@dataclass(frozen=True, slots=True)
class World:
    """All segments of one side of a change, by name, over one catalog."""

    segments: Mapping[str, Definition]
    catalog: Catalog


def affected(world: World, changed: Iterable[str]) -> set[str]:
    """The changed segments and all that follow them through `in_segment`."""
    users: dict[str, set[str]] = {}
    for one in world.segments.values():
        if one.follows:
            for name in used_segments(one.rules):
                users.setdefault(name, set()).add(one.name)
    found, waiting = set(changed), list(changed)
    while waiting:
        for user in users.get(waiting.pop(), set()) - found:
            found.add(user)
            waiting.append(user)
    return found


def needed(world: World, wanted: Iterable[str], given: Callable[[str], bool]) -> list[str]:
    """`wanted` and all that they use, used ones first. `given` members need no evaluation, nor what they use."""
    graph: dict[str, frozenset[str]] = {}
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in graph:
            graph[name] = frozenset() if given(name) else used_segments(world.segments[name].rules)
            waiting.extend(graph[name])
    return list(TopologicalSorter(graph).static_order())


def subjects(
    side: Callable[[str], Key], world: World, names: Iterable[str], given: Callable[[str], bool]
) -> list[Subject]:
    """What to lower for `names`. `side` gives each segment its key; rules narrow a list."""
    found = []
    for name in names:
        one = world.segments[name]
        rules = None if given(name) else one.rules
        uses = {used: side(used) for used in used_segments(rules)}
        found.append(Subject(side(name), world.catalog, rules, one.type == "players", uses))
    return found
