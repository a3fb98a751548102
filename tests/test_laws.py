"""Laws of one world: rules that must hold of the same players, asked of the oracle and of each engine together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from segctl.model.catalog import Aggregate, Measure, MeasureKind
from segctl.model.expand import expanded
from segctl.model.measures import Scope, measured
from segctl.model.membership import Ids
from segctl.model.rule import Bucket, Compare, Group, Happened, InSegment, Now, Rule, Test, used_segments
from segctl.model.segment import Segment
from segctl.model.strict import strict
from segctl.model.time import Duration, Rolling, Window
from tests.support.engines import ENGINES, Engine, engine_of
from tests.support.generate import World, with_rules, worlds
from tests.support.kleene import known
from tests.support.reordering import reordered_rule

EXAMPLES = max(4, int(os.environ.get("SEGCTL_WORLDS", "50")) // 25)
MONTH = Duration(seconds=30 * 86_400)
HALVES: tuple[Window, Window] = (Rolling(MONTH), Rolling(MONTH, before=MONTH))
WHOLE = Rolling(Duration(seconds=60 * 86_400))
KINDS: tuple[MeasureKind, MeasureKind] = ("count", "sum")
PRESENCE = (Test("older_than", Duration(seconds=86_400)), Test("after", Now()))
TESTS: Mapping[str, tuple[Test, ...]] = {
    "string": (Test("eq", "a"), Test("ne", "a"), Test("not_in", ("a", "b")), Test("contains", "")),
    **dict.fromkeys(
        ("number", "integer", "money"), (Test("eq", 1), Test("ne", 1), Test("lt", 5), Test("not_in", (1,)))
    ),
    "boolean": (Test("eq", value=True), Test("eq", value=False)),
    **dict.fromkeys(("date", "datetime"), PRESENCE),
}
few = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES == 4
)
some = worlds(players=12, segments=20)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return engine_of(request)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


def same(world: World, pairs: Mapping[str, tuple[Rule, Rule]], engine: Engine, folder: Path) -> None:
    """Both rules of each pair hold of the same players."""
    asked = {f"{name}-{side}": rule for name, pair in pairs.items() for side, rule in zip("ab", pair, strict=True)}
    members = engine(with_rules(world, asked), folder=folder)

    assert {name: members[f"{name}-a"] for name in pairs} == {name: members[f"{name}-b"] for name in pairs}


@few
@given(world=some)
def test_a_double_negation_is_the_rule_itself(engine: Engine, folder: Path, world: World) -> None:
    pairs = {name: (rule, _not(_not(rule))) for name, rule in world.rules.items()}

    same(world, pairs, engine, folder)


@few
@given(world=some)
def test_none_is_the_complement_of_any(engine: Engine, folder: Path, world: World) -> None:
    rules = tuple(world.rules.values())
    pairs = {
        f"from-{start}": (Group("none", rules[start : start + 3]), _not(Group("any", rules[start : start + 3])))
        for start in range(0, len(rules), 3)
    }

    same(world, pairs, engine, folder)


@few
@given(world=some)
def test_the_order_of_conditions_changes_nothing(engine: Engine, folder: Path, world: World) -> None:
    rng = Random(len(world.segments))
    pairs = {name: (rule, reordered_rule(rule, rng)) for name, rule in world.rules.items()}

    same(world, pairs, engine, folder)


@few
@given(world=some)
def test_at_least_is_any_of_all_of_so_many(engine: Engine, folder: Path, world: World) -> None:
    rules = tuple(world.rules.values())
    pairs = {}
    for start in range(0, len(rules) - 3, 4):
        four = rules[start : start + 4]
        for n in (2, 3):
            every = tuple(Group("all", chosen) for chosen in combinations(four, n))
            pairs[f"{start}-{n}"] = (Group("at_least", four, None, n), Group("any", every))

    same(world, pairs, engine, folder)


@few
@given(world=some)
def test_halves_of_a_split_are_disjoint_and_cover_all(engine: Engine, folder: Path, world: World) -> None:
    low, high = Bucket("spring", Decimal(0), Decimal(50)), Bucket("spring", Decimal(50), Decimal(100))
    members = engine(with_rules(world, {"low": low, "high": high}), folder=folder)

    assert not members["low"] & members["high"]
    assert members["low"] | members["high"] == _everybody(world)


@few
@given(world=some)
def test_a_window_split_in_two_adds_up(engine: Engine, folder: Path, world: World) -> None:
    """What happened in 60 days is what happened in the last 30 and in the 30 before them."""
    asked = {
        f"{place}-{column}": _adds_up(world, events, column, place)
        for events, table in world.catalog.events.items()
        for column in [one.name for one in table.columns if one.type == "money"][:2]
        for place in range(len(world.players))
    }
    members = engine(with_rules(world, asked), folder=folder)

    for name in asked:
        assert world.players[int(name.split("-")[0])].player_id in members[name]


@few
@given(world=some)
def test_a_guard_lets_in_whom_it_is_known_to_be_true_of(engine: Engine, folder: Path, world: World) -> None:
    """Three values decide (tests/support/kleene.py); a second reading of a guard changes nothing."""
    rules = {name: expanded(rule, world.names) for name, rule in world.rules.items()}
    rules = {name: rule for name, rule in rules.items() if not used_segments(rule)}
    closed = {name: strict(rule, world.catalog) for name, rule in rules.items()}
    twice = {f"twice-{name}": strict(rule, world.catalog) for name, rule in closed.items()}
    plain = {f"plain-{name}": rule for name, rule in rules.items()}
    once = {f"once-{name}": rule for name, rule in closed.items()}
    members = engine(with_rules(world, {**plain, **once, **twice}), folder=folder)

    for name, rule in rules.items():
        passing = frozenset(
            player.player_id for player in world.players if known(rule, player, world.catalog, world.clock)
        )
        assert members[f"once-{name}"] == passing
        assert members[f"twice-{name}"] == passing
        assert passing <= members[f"plain-{name}"]


@few
@given(world=some)
def test_a_guard_never_lets_in_a_missing_value(engine: Engine, folder: Path, world: World) -> None:
    """Neither by a positive condition, nor by its complement, nor under none."""
    asked: dict[str, Rule] = {}
    for field in [*world.catalog.attributes.values(), *world.catalog.scores.values()]:
        missing = Compare(field.name, (Test("is_set", value=False),))
        conditions = [Compare(field.name, (test,)) for test in TESTS.get(field.type, ())]
        for place, guard in enumerate([*conditions, *map(_not, conditions)]):
            asked[f"{field.name}-{place}"] = Group("all", (strict(guard, world.catalog), missing))
    members = engine(with_rules(world, asked), folder=folder)

    assert {name: members[name] for name in asked} == dict.fromkeys(asked, frozenset())


@few
@given(world=some)
def test_guarding_twice_is_guarding_once(engine: Engine, folder: Path, world: World) -> None:
    guarded = {name: one for name, one in world.segments.items() if one.purpose in world.guards and not one.limit}
    again = {f"{name}-again": _again(one) for name, one in guarded.items()}
    members = engine(replace(world, segments={**world.segments, **again}), folder=folder)

    assert {name: members[f"{name}-again"] for name in guarded} == {name: members[name] for name in guarded}


def _not(rule: Rule) -> Rule:
    return Group("none", (rule,))


def _everybody(world: World) -> Ids:
    return frozenset(player.player_id for player in world.players)


def _again(segment: Segment) -> Segment:
    """Whoever is in a segment, held to its guard once more."""
    return Segment(f"{segment.name}-again", "dynamic", InSegment((segment.name,)), purpose=segment.purpose)


def _adds_up(world: World, events: str, column: str, place: int) -> Rule:
    """One player's count and sum in each half, and in the whole what they come to."""
    table, rows = world.catalog.events[events], world.players[place].events.get(events, ())

    def value(kind: MeasureKind, window: Window) -> Any:
        aggregate = Aggregate(events, Measure(kind, column if kind == "sum" else None))
        return measured(aggregate, rows, table, Scope(window, ()), world.clock)

    def exactly(window: Window, count: Any, total: Any) -> Rule:
        happened = Happened(events, None, (Test("eq", count),), ((column, (Test("eq", total),)),))
        return Group("all", (happened,), window)

    count, total = ([value(kind, half) for half in HALVES] for kind in KINDS)
    halves = [exactly(half, *found) for half, *found in zip(HALVES, count, total, strict=True)]
    return Group("all", (*halves, exactly(WHOLE, sum(count), sum(total))))
