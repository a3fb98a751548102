"""What the database says no to, as refusals that name the state and the way out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from segctl.base.errors import Refused
from segctl.store import note
from segctl.store.holder import holder
from segctl.store.name import name_of
from segctl.store.said import is_cut, said_by_postgres

# an extended result code holds its primary code in the lowest byte (https://sqlite.org/rescode.html)
_PRIMARY: Final = 0xFF
_WAIT: Final = "Wait for that run and do the same again, or wait longer with --lock-timeout."

_HANGS: Final = "If it hangs, nothing of it is kept after:"

_SAID: Final[dict[int, tuple[str, str]]] = {
    sqlite3.SQLITE_NOTADB: ("is not a SQLite database", "Check `state` in segctl.yaml."),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "Restore it from a backup."),
    sqlite3.SQLITE_FULL: ("does not fit: the disk is full", "Free some space and do the same again."),
    sqlite3.SQLITE_IOERR: ("cannot be read or written: the disk fails", "Check the disk and do the same again."),
    sqlite3.SQLITE_READONLY: ("is read-only", "Give this user the right to write the file and its folder."),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "Check `state` in segctl.yaml and the rights of the folder."),
}
_LOCK_NOT_AVAILABLE: Final = "55P03"


class OutcomeUnknown(Refused):
    """The commit was sent and its answer was lost: all of it is written, or nothing."""


def is_busy(error: sqlite3.Error) -> bool:
    """Does another process hold the lock?"""
    return _code(error) == sqlite3.SQLITE_BUSY


@contextmanager
def refusing(engine: Engine) -> Iterator[None]:
    """Turns what the operator can mend into Refused; anything else passes as it is."""
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if _code(cause) == sqlite3.SQLITE_BUSY or getattr(cause, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise _held(engine) from error
        said = _SAID.get(_code(cause)) or (None if cause is None else said_by_postgres(cause))
        if said is None:
            raise
        problem, way_out = said
        raise Refused(f"The state {name_of(engine.url)} {problem}.", way_out) from error


@contextmanager
def refusing_commit(engine: Engine) -> Iterator[None]:
    """A commit that was sent. Raises: OutcomeUnknown, when the connection broke before its answer."""
    try:
        yield
    except DBAPIError as error:
        if error.orig is None or not is_cut(error.orig):
            raise
        raise OutcomeUnknown(
            f"The connection to the state {name_of(engine.url)} broke while it was asked to commit: "
            "either all of this run is written or nothing is.",
            "Run the same command again. A saved plan that was written is not applied twice.",
        ) from error


def _held(engine: Engine) -> Refused:
    """Who holds the lock, since when, and what to do."""
    state = name_of(engine.url)
    who, end = _noted(engine) if engine.dialect.name == "sqlite" else _asked(engine)
    if who is None:
        return Refused(f"The state {state} is being written by another run.", _WAIT)
    return Refused(f"The state {state} is being written by {who}.", _WAIT, f"{_HANGS} {end}")


def _noted(engine: Engine) -> tuple[str | None, str]:
    one = note.found(str(engine.url.database))
    return (None, "") if one is None else (one.text, f"kill {one.process}")


def _asked(engine: Engine) -> tuple[str | None, str]:
    try:
        one = holder(engine)
    except DBAPIError:
        one = None
    return (None, "") if one is None else (one.text, f"SELECT pg_terminate_backend({one.session});")


def _code(error: BaseException | None) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0) or 0
    return code & _PRIMARY
