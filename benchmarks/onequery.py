"""The peers' way: one query a segment over the same DuckDB file, in dependency order, ids fetched as Arrow.

Segments that others use are kept as tables in memory, so that nothing is computed twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi
import duckdb

from benchmarks.corpus import Corpus
from benchmarks.spelling import DUCKDB, POSTGRES
from benchmarks.statement import statement


@dataclass(frozen=True, slots=True)
class Answer:
    """The members of one segment as an Arrow array of ids; wall and CPU seconds to compile, run and fetch."""

    name: str
    ids: Any
    seconds: float
    cpu: float


def answers(corpus: Corpus, warehouse: Path) -> Iterator[Answer]:
    """Each segment's members, used segments first."""
    used = {name for one in corpus.world.segments.values() for name in one.uses()}
    members: dict[str, str] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
        for name in corpus.names:
            wall, cpu = time.perf_counter(), time.process_time()
            answer = _answer(connection, corpus, name, members)
            if name in used:
                members[name] = f"members_{len(members)}"
                connection.register(members[name], answer)
            yield Answer(name, answer.column(0), time.perf_counter() - wall, time.process_time() - cpu)


def postgres_answers(corpus: Corpus, address: str) -> Iterator[Answer]:
    """The same over PostgreSQL, through ADBC as well; used segments are temporary tables."""
    used = {name for one in corpus.world.segments.values() for name in one.uses()}
    members: dict[str, str] = {}
    with (
        adbc_driver_postgresql.dbapi.connect(address, autocommit=True) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SET timezone = 'UTC'")
        cursor.execute("SET jit = off")
        for name in corpus.names:
            wall, cpu = time.perf_counter(), time.process_time()
            rule = corpus.world.segments[name].rules
            assert rule is not None
            compiled = statement(rule, corpus.world.catalog, corpus.clock, members, POSTGRES)
            cursor.execute(compiled.sql, compiled.values or None)
            answer = cursor.fetch_arrow_table()
            if name in used:
                members[name] = f"members_{len(members)}"
                cursor.adbc_ingest(members[name], answer, mode="create", temporary=True)
            yield Answer(name, answer.column(0), time.perf_counter() - wall, time.process_time() - cpu)


def _answer(connection: duckdb.DuckDBPyConnection, corpus: Corpus, name: str, members: Mapping[str, str]) -> Any:
    rule = corpus.world.segments[name].rules
    assert rule is not None
    compiled = statement(rule, corpus.world.catalog, corpus.clock, members, DUCKDB)
    return connection.sql(compiled.sql, params=list(compiled.values)).to_arrow_table()
