"""Random conditions on events, and events that let players in and out."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from segctl.model.catalog import EventTable
from segctl.model.operators import NUMERIC
from segctl.model.rule import Happened, Operator, Rule, Step, Test
from segctl.model.rule import Sequence as InOrder
from segctl.model.segment import Trigger
from segctl.model.time import Duration
from tests.support.catalogs import Setting, columns_of
from tests.support.conditions import random_filter, random_test
from tests.support.pools import DURATIONS, Pools

COMPARISONS: list[Operator] = [op for op in NUMERIC if op != "is_set"]
SHORT = [Duration(seconds=seconds) for seconds in (0, 60, 900, 3600)]
EXACT = [*SHORT, *(duration for duration in DURATIONS if not duration.months)]


def random_happened(rng: Random, setting: Setting, pools: Pools) -> Happened:
    """Did it, did not, so often, for so much."""
    table = _table(rng, setting)
    exact = [column for column in table.columns if column.type in ("integer", "money")]
    counts = () if rng.random() < 0.4 else (random_test(rng, "integer", [0, 1, 2, 3, 5], pools, COMPARISONS),)
    sums: dict[str, tuple[Test, ...]] = {}
    for column in rng.sample(exact, rng.choice((0, 0, 1, 2))):
        values = _totals(rng, setting.domains[table.name, column.name])
        sums[column.name] = (random_test(rng, column.type, values, pools, COMPARISONS),)
    during = rng.choice(pools.windows) if rng.random() < 0.4 else None
    return Happened(table.name, _where(rng, table, setting), counts, tuple(sorted(sums.items())), during)


def random_sequence(rng: Random, setting: Setting) -> InOrder:
    """Two to four steps, often of one table, where instants are often equal."""
    first = _table(rng, setting)
    tables = [first if rng.random() < 0.5 else _table(rng, setting) for _ in range(rng.choice((2, 2, 3, 4)))]
    return InOrder(
        tuple(Step(table.name, _where(rng, table, setting)) for table in tables),
        rng.choice(EXACT) if rng.random() < 0.6 else None,
    )


def random_trigger(rng: Random, setting: Setting, pools: Pools) -> Trigger:
    """One event or two that let in, none to two that let out, and for how long."""
    stay = rng.choice([*pools.durations, *DURATIONS]) if rng.random() < 0.6 else None
    return Trigger(
        tuple(_step(rng, setting) for _ in range(rng.choice((1, 1, 2)))),
        tuple(_step(rng, setting) for _ in range(rng.choice((0, 1, 1, 2)))),
        stay,
    )


def _step(rng: Random, setting: Setting) -> Step:
    table = _table(rng, setting)
    return Step(table.name, _where(rng, table, setting))


def _table(rng: Random, setting: Setting) -> EventTable:
    return rng.choice(list(setting.catalog.events.values()))


def _where(rng: Random, table: EventTable, setting: Setting) -> Rule | None:
    return random_filter(rng, columns_of(table, setting.domains), depth=1) if rng.random() < 0.5 else None


def _totals(rng: Random, values: Sequence[Any]) -> Sequence[Any]:
    """Nothing, one value, or a few together."""
    known = [value for value in values if value is not None]
    return [0, rng.choice(known), sum(rng.choices(known, k=3))]
