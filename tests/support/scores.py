"""Random scores: tables of their own, several models in one, ties in time, values that are missing or too old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from segctl.model.catalog import EventColumn, EventTable, Score
from segctl.model.facts import Fact
from segctl.model.operators import FieldType
from tests.support import pools as from_
from tests.support.pools import Pools, unambiguous

MODELS = ["churn", "churn-2", "Churn", ""]
MISSING = 0.15


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A physical table of scores. `values` are what its value column takes, `times` when they were given."""

    table: EventTable
    values: Sequence[Any]
    times: Sequence[Any]


def random_scores(rng: Random, pools: Pools) -> tuple[dict[str, Score], list[ScoreTable]]:
    """Scores by name, and the tables that they read."""
    scores: dict[str, Score] = {}
    tables = [_score_table(rng, f"scores_{place}", pools) for place in range(2)]
    for physical in tables:
        for place in range(rng.randint(1, 3)):
            name = f"{physical.table.name}_{place}"
            scores[name] = _score(rng, name, physical, pools)
    return scores, tables


def tables_of_scores(scores: Mapping[str, Score]) -> list[EventTable]:
    """Each physical table once, with every column that any of its scores reads."""
    found: dict[str, EventTable] = {}
    ids = {score.table: score.id for score in scores.values() if score.id is not None}
    for score in scores.values():
        rows = score.rows
        known = found[rows.table].columns if rows.table in found else ()
        columns = {column.name: column for column in (*known, *rows.columns)}
        found[rows.table] = replace(rows, id=ids.get(rows.table, rows.id), columns=tuple(columns.values()))
    return list(found.values())


def random_score_rows(
    rng: Random, scores: Mapping[str, Score], tables: Sequence[ScoreTable], ids: Sequence[str]
) -> dict[str, dict[str, list[Mapping[str, Fact]]]]:
    """By the name of a score's rows and by player; scores of one table have the same rows."""
    found: dict[str, dict[str, list[Mapping[str, Fact]]]] = {}
    for physical in tables:
        numbers = iter(rng.sample(range(1000), 8 * len(ids)))
        rows = {player: [_row(rng, physical, next(numbers)) for _ in range(_count(rng))] for player in ids}
        mine = [score for score in scores.values() if score.table == physical.table.table]
        found |= {score.rows.name: {player: some for player, some in rows.items() if some} for score in mine}
    return found


def _score_table(rng: Random, name: str, pools: Pools) -> ScoreTable:
    kind: FieldType = rng.choice(("number", "number", "integer", "string"))
    zone = rng.choice([None, None, "UTC", *from_.ZONES])
    times = rng.sample(pools.instants, 4) + rng.sample(pools.near, 4)
    values: Sequence[Any] = {
        "number": [0.0, -0.0, 0.25, 0.5, 0.99, float("nan"), float("inf")],
        "integer": rng.sample(from_.INTEGERS, 5),
        "string": rng.sample(from_.TEXTS, 5),
    }[kind]
    table = EventTable(
        name,
        f"{name}_rows",
        id="row_id",
        player=rng.choice(["player_id", "owner"]),
        time="scored_at",
        columns=(EventColumn("score", kind, "score"), EventColumn("model", "string", "model")),
        timezone=zone,
    )
    return ScoreTable(table, values, [unambiguous(time, from_.ZONES[zone]) for time in times] if zone else times)


def _score(rng: Random, name: str, physical: ScoreTable, pools: Pools) -> Score:
    table, where = physical.table, []
    if rng.random() < 0.6:
        where.append(("model", tuple(sorted(rng.sample(MODELS, rng.randint(1, 2))))))
    if table.column("score").type == "string" and rng.random() < 0.3:
        where.append(("score", tuple(sorted(rng.sample(physical.values, 3)))))
    return Score(
        name,
        table.column("score").type,
        table.table,
        value="score",
        time=table.time,
        player=table.player,
        where=tuple(where),
        max_age=rng.choice([None, *pools.durations]),
        id=rng.choice([None, "row_id"]),
        timezone=table.timezone,
    )


def _count(rng: Random) -> int:
    return rng.choice((0, 1, 2, 4, 8))


def _row(rng: Random, physical: ScoreTable, number: int) -> Mapping[str, Fact]:
    return {
        "score": None if rng.random() < MISSING else rng.choice(physical.values),
        "model": None if rng.random() < MISSING else rng.choice(MODELS),
        physical.table.time: None if rng.random() < 0.03 else rng.choice(physical.times),
        "row_id": number,
    }
