"""The same world in another order: of conditions, players, rows and segments."""

from __future__ import annotations

from dataclasses import replace
from graphlib import TopologicalSorter
from random import Random

from segctl.model.rule import Group, Rule
from tests.support.generate import World
from tests.support.segments import asked


def reordered_rule(rule: Rule, rng: Random) -> Rule:
    """The parts of every group shuffled."""
    if not isinstance(rule, Group):
        return rule
    return replace(
        rule, rules=tuple(reordered_rule(part, rng) for part in rng.sample(rule.rules, len(rule.rules)))
    )


def reordered(world: World, rng: Random) -> World:
    """Everything shuffled; a segment still stands after those that it uses."""
    players = [
        replace(player, events={name: rng.sample(rows, len(rows)) for name, rows in player.events.items()})
        for player in rng.sample(world.players, len(world.players))
    ]
    names = rng.sample(list(world.segments), len(world.segments))
    uses = {name: sorted(_uses(world, name), key=names.index) for name in names}
    segments = {name: world.segments[name] for name in TopologicalSorter(uses).static_order()}
    return replace(
        world,
        players=players,
        segments={
            name: one if one.rules is None else replace(one, rules=reordered_rule(one.rules, rng))
            for name, one in segments.items()
        },
    )


def _uses(world: World, name: str) -> frozenset[str]:
    segment = world.segments[name]
    guard = world.guards.get(segment.purpose)
    return segment.uses | asked(segment.rules, world.names) | asked(guard, world.names)
