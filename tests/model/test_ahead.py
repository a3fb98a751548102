"""The next change by the clock alone: exact, against the oracle asked at every instant around it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segctl.model.ahead import ahead
from segctl.model.facts import PlayerFacts
from segctl.model.instants import Horizon, instants
from segctl.model.membership import Society, memberships
from segctl.model.rule import Group, Rule
from segctl.model.time import Clock, Lifetime, Window, micros, moment
from tests.support.generate import World, plain, worlds

WORLDS = int(os.environ.get("SEGCTL_WORLDS", "15"))
DAYS = timedelta(days=70)
_RANDOM_INSTANTS = 30


def inside_at(name: str, society: Society, at: int) -> bool:
    clock = Clock(moment(at), society.clock.zone)
    return bool(memberships(replace(society, clock=clock))[name])


def neighbourhoods(rule: Rule, window: Window, player: PlayerFacts, world: World, way: Horizon) -> set[int]:
    """Each instant at which a condition of the rule may change, and those beside it."""
    if isinstance(rule, Group):
        found = (neighbourhoods(part, rule.during or window, player, world, way) for part in rule.rules)
        return set().union(*found)
    own = getattr(rule, "during", None) or window
    known = instants(rule, own, player, world.catalog, way, lambda _: ())
    return {at + by for at in known for by in (-1, 0, 1)}


def checked(world: World, rng: Random) -> None:
    start = world.clock.micros
    way = Horizon(world.clock.zone, start, start + micros(world.clock.as_of + DAYS) - start)
    for player in world.players:
        society = Society(world.segments, world.catalog, world.clock, {player.player_id: player})
        for name, rule in rng.sample(sorted(world.rules.items()), min(6, len(world.rules))):
            found = ahead(name, player, society, horizon=DAYS, budget=10**9)
            until = micros(found.until)
            asked = neighbourhoods(rule, Lifetime(), player, world, way)
            asked |= {rng.randint(start, way.end) for _ in range(_RANDOM_INSTANTS)}
            before = [at for at in asked if start <= at < until or (at == until and found.at is None)]

            assert found.inside == inside_at(name, society, start)
            for at in rng.sample(sorted(before), min(40, len(before))):
                assert inside_at(name, society, at) == found.inside, (name, rule, player, moment(at), found)
            if found.at is not None:
                assert inside_at(name, society, until) != found.inside
                assert inside_at(name, society, until - 1) == found.inside


@settings(max_examples=WORLDS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=WORLDS == 15)
@given(world=worlds(players=4, segments=12), seed=st.integers(0, 2**32))
def test_nothing_changes_before_the_next_change_and_then_it_does(world: World, seed: int) -> None:
    checked(plain(world), Random(seed))
