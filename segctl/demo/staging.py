"""Moments kept in a DuckDB file of their own until they are read back in the order of time. Draws nothing."""

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from segctl.demo.moments import Moments, from_arrow

BATCH_ROWS = 491_520
"""Four of DuckDB's row groups: they are then written as they come."""


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Appends rows by the names of their columns."""
    connection.register("new_rows", rows)
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM new_rows")
    connection.unregister("new_rows")


def insert_all(connection: duckdb.DuckDBPyConnection, tables: dict[str, pa.Table]) -> None:
    """Appends to several tables with one commit: fewer cost memory, more cost time."""
    connection.begin()
    for table, rows in tables.items():
        insert(connection, table, rows)
    connection.commit()


def in_time_order(staging: duckdb.DuckDBPyConnection, table: str) -> Iterator[Moments]:
    """The moments of a table, BATCH_ROWS at a time, the rest at the end: draws depend on where a batch begins."""
    waiting: list[pa.RecordBatch] = []
    for batch in staging.sql(f"SELECT * FROM {table} ORDER BY ALL").to_arrow_reader(BATCH_ROWS):
        waiting.append(batch)
        while sum(len(each) for each in waiting) >= BATCH_ROWS:
            rows = pa.Table.from_batches(waiting)
            yield from_arrow(rows.slice(0, BATCH_ROWS))
            waiting = rows.slice(BATCH_ROWS).to_batches()
    if waiting:
        yield from_arrow(pa.Table.from_batches(waiting))
