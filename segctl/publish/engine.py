"""Staging and settling inside an open DuckDB: what a file and a folder of Parquet have in common.

Nothing here asks for the engine's calendar, which is an extension: instants are stored, compared and divided.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import duckdb

from segctl.publish.mirror import CHANGES, MEMBERS, STAGED, Put, Settle, Staged
from segctl.publish.statements import Named, Unlike, Words, changes, delete, insert, members, renew

# what does not fit lies beside the file meanwhile; left to itself, DuckDB takes four fifths of the machine
MEMORY: Final = "1GB"
_TYPES: Final = {"int64": "BIGINT", "string": "VARCHAR", "timestamp[us, tz=UTC]": "TIMESTAMPTZ"}


class Engine:
    """Staged rows lie in temporary tables; with `fresh`, members and moves go straight into the tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: Named) -> None:
        self.fresh = False
        self.words = Words(table, lambda name: f"temp.main.{name}", "rowid")
        self._connection = connection
        self._loaded = dict.fromkeys((MEMBERS, CHANGES), 0)
        self.prepare()

    def prepare(self) -> None:
        """Staged tables, all empty."""
        for name, fields in STAGED.items():
            self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns_of(fields)})")

    def stage(self, name: Staged, tables: Iterable[Any]) -> int:
        """Takes rows. How many."""
        target = {"arriving": MEMBERS, "moves": CHANGES}.get(name) if self.fresh else None
        into = self.words.table(target) if target else self.words.staged(name)
        count = 0
        for table in tables:
            self._connection.register("segctl_rows", table)
            self.run(f"INSERT INTO {into} ({', '.join(STAGED[name].names)}) SELECT * FROM segctl_rows")
            self._connection.unregister("segctl_rows")
            count += len(table)
        if target is not None:
            self._loaded[target] += count
        return count

    def settle(self, settle: Settle) -> Put:
        """Makes the tables as is staged, and forgets what was."""
        if self.fresh:
            self.fresh = False
            return Put(added=self._loaded[MEMBERS], told=self._loaded[CHANGES])
        some, moved = members(self.words, settle), changes(self.words, settle)
        removed, untold = self._deleted(some), self._deleted(moved)
        renewed = self.run(renew(self.words))
        added = self.run(insert(some, ", ".join(STAGED["arriving"].names)))
        told = self.run(insert(moved, ", ".join(STAGED["moves"].names)))
        self.prepare()
        return Put(added, removed, renewed, told, untold)

    def run(self, statement: str, values: Any = None) -> int:
        """Runs a statement that changes rows. How many."""
        found = self._connection.execute(statement, values).fetchone()
        return int(found[0]) if found else 0

    def rows(self, statement: str, values: Any = None) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()

    def _deleted(self, unlike: Unlike) -> int:
        return sum(self.run(delete(unlike, extra)) for extra in unlike.extra)


def columns_of(fields: Any) -> str:
    """The columns of an Arrow schema as DuckDB declares them."""
    return ", ".join(f"{field.name} {_TYPES[str(field.type)]}" for field in fields)
