"""Random worlds — a catalog, players, rules, a clock — for differential tests, and what the oracle says of them.

    @given(worlds())
    def test_engine_agrees(world): assert engine(world) == expected(world)

A world is made from a seed, fast and widely varied. Hypothesis then draws which rules and players stay and how much
of each rule, so that a failing world shrinks to few players and a single condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from segctl.model.catalog import Catalog
from segctl.model.evaluate import Memberships, holds
from segctl.model.facts import PlayerFacts
from segctl.model.rule import Group, Rule, used_fields, used_segments
from segctl.model.time import Clock, Window
from tests.support.catalogs import random_setting
from tests.support.facts import random_players
from tests.support.pools import random_pools
from tests.support.rules import Ground, random_rules

WHOLE = 9
DROPPED = 0


@dataclass(frozen=True, slots=True, repr=False)
class World:
    """`rules` are by segment name; a rule asks only about segments that stand before it. `seed` makes it again."""

    seed: int
    catalog: Catalog
    players: Sequence[PlayerFacts]
    rules: Mapping[str, Rule]
    clock: Clock

    def __repr__(self) -> str:
        """Short; a world that has shrunk shows what is left of it."""
        fields = [self.catalog.field(name) for rule in self.rules.values() for name in sorted(used_fields(rule))]
        rest = (
            f", {dict(self.rules)}, {self.players}, {fields}" if len(self.rules) <= 3 >= len(self.players) else ""
        )
        return f"<World {self.seed}, {self.clock.as_of.isoformat()} {self.clock.zone}{rest}>"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: FBT001 - the protocol Hypothesis prints by
        printer.text(repr(self))


@lru_cache(maxsize=64)
def random_world(seed: int, players: int = 12, rules: int = 40) -> World:
    """The same world for the same numbers."""
    rng = Random(seed)
    pools = random_pools(rng)
    setting = random_setting(rng, pools)
    people = random_players(rng, setting, players)
    return World(
        seed, setting.catalog, people, random_rules(rng, Ground(setting, people, pools), rules), pools.clock
    )


@st.composite
def worlds(draw: st.DrawFn, players: int = 12, rules: int = 40) -> World:
    """Worlds with at least one player and one rule."""
    world = random_world(draw(st.integers(0, 2**32 - 1)), players, rules)
    cuts = draw(st.lists(st.integers(DROPPED, WHOLE), min_size=rules, max_size=rules))
    stays = draw(st.lists(st.integers(0, 5), min_size=players, max_size=players))
    people = [player for player, stay in zip(world.players, stays, strict=True) if stay]
    return replace(world, rules=_cut(world.rules, cuts), players=people or world.players[:1])


def expected(world: World) -> dict[str, frozenset[str]]:
    """The ids of each rule's players, by the oracle."""
    found: dict[str, frozenset[str]] = {}
    for name, rule in world.rules.items():
        found[name] = frozenset(
            player.player_id
            for player in world.players
            if holds(
                rule,
                player,
                catalog=world.catalog,
                clock=world.clock,
                memberships=Memberships(lambda segment, player=player: player.player_id in found[segment]),
            )
        )
    return found


def _cut(rules: Mapping[str, Rule], cuts: Sequence[int]) -> dict[str, Rule]:
    """Drops rules, or keeps one part of them; those that a kept rule asks about stay whole."""
    wanted: dict[str, Rule] = {}
    for (name, rule), cut in reversed(list(zip(rules.items(), cuts, strict=True))):
        asked_about = any(name in used_segments(other) for other in wanted.values())
        if cut != DROPPED or asked_about:
            parts = list(_parts(rule, None))
            wanted[name] = parts[cut - 1] if 0 < cut <= len(parts) and cut != WHOLE else rule
    first = next(iter(rules))
    return dict(reversed(wanted.items())) or {first: rules[first]}


def _parts(rule: Rule, during: Window | None) -> Iterator[Rule]:
    """The conditions of a rule, each under the `during` it stands under, then its groups."""
    if not isinstance(rule, Group):
        yield rule if during is None else Group("all", (rule,), during)
        return
    below = rule.during or during
    for part in rule.rules:
        yield from _parts(part, below)
    if during is not None:
        yield replace(rule, during=below)
