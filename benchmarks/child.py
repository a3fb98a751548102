"""One evaluation in a process of its own, so that its peak memory can be told. Prints JSON.

`python -m benchmarks.child [postgres-]all-at-once|one-query|scan PROJECT WAREHOUSE MEMBERS`
"""

from __future__ import annotations

import json
import pickle
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi
import duckdb
import numpy as np
import pyarrow.compute as pc
from pyroaring import BitMap

from benchmarks import allatonce, onequery
from benchmarks.corpus import Corpus, corpus
from benchmarks.scan import postgres_scan, scan

KIB_PER_MIB = 1024


def main() -> None:
    side, project, warehouse, members = sys.argv[1:]
    asked = corpus(Path(project))
    if side.endswith("scan"):
        wall, cpu = scan(asked, Path(warehouse)) if side == "scan" else postgres_scan(asked, warehouse)
        json.dump({"seconds": wall, "cpu": cpu}, sys.stdout)
        return
    postgres = side.startswith("postgres-")
    if side.endswith("all-at-once"):
        result, found = _all_at_once(asked, warehouse if postgres else f"duckdb:///{warehouse}")
    elif postgres:
        result, found = _one_query(
            onequery.postgres_answers(asked, warehouse), _postgres_players(asked, warehouse)
        )
    else:
        result, found = _one_query(onequery.answers(asked, Path(warehouse)), _players(asked, Path(warehouse)))
    Path(members).write_bytes(pickle.dumps(found))
    json.dump(result, sys.stdout)


def _all_at_once(asked: Corpus, warehouse: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    run = allatonce.run(asked, warehouse)
    result = {
        "seconds": sum(wall for _, wall, _ in run.stages),
        "cpu": sum(cpu for _, _, cpu in run.stages),
        "peak_mib": _peak_mib(),
        "stages": run.stages,
        "features": run.features,
        "players": len(run.players),
    }
    # the first run of a numbering counts the players in the order of their ids, as `_one_query` does
    return result, {name: members.serialize() for (_, name), members in run.evaluated.members.items()}


def _one_query(
    answers: Iterator[onequery.Answer], players: Any, *, postgres: bool = False
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Turning ids into numbers, to compare them with the other side, is not timed."""
    found: dict[str, bytes] = {}
    timed: dict[str, tuple[float, float]] = {}
    for answer in answers:
        timed[answer.name] = answer.seconds, answer.cpu
        places = pc.index_in(answer.ids, value_set=players).to_numpy(zero_copy_only=False)
        found[answer.name] = BitMap(places.astype(np.uint32)).serialize()
    # PostgreSQL works in processes of its own, so there the clock says which query was slow
    told = 1 if postgres else 2
    slowest = sorted(((name, *both) for name, both in timed.items()), key=lambda one: -one[told])[:10]
    result = {
        "seconds": sum(wall for wall, _ in timed.values()),
        "cpu": sum(cpu for _, cpu in timed.values()),
        "peak_mib": _peak_mib(),
        "slowest": slowest,
    }
    return result, found


def _players(asked: Corpus, warehouse: Path) -> Any:
    """All ids in their order."""
    table, key = asked.world.catalog.player.table, asked.world.catalog.player.key
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        ids = connection.sql(f"SELECT {key} FROM {table}").to_arrow_table().column(0).combine_chunks()
    return ids.take(pc.sort_indices(ids))


def _postgres_players(asked: Corpus, address: str) -> Any:
    table, key = asked.world.catalog.player.table, asked.world.catalog.player.key
    with adbc_driver_postgresql.dbapi.connect(address) as connection, connection.cursor() as cursor:
        ids = cursor.execute(f"SELECT {key} FROM {table}").fetch_arrow_table().column(0).combine_chunks()
    return ids.take(pc.sort_indices(ids))


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB


if __name__ == "__main__":
    main()
