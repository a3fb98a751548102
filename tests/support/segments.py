"""Random segments of every type, with what may stand beside their rules; each may use those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from segctl.model.catalog import Metric
from segctl.model.evaluate import holds
from segctl.model.expand import Names, expanded
from segctl.model.rule import Compare, Group, Rule, Test, used_segments
from segctl.model.segment import Adjustment, Limit, PlayerList, Segment, SegmentType
from segctl.model.strict import strict
from tests.support.conditions import random_group
from tests.support.facts import PLAYER_IDS
from tests.support.happenings import random_trigger
from tests.support.pools import LISTS, TEXTS
from tests.support.rules import Ground, random_rule
from tests.support.world import query_of

TYPES: Sequence[SegmentType] = ["dynamic"] * 12 + ["static", "players", "players", "triggered", "triggered", "sql"]
PURPOSES = ["analysis", "analysis", "marketing", "marketing", "service"]
RANKED = ("integer", "number", "money", "date", "datetime")
# Segments that guards and named rules may ask about: no guard holds of them, so there are no circles.
BASE = 5
NAMED_RULES = 4


def random_names(rng: Random, ground: Ground) -> Names:
    """Lists, and rules that use segments of the base and the rules before them."""
    rules: dict[str, Rule] = {}
    for place in range(NAMED_RULES):
        rules[f"rule-{place}"] = random_rule(rng, replace(ground, named=list(rules)), rng.choice((0, 1, 2)))
    return Names(rules, {name: tuple(rng.sample(TEXTS, rng.randint(1, 6))) for name in LISTS})


def random_guards(rng: Random, ground: Ground, names: Names) -> dict[str, Rule]:
    """Of two purposes, mostly such that a third of the players pass."""
    return {purpose: _guard(rng, ground, names) for purpose in ("marketing", "service")}


def random_base(rng: Random, ground: Ground) -> dict[str, Segment]:
    """Segments without a guard and without names of other documents."""
    return _segments(rng, ground, {}, range(BASE), ["analysis"])


def random_segments(rng: Random, ground: Ground, base: Mapping[str, Segment], count: int) -> dict[str, Segment]:
    """The base, and after it segments of every purpose."""
    return _segments(rng, ground, base, range(BASE, count), PURPOSES)


def _guard(rng: Random, ground: Ground, names: Names) -> Rule:
    catalog, clock = ground.setting.catalog, ground.pools.clock
    rule: Rule | None = None
    for _ in range(5):
        rule = random_group(
            rng, [random_rule(rng, ground, rng.choice((0, 0, 1))) for _ in range(rng.randint(1, 3))]
        )
        closed = strict(expanded(rule, names), catalog)
        passing = [player for player in ground.players if holds(closed, player, catalog=catalog, clock=clock)]
        if len(passing) * 3 >= len(ground.players):
            break
    assert rule is not None
    return rule


def _segments(
    rng: Random, ground: Ground, base: Mapping[str, Segment], places: range, purposes: Sequence[str]
) -> dict[str, Segment]:
    found = dict(base)
    for place in places:
        here = replace(ground, segments=list(found))
        name = f"segment-{place}"
        found[name] = _beside(rng, here, _segment(rng, here, name, rng.choice(purposes)))
    return found


def _segment(rng: Random, ground: Ground, name: str, purpose: str) -> Segment:
    kind = rng.choice(TYPES)
    rules: Rule | None = random_rule(rng, ground, rng.choice((0, 1, 1, 2, 3)))
    if kind not in ("dynamic", "static") and rng.random() < 0.5:
        rules = None
    bare = Segment(name, kind, rules, purpose=purpose)
    match kind:
        case "players":
            return replace(bare, players=PlayerList(_ids(rng, 8)))
        case "triggered":
            return replace(bare, trigger=random_trigger(rng, ground.setting, ground.pools))
        case "sql":
            return replace(bare, query=query_of(name))
        case _:
            return bare


def _beside(rng: Random, ground: Ground, bare: Segment) -> Segment:
    return replace(
        bare,
        include=_adjustments(rng, ground) if rng.random() < 0.15 else (),
        exclude=_adjustments(rng, ground) if rng.random() < 0.2 else (),
        limit=_limit(rng, ground) if rng.random() < 0.2 else None,
        scope=_scope(rng, ground) if rng.random() < 0.12 else None,
    )


def _adjustments(rng: Random, ground: Ground) -> tuple[Adjustment, ...]:
    today = ground.pools.clock.today
    return tuple(
        Adjustment(
            _ids(rng, 4),
            tuple(rng.sample(ground.segments, min(len(ground.segments), rng.choice((0, 0, 1, 2))))),
            until=rng.choice([None, None, *(today + timedelta(days=off) for off in (-1, 0, 1))]),
        )
        for _ in range(rng.randint(1, 3))
    )


def _ids(rng: Random, most: int) -> tuple[str, ...]:
    """Some that the warehouse knows, some that it does not."""
    return tuple(rng.sample(PLAYER_IDS, rng.randint(0, most)))


def _limit(rng: Random, ground: Ground) -> Limit:
    catalog = ground.setting.catalog
    field = rng.choice([field for field in catalog.fields.values() if field.type in RANKED])
    during = rng.choice(ground.pools.windows) if isinstance(field, Metric) and rng.random() < 0.5 else None
    percent = Decimal(rng.choice(("5", "33.3", "50", "58.34", "99.99")))
    top, share = (rng.randint(1, 8), None) if rng.random() < 0.6 else (None, percent)
    return Limit(field.name, top, share, rng.choice(("asc", "desc")), during)


def _scope(rng: Random, ground: Ground) -> Rule:
    """Equality with a value or one of several, of one attribute or two; many players pass."""
    setting = ground.setting
    names = [
        name for name, field in setting.catalog.attributes.items() if field.type in ("string", "boolean", "list")
    ]
    conditions: list[Rule] = []
    for name in sorted(rng.sample(names, rng.choice((1, 1, 2)))):
        values, kind = setting.domains["", name], setting.catalog.attributes[name].type
        if kind == "boolean":
            conditions.append(Compare(name, (Test("eq", rng.random() < 0.5),)))
        else:
            several = tuple(rng.sample(values, min(len(values), rng.randint(2, 5))))
            conditions.append(Compare(name, (Test("contains_any" if kind == "list" else "in", several),)))
    return conditions[0] if len(conditions) == 1 else Group("all", tuple(conditions))


def asked(rule: Rule | None, names: Names) -> frozenset[str]:
    """The segments that a rule asks about, itself and through named rules."""
    return frozenset() if rule is None else used_segments(expanded(rule, names))
