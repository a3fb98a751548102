"""The unit of a full evaluation: the engine's own single scan of the columns that the questions need.

Each table is read once, and every value of every needed column is looked at: numbers are summed, texts measured by
length, instants and dates combined. What the engine knows without reading (row counts, least and greatest) is no
help.
"""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import duckdb
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
        statements = [_statement(connection, name, several) for name, several in needed.items()]
        wall, cpu = time.perf_counter(), time.process_time()
        for one in statements:
            connection.sql(one).to_arrow_table()
        return time.perf_counter() - wall, time.process_time() - cpu


def _statement(connection: duckdb.DuckDBPyConnection, table: str, several: list[str]) -> str:
    types = {row[0]: str(row[1]) for row in connection.sql(f"DESCRIBE {table}").fetchall()}
    looks = (
        next((look for kind, look in LOOKS.items() if types[name].startswith(kind)), "sum({})") for name in several
    )
    return f"SELECT {', '.join(look.format(name) for look, name in zip(looks, several, strict=True))} FROM {table}"
