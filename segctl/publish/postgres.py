"""Published tables in a schema of PostgreSQL: a pass is one transaction under an advisory lock.

The lock ends with the transaction, and so does every setting: connections of a pooler do as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql

from segctl.base.address import place
from segctl.base.errors import Refused
from segctl.publish.copying import copy_text
from segctl.publish.kept import cursor_of, kept_text
from segctl.publish.mirror import CHANGES, MEMBERS, PUBLISHED, STAGED, Cursor, Put, Settle, Staged
from segctl.publish.refusals import foreign, postgres_refusal, unreadable
from segctl.publish.statements import Unlike, Words, changes, delete, insert, members, renew

_TYPES: Final = {"int64": "bigint", "string": "text", "timestamp[us, tz=UTC]": "timestamptz"}
_TABLES: Final = {
    MEMBERS: "(segment text NOT NULL, player_id text NOT NULL, since timestamptz)",
    CHANGES: "(serial bigint NOT NULL, changed_at timestamptz NOT NULL, segment text NOT NULL,"
    " player_id text NOT NULL, direction text NOT NULL, cause text NOT NULL)",
    PUBLISHED: "(lineage text NOT NULL, serial bigint NOT NULL, published_at timestamptz NOT NULL,"
    " kept text NOT NULL)",
}
_INDEXES: Final = (
    f"CREATE UNIQUE INDEX IF NOT EXISTS {MEMBERS}_key ON {{}} (segment, player_id)",
    f"CREATE INDEX IF NOT EXISTS {MEMBERS}_player ON {{}} (player_id)",
    f"CREATE UNIQUE INDEX IF NOT EXISTS {CHANGES}_key ON {{}} (player_id, segment, serial, direction, cause)",
)
_LONGEST_MS: Final = 2**31 - 1
_SETTINGS: Final = {
    "search_path": "pg_catalog, pg_temp",
    "TimeZone": "UTC",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "3600s",
    "client_min_messages": "warning",
}
_THERE: Final = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = %s AND c.relname = ANY(%s)"
)


@contextmanager
def open_postgres(address: str, schema: str, lock_timeout_seconds: float) -> Iterator[_Postgres]:
    """A pass in a transaction that `finish` commits. Raises: Refused."""
    where = f"{place(address)} (schema {schema})"
    try:
        with psycopg.connect(
            address, connect_timeout=10, client_encoding="utf8", prepare_threshold=None, application_name="segctl"
        ) as connection:
            _begin(connection, schema, lock_timeout_seconds)
            yield _Postgres(connection, schema, where)
            connection.rollback()
    except psycopg.Error as error:
        raise postgres_refusal(error, where) from None


class _Postgres:
    """Staged rows lie in temporary tables; what is published first goes straight into the tables."""

    def __init__(self, connection: psycopg.Connection[Any], schema: str, where: str) -> None:
        self._connection = connection
        self._schema = schema
        self.where = where
        self._words = Words(self._table, lambda name: f"pg_temp.{name}", "ctid")
        self._fresh = False
        self._loaded = dict.fromkeys((MEMBERS, CHANGES), 0)

    def cursor(self) -> Cursor | None:
        there = {name for (name,) in self._rows(_THERE, self._schema, [MEMBERS, CHANGES, PUBLISHED])}
        if PUBLISHED not in there:
            if there:
                raise foreign(self.where, min(there))
            self._fresh = True
            return None
        rows = self._rows(f"SELECT lineage, serial, published_at, kept FROM {self._table(PUBLISHED)}")
        try:
            ((lineage, serial, at, kept),) = rows
            return cursor_of(lineage, serial, at, kept)
        except (ValueError, TypeError, KeyError) as error:
            raise unreadable(self.where, PUBLISHED) from error

    def make(self) -> None:
        """The schema and the tables, as far as they are not there."""
        if not self._rows("SELECT 1 FROM pg_namespace WHERE nspname = %s", self._schema):
            self._run(f'CREATE SCHEMA "{self._schema}"')
        for name, columns in _TABLES.items():
            self._run(f"CREATE TABLE IF NOT EXISTS {self._table(name)} {columns}")

    def stage(self, name: Staged, tables: Iterable[Any]) -> int:
        target = {"arriving": MEMBERS, "moves": CHANGES}.get(name) if self._fresh else None
        fields = STAGED[name]
        columns = ", ".join(fields.names)
        into = self._table(target) if target else f"pg_temp.{name}"
        if target is None:
            self._temporary(name, fields)
        count = 0
        with self._connection.cursor() as cursor, cursor.copy(_sql(f"COPY {into} ({columns}) FROM STDIN")) as copy:
            for table in tables:
                copy.write(copy_text(table))
                count += len(table)
        if target is None:
            self._run(f"ANALYZE {into}")
        else:
            self._loaded[target] += count
        return count

    def settle(self, settle: Settle) -> Put:
        if self._fresh:
            self._index()
            self._fresh = False
            return Put(added=self._loaded[MEMBERS], told=self._loaded[CHANGES])
        for name, fields in STAGED.items():
            self._temporary(name, fields)
        some, moved = members(self._words, settle), changes(self._words, settle)
        removed, untold = self._deleted(some), self._deleted(moved)
        renewed = self._run(renew(self._words))
        added = self._run(insert(some, ", ".join(STAGED["arriving"].names)))
        told = self._run(insert(moved, ", ".join(STAGED["moves"].names)))
        for name in STAGED:
            self._run(f"DROP TABLE pg_temp.{name}")
        if settle.everything:
            self._index()
        return Put(added, removed, renewed, told, untold)

    def finish(self, cursor: Cursor) -> None:
        self._run(f"DELETE FROM {self._table(PUBLISHED)}")
        self._run(
            f"INSERT INTO {self._table(PUBLISHED)} VALUES (%s, %s, %s, %s)",
            *(cursor.lineage, cursor.serial, cursor.at, kept_text(cursor)),
        )
        self._connection.commit()

    def _deleted(self, unlike: Unlike) -> int:
        return sum(self._run(delete(unlike, extra)) for extra in unlike.extra)

    def _temporary(self, name: str, fields: Any) -> None:
        columns = ", ".join(f"{field.name} {_TYPES[str(field.type)]}" for field in fields)
        self._run(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({columns}) ON COMMIT DROP")

    def _index(self) -> None:
        for statement, table in zip(_INDEXES, (MEMBERS, MEMBERS, CHANGES), strict=True):
            self._run(statement.format(self._table(table)))
        for table in (MEMBERS, CHANGES):
            self._run(f"ANALYZE {self._table(table)}")

    def _table(self, name: str) -> str:
        return f'"{self._schema}".{name}'

    def _run(self, statement: str, *values: Any) -> int:
        return self._connection.execute(_sql(statement), values or None).rowcount

    def _rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(_sql(statement), values or None).fetchall()


def _begin(connection: psycopg.Connection[Any], schema: str, lock_timeout_seconds: float) -> None:
    """What a committed pass wrote is seen by who waited for it: so READ COMMITTED."""
    connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
    waits = f"{max(math.ceil(min(1000 * lock_timeout_seconds, _LONGEST_MS)), 1)}ms"
    settings = {**_SETTINGS, "lock_timeout": waits}
    calls = ", ".join("set_config(%s, %s, true)" for _ in settings)
    connection.execute(_sql(f"SELECT {calls}"), [part for one in settings.items() for part in one])
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"segctl publish {schema}",))


def _sql(statement: str) -> sql.SQL:
    """Of names that are constants here, and of a schema that was checked."""
    return sql.SQL(statement)


def checked(schema: str) -> str:
    """The schema's name. Raises: Refused, for one of PostgreSQL's or of the state."""
    if schema == "segctl" or schema.startswith("pg_") or schema == "information_schema":
        raise Refused(
            f"Tables cannot be published into the schema {schema}: it is the state's or PostgreSQL's own.",
            "Choose another `schema` under `publish` in segctl.yaml.",
        )
    return schema
