"""What lint says of a rule is true of every player: random rules about few subjects, held to the oracle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from segctl.lint.formula import Cosmos, Formula, Leaf, formula
from segctl.lint.known import NOTHING, always, assumed, never
from segctl.lint.normal import normal
from segctl.lint.refute import implies
from segctl.lint.walk import Found, walked
from segctl.model.catalog import Catalog
from segctl.model.evaluate import holds
from segctl.model.expand import Names, expanded
from segctl.model.facts import PlayerFacts
from segctl.model.rule import Bucket, Compare, Group, Happened, Rule, Test
from segctl.model.time import Clock, Lifetime
from tests.support.catalogs import random_setting
from tests.support.conditions import random_filter, random_test
from tests.support.facts import random_players
from tests.support.pools import LISTS, TEXTS, random_pools
from tests.support.rules import Ground, likely_facts, random_comparison

PLAYERS = 14
RULES = 25
NAMES = Names({}, {name: tuple(TEXTS[at::3]) for at, name in enumerate(LISTS)})


@dataclass(frozen=True, repr=False)
class World:
    """Rules that speak of two or three fields only, so that they often meet."""

    seed: int
    catalog: Catalog
    clock: Clock
    players: Sequence[PlayerFacts]
    rules: Sequence[Rule]

    def __repr__(self) -> str:
        return f"<World {self.seed}>"

    def holds(self, rule: Rule, player: PlayerFacts) -> bool:
        return holds(expanded(rule, NAMES), player, catalog=self.catalog, clock=self.clock)

    def cosmos(self) -> Cosmos:
        return Cosmos(self.catalog, NAMES, self.clock.zone)


def world(seed: int) -> World:
    rng = Random(seed)
    pools = random_pools(rng)
    setting = random_setting(rng, pools)
    players = random_players(rng, setting, PLAYERS)
    ground = Ground(setting, players, pools)
    fields = [random_comparison(rng, ground, Lifetime()) for _ in range(rng.choice((1, 2, 2, 3)))]
    rules = [_rule(rng, ground, fields, rng.choice((1, 2, 2, 3))) for _ in range(RULES)]
    return World(seed, setting.catalog, pools.clock, players, rules)


def _rule(rng: Random, ground: Ground, fields: Sequence[Compare], depth: int) -> Rule:
    if not depth:
        return _again(rng, ground, rng.choice(fields))
    word = rng.choice(("all", "all", "any", "none", "at_least"))
    size = rng.randint(3, 4) if word == "at_least" else rng.randint(1, 4)
    parts = tuple(_rule(rng, ground, fields, rng.randrange(depth)) for _ in range(size))
    during = rng.choice(ground.pools.windows) if rng.random() < 0.2 else None
    return Group(word, parts, during, 2 if word == "at_least" else 0)


def _again(rng: Random, ground: Ground, field: Compare) -> Rule:
    """Another condition on the field; sometimes a share, or a count of events."""
    chance = rng.random()
    if chance < 0.05:
        low, high = sorted(rng.sample(range(0, 101, 10), 2))
        return Bucket("salt", Decimal(low), Decimal(high))
    if chance < 0.15:
        return _happened(rng, ground)
    found = ground.setting.catalog.field(field.field)
    assert found is not None
    facts = likely_facts(rng, field, found, ground, Lifetime())
    count = rng.choice((1, 1, 1, 2))
    tests = [random_test(rng, found.type, facts, ground.pools) for _ in range(count)]
    return replace(field, tests=tuple({test.op: test for test in tests}.values()))  # a mapping has each key once


def _happened(rng: Random, ground: Ground) -> Happened:
    table = next(iter(ground.setting.catalog.events.values()))
    columns = {one.name: (one.type, ground.setting.domains[table.name, one.name]) for one in table.columns}
    where = random_filter(Random(1), columns) if rng.random() < 0.5 else None
    op = rng.choice(("eq", "gte", "lt", "lte", "ne"))
    return Happened(table.name, where, (Test(op, rng.choice((0, 1, 2, 5))),))


worlds = st.integers(0, 2**32 - 1).map(world)


@given(worlds)
@settings(max_examples=12)
def test_what_is_never_or_always_true_is_so_of_every_player(one: World) -> None:
    for rule in one.rules:
        cosmos = one.cosmos()
        made = formula(rule, cosmos)
        answers = {one.holds(rule, player) for player in one.players}

        assert not (never(made, NOTHING, cosmos) and True in answers), rule
        assert not (always(made, NOTHING, cosmos) and False in answers), rule


@given(worlds)
@settings(max_examples=12)
def test_what_is_implied_holds_wherever_the_other_does(one: World) -> None:
    for rule, other in zip(one.rules, one.rules[1:], strict=False):
        cosmos = one.cosmos()
        made, wanted = formula(rule, cosmos), formula(other, cosmos)
        known = assumed(made, NOTHING, cosmos)

        if known is None or always(wanted, known, cosmos) or implies(made, wanted, cosmos):
            assert [
                player for player in one.players if one.holds(rule, player) and not one.holds(other, player)
            ] == []


@given(worlds)
@settings(max_examples=12)
def test_a_condition_that_changes_nothing_can_go(one: World) -> None:
    for rule in one.rules:
        cosmos = one.cosmos()
        for found in walked(formula(rule, cosmos), cosmos).found:
            fewer = _without(rule, found)
            if fewer is not None:
                assert [one.holds(rule, player) for player in one.players] == [
                    one.holds(fewer, player) for player in one.players
                ], found.part.rule


@given(worlds)
@settings(max_examples=12)
def test_a_normal_form_means_the_same(one: World) -> None:
    for rule in one.rules:
        short = normal(rule, NAMES)

        assert [one.holds(rule, player) for player in one.players] == [
            one.holds(short, player) for player in one.players
        ]


def test_rules_of_few_fields_meet_often() -> None:
    """The laws above speak of something: such findings exist in number."""
    found = [one.what for seed in range(20) for one in _all_found(world(seed))]

    assert min(found.count(what) for what in ("never", "always", "spare")) > 20


def _all_found(one: World) -> list[Found]:
    made = [(formula(rule, cosmos), cosmos) for rule in one.rules for cosmos in [one.cosmos()]]
    return [found for rule, cosmos in made for found in walked(rule, cosmos).found]


def _without(rule: Rule, found: Found) -> Rule | None:
    """The rule without a part that changes nothing, or that never does where it stands in `any` or `none`."""
    parent = found.parent.rule if found.parent is not None else None
    removable = found.what == "spare" or (
        found.what == "never" and isinstance(parent, Group) and parent.word in ("any", "none")
    )
    if not removable or not isinstance(parent, Group) or len(parent.rules) == 1 or found.root:
        return None
    if found.what == "never" and not any(part is found.part.rule for part in parent.rules):
        return None
    return _rebuilt(rule, parent, found.part)


def _rebuilt(rule: Rule, parent: Group, part: Formula | Leaf) -> Rule:
    if not isinstance(rule, Group):
        return rule
    if rule is parent:
        return replace(rule, rules=tuple(one for one in rule.rules if one is not part.rule))
    return replace(rule, rules=tuple(_rebuilt(one, parent, part) for one in rule.rules))
