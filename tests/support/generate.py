"""Random worlds — a catalog, players, rules, a clock — for differential tests, and what the oracle says of them.

    @given(worlds())
    def test_engine_agrees(world): assert engine(world) == expected(world)

A world is made from a seed, fast and widely varied. Hypothesis then draws which rules and players stay and how much
of each rule, so that a failing world shrinks to few players and a single condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from segctl.model.catalog import Catalog
from segctl.model.expand import NO_NAMES, Names, expanded
from segctl.model.facts import PlayerFacts
from segctl.model.membership import Ids, Society, memberships
from segctl.model.rule import Group, Rule, used_fields
from segctl.model.segment import PlayerList, Segment
from segctl.model.sequences import entered
from segctl.model.time import Clock, Window, micros
from tests.support.catalogs import random_setting
from tests.support.facts import PLAYER_IDS, random_players
from tests.support.history import History, random_history
from tests.support.pools import random_pools
from tests.support.rules import Ground
from tests.support.segments import asked, random_base, random_guards, random_names, random_segments

T = TypeVar("T")
WHOLE = 9
DROPPED = 0
# What stands beside a segment's rules, in the order in which `_trimmed` counts it.
BESIDE = ("include", "exclude", "limit", "scope", "purpose")
NO_HISTORY = History()


@dataclass(frozen=True, slots=True, repr=False)
class World:
    """`segments` use only those that stand before them. `seed` makes it again.

    `rows` are the ids that the queries of sql segments return, `snapshots` what was taken of static ones before.
    """

    seed: int
    catalog: Catalog
    players: Sequence[PlayerFacts]
    segments: Mapping[str, Segment]
    clock: Clock
    guards: Mapping[str, Rule] = field(default_factory=dict)
    names: Names = NO_NAMES
    rows: Mapping[str, Ids] = field(default_factory=dict)
    snapshots: Mapping[str, Ids] = field(default_factory=dict)
    history: History = NO_HISTORY

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules of all segments that have some, by the segments' names."""
        return {name: segment.rules for name, segment in self.segments.items() if segment.rules is not None}

    def __repr__(self) -> str:
        """Short; a world that has shrunk shows what is left of it."""
        rest = f", {_left(self)}" if len(self.segments) <= 3 >= len(self.players) else ""
        return f"<World {self.seed}, {self.clock.as_of.isoformat()} {self.clock.zone}{rest}>"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: FBT001 - the protocol Hypothesis prints by
        printer.text(repr(self))


def ruled(catalog: Catalog, players: Sequence[PlayerFacts], rules: Mapping[str, Rule], clock: Clock) -> World:
    """A world of plain rules, each a dynamic segment without a guard."""
    return World(0, catalog, players, {name: _dynamic(name, rule) for name, rule in rules.items()}, clock)


def with_rules(world: World, rules: Mapping[str, Rule]) -> World:
    """The same world with more segments, after those that are there."""
    return replace(
        world, segments={**world.segments, **{name: _dynamic(name, rule) for name, rule in rules.items()}}
    )


def plain(world: World) -> World:
    """The same rules, spelt out, and nothing beside them: dynamic segments and lists, without guards and history."""
    segments = {
        name: _dynamic(name, expanded(segment.rules, world.names))
        if segment.rules is not None
        else Segment(name, "players", players=segment.players or PlayerList(()), purpose="analysis")
        for name, segment in world.segments.items()
    }
    return World(world.seed, world.catalog, world.players, segments, world.clock)


@lru_cache(maxsize=64)
def random_world(seed: int, players: int = 12, segments: int = 46) -> World:
    """The same world for the same numbers."""
    rng = Random(seed)
    pools = random_pools(rng)
    setting = random_setting(rng, pools)
    people = random_players(rng, setting, players)
    ground = Ground(setting, people, pools)
    base = random_base(rng, ground)
    on_base = replace(ground, segments=list(base))
    names = random_names(rng, on_base)
    named = replace(on_base, named=list(names.rules))
    made = random_segments(rng, named, base, segments)
    return World(
        seed,
        setting.catalog,
        people,
        made,
        pools.clock,
        guards=random_guards(rng, named, names),
        names=names,
        rows={name: _some(rng) for name, segment in made.items() if segment.type == "sql"},
        snapshots={
            name: _some(rng) for name, segment in made.items() if segment.type == "static" and rng.random() < 0.6
        },
        history=random_history(rng, list(made), PLAYER_IDS, pools),
    )


