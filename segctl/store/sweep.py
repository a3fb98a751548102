"""Erased bytes made to be gone from the file of a SQLite state. On PostgreSQL its own VACUUM does that."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Connection, Engine

from segctl.store.refusal import refusing


def overwrite(connection: Connection) -> None:
    """From now on in this connection, what is deleted is overwritten with zeros (SQLite)."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def sweep(engine: Engine) -> bool:
    """Writes the file anew without what was freed in it, and empties its log. False if that is not done now.

    Earlier writes left copies in free pages, which only VACUUM drops; the log keeps what it had until it is
    truncated (https://sqlite.org/lang_vacuum.html). Who still reads an older snapshot keeps it from that.
    """
    if engine.dialect.name != "sqlite":
        return False
    with refusing(engine):
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("VACUUM")
            (busy, *_) = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:  # somebody reads or writes, or there is no room for a second file
            return False
        finally:
            raw.close()
    return not busy
