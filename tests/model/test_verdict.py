"""Verdicts: the tree of a rule, what each condition saw, and which conditions decided."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from segctl.model.catalog import Attribute, Catalog, Column, EventColumn, EventTable, PlayerTable
from segctl.model.evaluate import Memberships, holds
from segctl.model.expand import Names, expanded
from segctl.model.facts import PlayerFacts
from segctl.model.rule import (
    Bucket,
    Compare,
    Group,
    GroupWord,
    Happened,
    InSegment,
    Named,
    Rule,
    Sequence,
    Step,
    Test,
)
from segctl.model.time import Clock, Duration, Rolling
from segctl.model.verdict import Asked, Verdict, conditions, deciding, verdict
from tests.support.generate import World, worlds

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CLOCK = Clock(NOW, ZoneInfo("Europe/Malta"))
PAYMENTS = EventTable("payments", "p", "id", "player", "at", (EventColumn("amount", "money", "amount"),))
CATALOG = Catalog(
    "c",
    "EUR",
    PlayerTable("players", "id"),
    {name: Attribute(name, "integer", Column(name)) for name in ("one", "two", "three")},
    {"payments": PAYMENTS},
    {},
)
ANNA = PlayerFacts(
    "anna",
    {"one": 1, "two": 1},
    {
        "payments": (
            {"id": 1, "at": NOW, "amount": Decimal("20.00")},
            {"id": 2, "at": NOW, "amount": Decimal("0.50")},
        )
    },
)
ONE, TWO, THREE = (Compare(name, (Test("gte", 1),)) for name in ("one", "two", "three"))


def tree(rule: Rule, *, names: Names | None = None, memberships: Memberships | None = None) -> Verdict:
    return verdict(rule, Asked(ANNA, CATALOG, CLOCK, memberships or Memberships(), names or Names()))


def decided(rule: Rule) -> list[str]:
    return [one.rule.field for one in deciding(tree(rule)) if isinstance(one.rule, Compare)]


def test_a_condition_tells_its_value_its_tests_and_whether_it_passes() -> None:
    (seen,) = tree(THREE).seen

    assert (seen.what, seen.value, seen.type, seen.tests, seen.passes) == (
        "three",
        None,
        "integer",
        THREE.tests,
        False,
    )


@pytest.mark.parametrize(
    ("word", "rules", "n", "found"),
    [
        ("all", (ONE, THREE), 0, ["three"]),
        ("all", (ONE, TWO), 0, ["one", "two"]),
        ("any", (ONE, THREE), 0, ["one"]),
        ("any", (THREE, THREE), 0, ["three", "three"]),
        ("none", (ONE, THREE), 0, ["one"]),
        ("none", (THREE,), 0, ["three"]),
        ("at_least", (ONE, TWO, THREE), 2, ["one", "two"]),
        ("at_least", (ONE, THREE, THREE), 2, ["three", "three"]),
    ],
)
def test_those_conditions_decide_that_made_the_verdict(
    word: GroupWord, rules: tuple[Rule, ...], n: int, found: list[str]
) -> None:
    assert decided(Group(word, rules, n=n)) == found


def test_nothing_is_cut_short() -> None:
    whole = tree(Group("any", (ONE, Group("all", (THREE, TWO)))))

    assert [one.holds for one in conditions(whole)] == [True, False, True]


def test_a_named_rule_holds_the_tree_of_what_it_stands_for() -> None:
    found = tree(Named("both"), names=Names({"both": Group("all", (ONE, THREE))}))

    assert not found.holds
    assert [one.holds for one in found.parts[0].parts] == [True, False]
    assert [one.rule for one in deciding(found)] == [THREE]


def test_events_tell_their_count_and_sums_in_the_range_in_force() -> None:
    rule = Happened("payments", count=(Test("gte", 3),), sums=(("amount", (Test("gte", Decimal(20)),)),))
    window = Rolling(Duration(3600))

    found = tree(Group("all", (rule,), during=window)).parts[0]

    assert [(seen.what, seen.value, seen.passes) for seen in found.seen] == [
        ("count", 2, False),
        ("amount", Decimal("20.50"), True),
    ]
    assert found.window == window


def test_segments_and_buckets_tell_where_the_player_is() -> None:
    memberships = Memberships(lambda name: name == "vip", lambda name: NOW if name == "vip" else None)

    now = tree(InSegment(("vip", "other")), memberships=memberships)
    since = tree(InSegment(("vip",), (Test("older_than", Duration(3600)),)), memberships=memberships)
    bucket = tree(Bucket("salt", Decimal(0), Decimal(100)))

    assert [(seen.what, seen.value) for seen in now.seen] == [("vip", True), ("other", False)]
    assert [(seen.value, seen.passes) for seen in since.seen] == [(NOW, False)]
    assert bucket.holds
    assert isinstance(bucket.seen[0].value, float)
    assert tree(Sequence((Step("payments"), Step("payments")))).seen == ()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(world=worlds(players=6, segments=12))
def test_the_verdict_is_the_oracles_and_so_is_what_decided(world: World) -> None:
    for rule in (expanded(rule, world.names) for rule in world.rules.values()):
        for player in world.players:
            found = verdict(rule, Asked(player, world.catalog, world.clock))

            assert found.holds == holds(rule, player, catalog=world.catalog, clock=world.clock)
            assert list(deciding(found))