@st.composite
def worlds(draw: st.DrawFn, players: int = 12, segments: int = 46) -> World:
    """Worlds with at least one player and one segment."""
    world = random_world(draw(st.integers(0, 2**32 - 1)), players, segments)
    cuts = draw(st.lists(st.integers(DROPPED, WHOLE), min_size=segments, max_size=segments))
    trims = draw(st.lists(st.integers(0, len(BESIDE) + 4), min_size=segments, max_size=segments))
    stays = draw(st.lists(st.integers(0, 5), min_size=players, max_size=players))
    people = [player for player, stay in zip(world.players, stays, strict=True) if stay]
    return _cut(replace(world, players=people or world.players[:1]), cuts, trims)


def society(world: World) -> Society:
    """The world as the oracle takes it."""
    return Society(
        segments=world.segments,
        catalog=world.catalog,
        clock=world.clock,
        players={player.player_id: player for player in world.players},
        guards=world.guards,
        names=world.names,
        rows=world.rows,
        snapshots=world.snapshots,
        since=world.history.since,
        was=world.history.was,
    )


def expected(world: World) -> dict[str, Ids]:
    """The ids of each segment's members, by the oracle."""
    return memberships(society(world))


def entries(world: World) -> dict[str, dict[str, int]]:
    """When players entered each triggered segment and are in since, by the oracle, in microseconds."""
    return {
        name: {
            player.player_id: micros(at)
            for player in world.players
            if (at := entered(segment.trigger, player, world.catalog, world.clock)) is not None
        }
        for name, segment in world.segments.items()
        if segment.trigger is not None
    }


def _dynamic(name: str, rule: Rule) -> Segment:
    return Segment(name, "dynamic", rule, purpose="analysis")


def _some(rng: Random) -> Ids:
    return frozenset(rng.sample(PLAYER_IDS, rng.randint(0, len(PLAYER_IDS))))


def _left(world: World) -> str:
    """Everything that a small world is made of."""
    rules = [*world.rules.values(), *world.guards.values(), *world.names.rules.values()]
    fields = [world.catalog.field(name) for rule in rules for name in sorted(used_fields(rule))]
    parts = (dict(world.segments), world.guards, world.names, world.rows, world.snapshots, world.history)
    return ", ".join(map(repr, (*parts, world.players, fields)))


def _cut(world: World, cuts: Sequence[int], trims: Sequence[int]) -> World:
    """Drops segments, or keeps one part of their rules; those that a kept segment uses stay, whole."""
    wanted: dict[str, Segment] = {}
    used: set[str] = set()
    segments = list(world.segments.items())
    for (name, segment), cut, trim in reversed(list(zip(segments, cuts, trims, strict=True))):
        if cut != DROPPED or name in used:
            kept = _trimmed(replace(segment, rules=_narrowed(segment.rules, cut)), trim)
            wanted[name] = kept
            used |= kept.uses | asked(kept.rules, world.names) | asked(world.guards.get(kept.purpose), world.names)
    name, first = segments[0]
    left = dict(reversed(wanted.items())) or {name: first}
    purposes = {segment.purpose for segment in left.values()}
    return replace(
        world,
        segments=left,
        guards={purpose: rule for purpose, rule in world.guards.items() if purpose in purposes},
        rows=_of(left, world.rows),
        snapshots=_of(left, world.snapshots),
        history=History(_of(left, world.history.spells)),
    )


def _of(segments: Mapping[str, Segment], by_name: Mapping[str, T]) -> dict[str, T]:
    return {name: value for name, value in by_name.items() if name in segments}


def _trimmed(segment: Segment, trim: int) -> Segment:
    """Without anything beside its rules, with one thing of it, or with everything."""
    if trim > len(BESIDE):
        return segment
    without: dict[str, Any] = {"include": (), "exclude": (), "limit": None, "scope": None, "purpose": "analysis"}
    if trim:
        del without[BESIDE[trim - 1]]
    return replace(segment, **without)


def _narrowed(rule: Rule | None, cut: int) -> Rule | None:
    """The part of a rule that a cut names; the whole, if it names none."""
    if rule is None or not DROPPED < cut < WHOLE:
        return rule
    parts = list(_parts(rule, None))
    return parts[cut - 1] if cut <= len(parts) else rule


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
