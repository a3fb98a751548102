"""What SQLite says no to, as refusals that name the file and the way out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from segctl.base.errors import Refused

# an extended result code holds its primary code in the lowest byte (https://sqlite.org/rescode.html)
_PRIMARY = 0xFF

_SAID: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: (
        "is being written by another run",
        "Wait for that run and do the same again, or wait longer with --lock-timeout.",
    ),
    sqlite3.SQLITE_NOTADB: ("is not a SQLite database", "Check `state` in segctl.yaml."),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "Restore it from a backup."),
    sqlite3.SQLITE_FULL: ("does not fit: the disk is full", "Free some space and do the same again."),
    sqlite3.SQLITE_IOERR: ("cannot be read or written: the disk fails", "Check the disk and do the same again."),
    sqlite3.SQLITE_READONLY: ("is read-only", "Give this user the right to write the file and its folder."),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "Check `state` in segctl.yaml and the rights of the folder."),
}


def is_busy(error: sqlite3.Error) -> bool:
    """Does another process hold the lock?"""
    return _code(error) == sqlite3.SQLITE_BUSY


@contextmanager
def refusing(engine: Engine) -> Iterator[None]:
    """Turns what the operator can mend into Refused; anything else passes as it is."""
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        said = _SAID.get(_code(error.orig if isinstance(error, DBAPIError) else error))
        if said is None:
            raise
        problem, way_out = said
        raise Refused(f"The state {engine.url.database} {problem}.", way_out) from error


def _code(error: BaseException | None) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0) or 0
    return code & _PRIMARY
