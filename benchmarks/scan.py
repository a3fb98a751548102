"""The unit of a full evaluation: the engine's own single scan of the columns that the questions need.

Each table is read once, and every value of every needed column is looked at: numbers are summed, texts measured by
length, instants and dates combined. What the engine knows without reading (row counts, least and greatest) is no
help.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from sqlalchemy.sql import visitors

from benchmarks.corpus import Corpus
from segctl.sql.ask import ask
from segctl.sql.dialects import InWarehouse, home_of
from segctl.sql.lower import lower
from segctl.sql.statements import statement

# by the beginning of a type's name
LOOKS = {
    "VARCHAR": "sum(strlen({}))",
    "TIMESTAMP": "bit_xor(epoch_us({}))",
    "DATE": "sum(year({}))",
    "BOOLEAN": "sum(CAST({} AS INTEGER))",
}
POSTGRES_LOOKS = {
    "text": "sum(octet_length({}))",
    "character": "sum(octet_length({}))",
    "timestamp": "max({})",
    "date": "max({})",
    "boolean": "sum(CAST({} AS integer))",
}


def columns(corpus: Corpus) -> dict[str, list[str]]:
    """The columns that the questions of all segments need, by table."""
    program = lower(corpus.subjects(), corpus.world.catalog)
    asked = ask(program, corpus.clock)
    found: dict[str, set[str]] = defaultdict(set)
    for question in (asked.players, *asked.questions):
        for element in visitors.iterate(statement(question, corpus.clock.zone)):
            if isinstance(element, InWarehouse) and home_of(element.table):
                found[home_of(element.table)].add(str(element.name))
    return {name: sorted(several) for name, several in sorted(found.items())}


def scan(corpus: Corpus, warehouse: Path) -> tuple[float, float]:
    """Wall and CPU seconds of one scan."""
    needed = columns(corpus)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        types = {
            (table, name): kind
            for table, name, kind in connection.sql(
                "SELECT table_name, column_name, data_type FROM duckdb_columns()"
            ).fetchall()
        }
        return _timed(_statements(needed, types, LOOKS), lambda one: connection.sql(one).to_arrow_table())


def postgres_scan(corpus: Corpus, address: str) -> tuple[float, float]:
    """The same on PostgreSQL; its own processor time is not known here."""
    with psycopg.connect(address) as connection:
        types = {
            (table, name): kind
            for table, name, kind in connection.execute(
                "SELECT table_name, column_name, data_type FROM information_schema.columns"
            )
        }
        statements = _statements(columns(corpus), types, POSTGRES_LOOKS)
        return _timed(statements, lambda one: connection.execute(one.encode()).fetchall())


def _timed(statements: list[str], run: Callable[[str], Any]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    for one in statements:
        run(one)
    return time.perf_counter() - wall, time.process_time() - cpu


def _statements(
    needed: Mapping[str, list[str]], types: Mapping[tuple[str, str], str], looks: Mapping[str, str]
) -> list[str]:
    return [
        _statement(table, several, [types[table, name] for name in several], looks)
        for table, several in needed.items()
    ]


def _statement(table: str, several: list[str], types: list[str], known: Mapping[str, str]) -> str:
    looks = (next((look for kind, look in known.items() if one.startswith(kind)), "sum({})") for one in types)
    return f"SELECT {', '.join(look.format(name) for look, name in zip(looks, several, strict=True))} FROM {table}"
