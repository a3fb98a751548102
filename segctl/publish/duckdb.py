"""Published tables in a DuckDB file: a pass is one transaction, and while it lasts nobody else opens the file."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from segctl.base.errors import Refused
from segctl.publish.engine import MEMORY, Engine, columns_of
from segctl.publish.kept import cursor_of, kept_text
from segctl.publish.mirror import CHANGE, CHANGES, MEMBER, MEMBERS, PUBLISHED, Cursor, Put, Settle, Staged
from segctl.publish.refusals import AGAIN, foreign, unreadable

_RETRY_SECONDS: Final = 0.1
_HOLDER: Final = re.compile(r"PID (\d+)")
_TABLES: Final = {
    MEMBERS: columns_of(MEMBER),
    CHANGES: columns_of(CHANGE),
    PUBLISHED: "lineage VARCHAR, serial BIGINT, published_at TIMESTAMPTZ, kept VARCHAR",
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@contextmanager
def open_duckdb(path: Path, schema: str, lock_timeout_seconds: float) -> Iterator[DuckDB]:
    """A pass in a transaction that `finish` commits. The file is made if it is not there. Raises: Refused."""
    connection = _connected(path, lock_timeout_seconds)
    try:
        connection.execute(f"SET preserve_insertion_order = false; SET memory_limit = '{MEMORY}'")
        connection.execute("BEGIN TRANSACTION")
        yield DuckDB(connection, schema, str(path))
    except duckdb.Error as error:
        raise refusal(error, str(path)) from None
    finally:
        # what is not committed by now is not kept
        connection.close()


class DuckDB:
    """The mirror in a file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, schema: str, where: str) -> None:
        self._connection = connection
        self._schema = schema
        self.where = where
        # in full: a file may be called like the schema
        self._catalog = str(connection.execute("SELECT current_database()").fetchall()[0][0]).replace('"', '""')
        self._engine = Engine(connection, self._table)

    def cursor(self) -> Cursor | None:
        asked = (
            "SELECT table_name FROM duckdb_tables()"
            " WHERE database_name = current_database() AND schema_name = $1 AND NOT temporary"
        )
        there = {name for (name,) in self._engine.rows(asked, [self._schema])} & _TABLES.keys()
        if PUBLISHED not in there:
            if there:
                raise foreign(self.where, min(there))
            self._engine.fresh = True
            return None
        table = self._table(PUBLISHED)
        rows = self._engine.rows(f"SELECT lineage, serial, epoch_us(published_at), kept FROM {table}")
        try:
            ((lineage, serial, micros, kept),) = rows
            return cursor_of(lineage, serial, _EPOCH + timedelta(microseconds=micros), kept)
        except (ValueError, TypeError, KeyError) as error:
            raise unreadable(self.where, PUBLISHED) from error

    def make(self) -> None:
        """The schema and the tables, as far as they are not there."""
        self._engine.run(f'CREATE SCHEMA IF NOT EXISTS "{self._catalog}"."{self._schema}"')
        for name, columns in _TABLES.items():
            self._engine.run(f"CREATE TABLE IF NOT EXISTS {self._table(name)} ({columns})")

    def stage(self, name: Staged, tables: Iterable[Any]) -> int:
        return self._engine.stage(name, tables)

    def settle(self, settle: Settle) -> Put:
        return self._engine.settle(settle)

    def finish(self, cursor: Cursor) -> None:
        self._engine.run(f"DELETE FROM {self._table(PUBLISHED)}")
        self._engine.run(
            f"INSERT INTO {self._table(PUBLISHED)} VALUES ($1, $2, $3, $4)",
            [cursor.lineage, cursor.serial, cursor.at, kept_text(cursor)],
        )
        self._connection.execute("COMMIT")

    def _table(self, name: str) -> str:
        return f'"{self._catalog}"."{self._schema}".{name}'


def refusal(error: duckdb.Error, where: str) -> Refused:
    """What DuckDB could not do, without its words, which may repeat values."""
    if isinstance(error, duckdb.CatalogException):
        return Refused(f"{where} lacks a table that segctl made.", "Put it right: segctl publish --full")
    if isinstance(error, duckdb.BinderException):
        return Refused(
            f"{where} has tables of other columns than segctl's.", "Drop them, and run the same command again."
        )
    if isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
        return Refused(f"{where} cannot be written: no room on the disk or in memory, or the disk fails.", AGAIN)
    return Refused(f"{where} could not do it ({type(error).__name__} of DuckDB {duckdb.__version__}).", AGAIN)


def _connected(path: Path, lock_timeout_seconds: float) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + lock_timeout_seconds
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
    while True:
        try:
            return duckdb.connect(str(path))
        except duckdb.Error as error:
            if "lock" not in str(error):
                raise Refused(
                    f"{path} is no file that DuckDB {duckdb.__version__} can write.",
                    "Check `publish` in segctl.yaml, and the rights of the file and its folder.",
                ) from error
            if time.monotonic() > deadline:
                raise _locked(path, str(error)) from error
            time.sleep(_RETRY_SECONDS)


def _locked(path: Path, said: str) -> Refused:
    holder = _HOLDER.search(said)
    who = f"process {holder[1]}" if holder else "another process"
    return Refused(
        f"{path} is in use by {who}.", "Close it there, or wait longer with --lock-timeout, and run this again."
    )
