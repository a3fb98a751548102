"""Random rules over a setting, with constants taken from what its players have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from segctl.model.catalog import AgeOf, Aggregate, Attribute, ByMoney, Field, Metric
from segctl.model.evaluate import field_value
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.measures import Dimensions
from segctl.model.rule import Compare, Group, InSegment, Money, Rule
from segctl.model.time import Lifetime, Window
from tests.support.catalogs import Setting
from tests.support.conditions import random_test
from tests.support.pools import Pools


@dataclass(frozen=True, slots=True)
class Ground:
    """What rules can speak of."""

    setting: Setting
    players: Sequence[PlayerFacts]
    pools: Pools


def random_rules(rng: Random, ground: Ground, count: int = 40) -> dict[str, Rule]:
    """Rules by segment name; each may ask about the segments before it."""
    rules: dict[str, Rule] = {}
    for place in range(count):
        rules[f"segment-{place}"] = _rule(rng, ground, list(rules), rng.choice((0, 1, 1, 2, 3)), Lifetime())
    return rules


def _rule(rng: Random, ground: Ground, segments: Sequence[str], depth: int, window: Window) -> Rule:
    if not depth:
        return _condition(rng, ground, segments, window)
    during = rng.choice(ground.pools.windows) if rng.random() < 0.5 else None
    word = rng.choice(("all", "any", "none"))
    size = rng.randint(1 if word == "none" or during else 2, 4 if depth == 1 else 3)
    parts = tuple(_rule(rng, ground, segments, rng.randrange(depth), during or window) for _ in range(size))
    return Group(word, parts, during)


def _condition(rng: Random, ground: Ground, segments: Sequence[str], window: Window) -> Rule:
    if segments and rng.random() < 0.08:
        return InSegment(tuple(rng.sample(segments, min(len(segments), rng.randint(1, 2)))))
    catalog = ground.setting.catalog
    name = rng.choice(list(catalog.attributes if rng.random() < 0.45 else catalog.metrics))
    field = catalog.field(name)
    assert field is not None
    dimensions, money = _narrowed(rng, field, ground) if isinstance(field, Metric) else ((), None)
    asked = Compare(name, (), dimensions, money)
    facts = _facts(rng, asked, field, ground, window)
    tests = tuple(random_test(rng, field.type, facts, ground.pools) for _ in range(rng.choice((1, 1, 1, 1, 2))))
    return replace(asked, tests=tests)


def _narrowed(rng: Random, metric: Metric, ground: Ground) -> tuple[Dimensions, Money | None]:
    how = metric.how
    if isinstance(how, ByMoney):
        table, money = how.both.events, rng.choice(("real", "bonus", "both", None))
    elif isinstance(how, Aggregate):
        table, money = how.events, None
    else:
        return (), None
    used = [name for name in metric.dimensions if rng.random() < 0.5]
    values = ground.setting.domains
    return tuple((name, tuple(rng.sample(values[table, name], rng.randint(1, 3)))) for name in used), money


def _facts(rng: Random, asked: Compare, field: Field, ground: Ground, window: Window) -> Sequence[Fact]:
    """What the field is: of any player for a stored attribute, else of two players at random."""
    if isinstance(field, Attribute) and not isinstance(field.source, AgeOf):
        return ground.setting.domains["", field.name]
    return [
        field_value(
            field.name,
            player,
            catalog=ground.setting.catalog,
            clock=ground.pools.clock,
            window=window,
            dimensions=asked.dimensions,
            money=asked.money,
        )
        for player in rng.choices(ground.players, k=2)
    ]
