"""Random catalogs: every type, every home of a field, every measure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from segctl.model.catalog import (
    AgeOf,
    Aggregate,
    Attribute,
    ByMoney,
    Catalog,
    Column,
    Derived,
    Difference,
    EventColumn,
    EventTable,
    Measure,
    MeasureKind,
    Metric,
    PlayerTable,
)
from segctl.model.facts import Fact
from segctl.model.operators import FieldType
from segctl.model.rule import Rule
from tests.support import pools as from_
from tests.support.conditions import random_filter
from tests.support.pools import Pools, unambiguous
from tests.support.scores import ScoreTable, random_scores

ATTRIBUTE_TYPES: list[FieldType] = [
    "string", "string", "number", "integer", "money", "boolean", "date", "date", "datetime", "datetime", "list",
]  # fmt: skip
COLUMN_TYPES: list[FieldType] = [
    *("string", "string", "integer", "money", "money", "number", "boolean", "date", "datetime")
]
QUANTITIES = ("integer", "money", "number")
OVER_NUMBERS: list[MeasureKind] = ["sum", "sum", "avg", "min", "max"]
OVER_ANYTHING: list[MeasureKind] = ["first", "last", "nth", "distinct"]
OVER_ROWS: list[MeasureKind] = ["count", "count", "exists", "count_days", "first", "last", "nth"]

Domains = Mapping[tuple[str, str], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Setting:
    """A catalog, and the few values that each stored field or column takes (by table, "" for attributes, and name)."""

    catalog: Catalog
    domains: Domains
    score_tables: Sequence[ScoreTable] = ()


def random_setting(rng: Random, pools: Pools) -> Setting:
    domains: dict[tuple[str, str], Sequence[Fact]] = {}
    attributes = _attributes(rng, pools, domains)
    tables = [
        _event_table(rng, name, pools, domains) for name in rng.sample(["bets", "pays", "logs"], rng.randint(1, 3))
    ]
    metrics: list[Metric] = []
    for table in tables:
        metrics += [_metric(rng, f"{table.name}_{place}", table, domains) for place in range(rng.randint(4, 9))]
        metrics.append(_by_money(rng, f"{table.name}_money", table, domains))
    for place in range(3):
        metrics += _derived(rng, f"derived_{place}", metrics)
    scores, score_tables = random_scores(rng, pools)
    catalog = Catalog(
        "random",
        "EUR",
        PlayerTable("players", rng.choice(["player_id", "id"])),
        attributes,
        {table.name: table for table in tables},
        {metric.name: metric for metric in metrics},
        scores,
    )
    return Setting(catalog, domains, score_tables)


def domain(rng: Random, kind: FieldType, pools: Pools, *, of_events: bool) -> Sequence[Fact]:
    """A few values of a type. Those of events are small enough to be added up."""
    match kind:
        case "string" | "list":
            return rng.sample(from_.TEXTS, 6)
        case "number":
            return (
                [*from_.EVEN_FLOATS, *rng.choice(([], [math.nan]))] if of_events else rng.sample(from_.FLOATS, 6)
            )
        case "integer":
            return rng.sample(from_.INTEGERS + ([] if of_events else from_.HUGE_INTEGERS), 6)
        case "money":
            return rng.sample(from_.MONEYS + ([] if of_events else from_.HUGE_MONEYS), 6)
        case "boolean":
            return [True, False]
        case "date":
            return [*rng.sample(pools.days, 9), from_.LEAP_DAY]
        case "datetime":
            return rng.sample(pools.near, 8) + rng.sample(pools.instants, 4)


def _attributes(rng: Random, pools: Pools, domains: dict[tuple[str, str], Sequence[Fact]]) -> dict[str, Attribute]:
    attributes = {}
    for place, kind in enumerate(ATTRIBUTE_TYPES):
        name = f"{kind}_{place}"
        values = domain(rng, kind, pools, of_events=False)
        column = _home(rng, name, kind)
        if column.timezone:
            values = [unambiguous(value, from_.ZONES[column.timezone]) for value in values]
        domains["", name] = values
        closed = tuple(values) if kind == "string" and rng.random() < 0.3 else ()
        attributes[name] = Attribute(name, kind, column, closed)
    attributes["age"] = Attribute("age", "integer", AgeOf(rng.choice(["date_6", "date_7"])))
    return attributes


def _home(rng: Random, name: str, kind: FieldType) -> Column:
    zone = rng.choice(["UTC", *from_.ZONES]) if kind == "datetime" and rng.random() < 0.4 else None
    stored = rng.choice([name, f"{name}_col"])
    if kind == "list":
        return Column(stored, f"{name}_rows", rng.choice([None, "owner"]))
    if rng.random() < 0.3:
        return Column(stored, "profiles", "owner", zone)
    return Column(stored, timezone=zone)


def _event_table(
    rng: Random, name: str, pools: Pools, domains: dict[tuple[str, str], Sequence[Fact]]
) -> EventTable:
    kinds: list[FieldType] = ["string", "money", "money", *rng.sample(COLUMN_TYPES, rng.randint(2, 6))]
    zone = rng.choice([None, None, None, *from_.ZONES])
    columns = []
    for place, kind in enumerate(kinds):
        column = f"{kind}_{place}"
        values = domain(rng, kind, pools, of_events=True)
        domains[name, column] = _written_in(zone, values) if kind == "datetime" else values
        closed = tuple(domains[name, column]) if kind == "string" and rng.random() < 0.3 else ()
        columns.append(EventColumn(column, kind, rng.choice([column, f"base_{column}"]), closed))
    columns.append(EventColumn("difference", "money", Difference("money_1", "money_2")))
    domains[name, "when"] = _written_in(zone, rng.sample(pools.instants, 25))
    domains[name, "difference"] = domains[name, "money_1"]
    return EventTable(
        name,
        f"{name}_rows",
        id=rng.choice(["id", "row_id"]),
        player=rng.choice(["player_id", "owner"]),
        time="when",
        columns=tuple(columns),
        ingested=rng.choice([None, "ingested_at"]),
        timezone=zone,
    )


def _written_in(zone: str | None, times: Sequence[Any]) -> list[Any]:
    return [time if zone is None else unambiguous(time, from_.ZONES[zone]) for time in times]


def _metric(rng: Random, name: str, table: EventTable, domains: Domains) -> Metric:
    measure, kind = _measure(rng, table)
    return Metric(
        name, kind, Aggregate(table.name, measure, _maybe_where(rng, table, domains)), _dimensions(rng, table)
    )


def _measure(rng: Random, table: EventTable) -> tuple[Measure, FieldType]:
    column = rng.choice(table.columns)
    family = rng.random()
    if family < 0.35:
        kind = rng.choice(OVER_ROWS)
        types: dict[str, FieldType] = {"count": "integer", "exists": "boolean", "count_days": "integer"}
        return Measure(kind, None, rng.randint(1, 3)), types.get(kind, "datetime")
    if family < 0.6 or column.type not in QUANTITIES:
        kind = rng.choice(OVER_ANYTHING)
        return Measure(kind, column.name, rng.randint(1, 3)), "integer" if kind == "distinct" else column.type
    # sums of binary floating point depend on their order, so the catalog refuses them
    kind = rng.choice(("min", "max") if column.type == "number" else OVER_NUMBERS)
    return Measure(kind, column.name), "number" if kind == "avg" else column.type


def _by_money(rng: Random, name: str, table: EventTable, domains: Domains) -> Metric:
    if rng.random() < 0.5:
        columns = rng.choice([("money_1", "money_2", "difference"), ("money_2", "difference", "money_1")])
        sums = [
            Aggregate(table.name, Measure("sum", column), _maybe_where(rng, table, domains)) for column in columns
        ]
        return Metric(name, "money", ByMoney(*sums), _dimensions(rng, table))
    counts = [Aggregate(table.name, Measure("count"), _maybe_where(rng, table, domains)) for _ in range(3)]
    return Metric(name, "integer", ByMoney(*counts), _dimensions(rng, table))


def _derived(rng: Random, name: str, metrics: Sequence[Metric]) -> list[Metric]:
    """One more metric made of two, where two fit."""
    numbers = [metric for metric in metrics if metric.type in QUANTITIES]
    left, right = rng.choice(numbers), rng.choice(numbers)
    if left.type == right.type and rng.random() < 0.6:
        return [Metric(name, left.type, Derived("subtract", left.name, right.name))]
    return [Metric(name, "number", Derived("ratio", left.name, right.name))]


def _maybe_where(rng: Random, table: EventTable, domains: Domains) -> Rule | None:
    if rng.random() < 0.4:
        return None
    return random_filter(rng, columns_of(table, domains))


def columns_of(table: EventTable, domains: Domains) -> dict[str, tuple[FieldType, Sequence[Any]]]:
    """What a filter may ask of an event: its columns by name, with their types and values."""
    return {column.name: (column.type, domains[table.name, column.name]) for column in table.columns}


def _dimensions(rng: Random, table: EventTable) -> tuple[str, ...]:
    texts = [column.name for column in table.columns if column.type == "string"]
    return tuple(texts[: rng.randint(0, 2)])
