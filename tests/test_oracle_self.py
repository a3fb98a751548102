"""Laws that hold of the oracle alone, over random worlds; engines are held to it elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from random import Random
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from segctl.model.catalog import Aggregate, Metric
from segctl.model.evaluate import field_value
from segctl.model.facts import PlayerFacts
from segctl.model.rule import Compare, Group, Operator, Rule, Test
from segctl.model.time import Between, Clock, Duration, Lifetime, Rolling
from tests.support.generate import World, expected, random_world, with_rules, worlds
from tests.support.reordering import reordered
from tests.support.world import STRANGER, tables, write_world

SEEDS = st.integers(0, 2**32 - 1)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answers(world: World, *rules: Rule) -> list[frozenset[str]]:
    """The players of whom each rule holds, all asked at once."""
    found = expected(with_rules(world, {f"asked-{place}": rule for place, rule in enumerate(rules)}))
    return [found[f"asked-{place}"] for place in range(len(rules))]


def everybody(world: World) -> frozenset[str]:
    return frozenset(player.player_id for player in world.players)


def metric_values(world: World, metrics: list[Metric], window) -> list:
    return [
        field_value(metric.name, player, catalog=world.catalog, clock=world.clock, window=window)
        for player in world.players
        for metric in metrics
    ]


@pytest.mark.parametrize("block", range(4))
def test_the_oracle_answers_every_rule(block):
    for seed in range(25 * block, 25 * block + 25):
        world = random_world(seed)

        assert expected(world).keys() == world.segments.keys()


def test_worlds_are_the_same_for_the_same_seed():
    assert repr(random_world.__wrapped__(7).players) == repr(random_world.__wrapped__(7).players)
    assert random_world.__wrapped__(7).segments == random_world.__wrapped__(7).segments


def test_answers_differ_from_player_to_player():
    answers = [
        (len(found), len(world.players))
        for world in map(random_world, range(20))
        for found in expected(world).values()
    ]

    assert sum(0 < inside < of for inside, of in answers) > len(answers) / 3


def test_failing_worlds_shrink():
    # always the same world: shrinking one takes a moment or minutes, which has nothing to say of worlds
    same = settings(few, derandomize=True, database=None)

    smallest = find(worlds(players=3, segments=8), lambda world: any(expected(world).values()), settings=same)

    assert (len(smallest.players), len(smallest.segments)) == (1, 1)


@few
@given(worlds())
def test_none_is_not_any_and_negation_is_two_valued(world):
    rules = tuple(world.rules.values())[:5] or (Compare("age", (Test("gte", 18),)),)
    first = rules[0]
    negated = tuple(Group("none", (rule,)) for rule in rules)
    some, none, every, no_negation, itself, twice = answers(
        world,
        Group("any", rules),
        Group("none", rules),
        Group("all", rules),
        Group("none", negated),
        first,
        Group("none", negated[:1]),
    )

    assert not some & none
    assert some | none == everybody(world)
    assert no_negation == every
    assert twice == itself


@few
@given(worlds())
def test_complements(world):
    rules = [rule for rule in world.rules.values() if isinstance(rule, Compare) and len(rule.tests) == 1]
    pairs = [(rule, other) for rule in rules for other in _opposite(rule)]
    found = answers(world, *(rule for pair in pairs for rule in pair))

    for these, others in zip(found[::2], found[1::2], strict=True):
        assert these == everybody(world) - others


def _opposite(rule: Compare) -> list[Compare]:
    """The condition that must be true exactly where this one is not, if there is one."""
    [test] = rule.tests
    opposite: dict[str, Operator] = {"eq": "ne", "ne": "eq", "in": "not_in", "not_in": "in"}
    if test.op in opposite:
        return [replace(rule, tests=(replace(test, op=opposite[test.op]),))]
    if test.op in ("is_set", "is_empty"):
        return [replace(rule, tests=(replace(test, value=not test.value),))]
    return []


@few
@given(SEEDS, st.integers(0, 5))
def test_order_changes_nothing(seed, shuffle):
    world = random_world(seed)

    assert expected(reordered(world, Random(shuffle))) == expected(world)


@few
@given(SEEDS, st.integers(-400, 400), st.integers(1, 400), st.integers(0, 90))
def test_shifting_events_and_clock_by_days_changes_no_rolling_value(seed, shift, last, before):
    world = replace(random_world(seed), clock=Clock(random_world(seed).clock.as_of, ZoneInfo("UTC")))
    by = timedelta(days=shift)
    shifted = replace(
        world,
        clock=Clock(world.clock.as_of + by, world.clock.zone),
        players=[_shifted(player, world, by) for player in world.players],
    )
    timeless = [metric for metric in world.catalog.metrics.values() if metric.type not in ("date", "datetime")]
    window = Rolling(Duration(seconds=86_400 * last), Duration(seconds=86_400 * before))

    assert metric_values(shifted, timeless, window) == metric_values(world, timeless, window)


def _shifted(player: PlayerFacts, world: World, by: timedelta) -> PlayerFacts:
    events = {}
    for name, table in world.catalog.events.items():
        rows, time = player.events.get(name, ()), table.time
        events[name] = [{**row, time: None if row[time] is None else row[time] + by} for row in rows]
    return replace(player, events=events)


@few
@given(SEEDS, st.lists(st.datetimes(timezones=st.just(UTC)), min_size=3, max_size=3), st.data())
def test_a_window_split_in_two_adds_up(seed, moments, data):
    world = random_world(seed)
    times = [
        row["when"]
        for player in world.players
        for name in world.catalog.events
        for row in player.events.get(name, ())
        if row["when"]
    ]
    near = data.draw(st.sampled_from(times or moments))
    start, middle, end = sorted([*moments[:2], near])
    additive = [metric for metric in world.catalog.metrics.values() if _adds_up(metric)]
    first = metric_values(world, additive, Between(start, middle))
    second = metric_values(world, additive, Between(middle, end))

    assert [a + b for a, b in zip(first, second, strict=True)] == metric_values(
        world, additive, Between(start, end)
    )


def _adds_up(metric: Metric) -> bool:
    return isinstance(metric.how, Aggregate) and metric.how.measure.kind in ("sum", "count")


@few
@given(SEEDS)
def test_an_unbounded_range_is_a_lifetime(seed):
    world = random_world(seed)
    metrics = list(world.catalog.metrics.values())

    assert metric_values(world, metrics, Between(None, None)) == metric_values(world, metrics, Lifetime())


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(SEEDS)
def test_a_written_world_holds_the_facts(tmp_path_factory, seed):
    world = random_world(seed)
    path = tmp_path_factory.mktemp("world") / "world.duckdb"
    write_world(path, world.catalog, world.players)

    with duckdb.connect(str(path), read_only=True) as connection:
        for name, table in tables(world.catalog, world.players).items():
            written = connection.sql(f'FROM "{name}"').to_arrow_table().cast(table.schema)

            assert sorted(map(repr, written.to_pylist())) == sorted(map(repr, table.to_pylist()))
        for table in world.catalog.events.values():
            rows = connection.sql(
                f'SELECT count(*) FROM "{table.table}" WHERE "{table.player}" NOT IN (\'{STRANGER}\')'
            ).fetchall()
            assert rows == [(sum(len(player.events.get(table.name, ())) for player in world.players),)]
