"""Opens the state, and the two kinds of transaction: one that reads a snapshot, one that writes alone.

SQLAlchemy's default on SQLite begins late and commits DDL by itself; here every BEGIN is explicit
(https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#pysqlite-transactional).
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from segctl.base.address import kind
from segctl.base.errors import Refused
from segctl.store.refusal import is_busy, refusing

_LOCK_TIMEOUT: Final = "segctl_lock_timeout_seconds"
# SQLite waits without looking at signals; slices let Ctrl-C through
_SLICE_SECONDS: Final = 0.25
_SETTINGS: Final = ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL", "PRAGMA busy_timeout = 5000")


def open_state(url: str) -> Engine:
    """An engine for `sqlite:///path`; nothing is read yet. Creates the folder, not the state (see `ensure`).

    Connections are not pooled: each one is closed with its transaction.
    """
    engine = create_engine(f"sqlite:///{_path(url)}", poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one snapshot for as long as it is open, and cannot write."""
    with refusing(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, *, lock_timeout_seconds: float) -> Iterator[Connection]:
    """A connection that alone may write; commits at the end, rolls back on any exception.

    Raises Refused when another writer holds the lock for longer than `lock_timeout_seconds`.
    """
    with refusing(engine), engine.connect() as connection:
        alone = connection.execution_options(**{_LOCK_TIMEOUT: lock_timeout_seconds})
        with alone.begin():
            yield alone


def prefer_wal(engine: Engine) -> None:
    """Lets readers go on while one process writes. A state that is in use keeps its mode until the next time."""
    raw = engine.raw_connection()
    try:
        _sqlite(raw.dbapi_connection).execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if not is_busy(error):
            raise
    finally:
        raw.close()


def _path(url: str) -> str:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Refused("The state's URL cannot be read.", "Write `sqlite:///folder/state.db`.") from None
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        raise Refused(f"The state cannot have an address {kind(url)}.", "Write `sqlite:///folder/state.db`.")
    path = Path(str(parsed.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
    return str(path)


def _settle(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    try:
        for setting in _SETTINGS:
            connection.execute(setting)
    except sqlite3.Error:
        connection.close()  # SQLAlchemy does not know it yet
        raise


def _begin(connection: Connection) -> None:
    raw = _sqlite(connection.connection.dbapi_connection)
    timeout_seconds = connection.get_execution_options().get(_LOCK_TIMEOUT)
    if timeout_seconds is None:
        _begin_reading(raw)
    else:
        _begin_writing(raw, timeout_seconds)


def _begin_reading(raw: sqlite3.Connection) -> None:
    raw.execute("PRAGMA query_only = ON")
    raw.execute("BEGIN")
    # BEGIN alone takes no snapshot: the first read does
    raw.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _begin_writing(raw: sqlite3.Connection, timeout_seconds: float) -> None:
    slices = max(1, math.ceil(timeout_seconds / _SLICE_SECONDS))
    raw.execute(f"PRAGMA busy_timeout = {math.ceil(1000 * timeout_seconds / slices)}")
    for left in reversed(range(slices)):
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if left and is_busy(error):
                continue
            raise
        break
    raw.execute("PRAGMA busy_timeout = 5000")


def _sqlite(connection: Any) -> sqlite3.Connection:
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - for the type checker
    return connection
