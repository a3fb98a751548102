"""Looking at what a warehouse has: its tables, how unique a column is, which values it holds. Reads only.

A new engine gives a `Look` of its own; whoever compares or guesses asks this and knows no engine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from segctl.model.tables import Keys, StoredColumn, Tables
from segctl.warehouse.duckdb_look import look_at_duckdb
from segctl.warehouse.read import DUCKDB, POSTGRES, SPARK, no_engine


class Look(Protocol):
    """An opened warehouse, for as long as somebody looks. Names are those that `tables` gives."""

    def tables(self) -> Tables:
        """All tables and views that can be read."""

    def keys(self, table: str, column: str) -> Keys:
        """How a column tells rows apart."""

    def values(self, table: str, column: StoredColumn, but: Sequence[str], most: int) -> list[tuple[str, int]]:
        """The texts of a column that are none of `but`, with their rows, the most frequent first.

        Those of a list are taken one by one.
        """


@contextmanager
def look_at(url: str, named: Collection[str] | None = None) -> Iterator[Look]:
    """A look at the warehouse at an address. Raises: Refused.

    Where there may be very many tables, only the columns of `named` ones are looked up, if any are.
    """
    if url.startswith(DUCKDB):
        with look_at_duckdb(url.removeprefix(DUCKDB)) as look:
            yield look
    elif url.startswith(POSTGRES):
        from segctl.warehouse.postgres_look import look_at_postgres  # noqa: PLC0415 - its drivers are an extra

        with look_at_postgres(url) as other:
            yield other
    elif url.startswith(SPARK):
        from segctl.warehouse.spark_look import look_at_spark  # noqa: PLC0415 - most projects need no Spark

        with look_at_spark(url, named) as third:
            yield third
    else:
        raise no_engine(url)
