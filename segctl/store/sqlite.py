"""A state in a SQLite file: how it is opened, and how its transactions begin.

SQLAlchemy's default on SQLite begins late and commits DDL by itself; here every BEGIN is explicit
(https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#pysqlite-transactional).
"""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from segctl.base.errors import Refused
from segctl.store import note
from segctl.store.refusal import is_busy
from segctl.store.writer import Writer, writer_of

# SQLite waits without looking at signals; slices let Ctrl-C through
_SLICE_SECONDS: Final = 0.25
_SETTINGS: Final = ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL", "PRAGMA busy_timeout = 5000")


def sqlite_engine(url: URL) -> Engine:
    """An engine for a file; nothing is read yet. Creates its folder."""
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "commit", _done)
    event.listen(engine, "rollback", _done)
    return engine


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
    writer = writer_of(connection)
    if writer is None:
        _begin_reading(raw)
    else:
        _begin_writing(raw, writer)
        note.leave(str(connection.engine.url.database), writer.doing)


def _done(connection: Connection) -> None:
    if writer_of(connection) is not None:
        note.take(str(connection.engine.url.database))


def _begin_reading(raw: sqlite3.Connection) -> None:
    raw.execute("PRAGMA query_only = ON")
    raw.execute("BEGIN")
    # BEGIN alone takes no snapshot: the first read does
    raw.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _begin_writing(raw: sqlite3.Connection, writer: Writer) -> None:
    slices = max(1, math.ceil(writer.lock_timeout_seconds / _SLICE_SECONDS))
    raw.execute(f"PRAGMA busy_timeout = {math.ceil(1000 * writer.lock_timeout_seconds / slices)}")
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
