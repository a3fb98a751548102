"""Random rules over a setting, with constants taken from what its players have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from segctl.model.catalog import AgeOf, Aggregate, Attribute, ByMoney, Field, Metric
from segctl.model.evaluate import field_value
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.measures import Dimensions
from segctl.model.operators import OPERATORS
from segctl.model.rule import (
    Bucket,
    Compare,
    Group,
    InSegment,
    Money,
    Named,
    Operator,
    Rule,
    WasInSegment,
)
from segctl.model.time import Lifetime, Window
from tests.support.catalogs import Setting
from tests.support.conditions import random_group, random_test
from tests.support.happenings import random_happened, random_sequence
from tests.support.pools import Pools

LIFETIME = Lifetime()
ENDS = [Decimal(text) for text in ("0", "10", "12.5", "50", "66.67", "90", "100")]
SINCE: list[Operator] = [op for op in OPERATORS["datetime"] if op not in ("is_set", "anniversary_within")]


@dataclass(frozen=True, slots=True)
class Ground:
    """What rules can speak of. `segments` and `named` are the segments and the rules that may be used by name."""

    setting: Setting
    players: Sequence[PlayerFacts]
    pools: Pools
    segments: Sequence[str] = ()
    named: Sequence[str] = ()


def random_rule(rng: Random, ground: Ground, depth: int, window: Window = LIFETIME) -> Rule:
    """A condition, or groups at most `depth` deep, under a `during`."""
    if not depth:
        return _condition(rng, ground, window)
    during = rng.choice(ground.pools.windows) if rng.random() < 0.5 else None
    size = rng.randint(2, 4 if depth == 1 else 3)
    parts = [random_rule(rng, ground, rng.randrange(depth), during or window) for _ in range(size)]
    if rng.random() < 0.15:
        return Group("none", (parts[0],), during)
    return random_group(rng, parts, during)


def _condition(rng: Random, ground: Ground, window: Window) -> Rule:
    setting, pools = ground.setting, ground.pools
    kind = rng.random()
    if kind < 0.1:
        return _membership(rng, ground)
    if kind < 0.18:
        return random_happened(rng, setting, pools)
    if kind < 0.25:
        return random_sequence(rng, setting)
    if kind < 0.28:
        ends = sorted(rng.sample(ENDS, 2))
        return Bucket(rng.choice(("spring", "spring-2", "é")), ends[0], ends[1])
    if kind < 0.31 and ground.named:
        return Named(rng.choice(ground.named))
    return random_comparison(rng, ground, window)


def _membership(rng: Random, ground: Ground) -> Rule:
    if not ground.segments:
        return random_sequence(rng, ground.setting)
    names = tuple(rng.sample(ground.segments, min(len(ground.segments), rng.choice((1, 1, 2, 3)))))
    kind = rng.random()
    if kind < 0.4:
        return InSegment(names)
    if kind < 0.75:
        tests = [random_test(rng, "datetime", ground.pools.instants, ground.pools, SINCE) for _ in range(2)]
        return InSegment(names, tuple(tests[: rng.choice((1, 1, 2))]))
    return WasInSegment(names, rng.choice([None, *ground.pools.windows]))


def random_comparison(rng: Random, ground: Ground, window: Window) -> Rule:
    catalog = ground.setting.catalog
    family = rng.random()
    fields = catalog.attributes if family < 0.42 else catalog.metrics if family < 0.87 else catalog.scores
    name = rng.choice(list(fields))
    field = catalog.field(name)
    assert field is not None
    dimensions, money = _narrowed(rng, field, ground) if isinstance(field, Metric) else ((), None)
    asked = Compare(name, (), dimensions, money)
    facts = likely_facts(rng, asked, field, ground, window)
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


def likely_facts(rng: Random, asked: Compare, field: Field, ground: Ground, window: Window) -> Sequence[Fact]:
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
