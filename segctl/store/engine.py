"""Opens the state, and the two kinds of transaction: one that reads a snapshot, one that writes alone.

How they begin on each database stands in sqlite.py and postgres.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from segctl.base.address import kind
from segctl.base.errors import Refused
from segctl.store.postgres import postgres_engine
from segctl.store.refusal import refusing, refusing_commit
from segctl.store.sqlite import sqlite_engine
from segctl.store.writer import Writer, as_writer

_HELP: Final = "Write `sqlite:///folder/state.db` or `postgresql://user@host/database`."


def open_state(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://user@host/database`; nothing is read yet.

    For SQLite it creates the folder, never the state (see `ensure`). Connections are not pooled: each one is
    closed with its transaction.
    """
    parsed = _parsed(url)
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return postgres_engine(parsed)
    if backend == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return sqlite_engine(parsed)
    raise Refused(f"The state cannot have an address {kind(url)}.", _HELP)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one snapshot for as long as it is open, and cannot write."""
    with refusing(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(
    engine: Engine, *, lock_timeout_seconds: float, doing: str = "", maker: bool = False, beside: bool = False
) -> Iterator[Connection]:
    """A connection that alone may write; commits at the end, rolls back on any exception.

    Others who wait are told what it is `doing`. A `maker` may write before there is a state. `beside` others, on
    PostgreSQL, it is not alone: who writes so locks the rows that it changes.

    Raises Refused when another writer holds the lock for longer than `lock_timeout_seconds`, and OutcomeUnknown
    when the connection broke while the commit was under way.
    """
    with refusing(engine), engine.connect() as connection:
        alone = as_writer(connection, Writer(lock_timeout_seconds, doing, maker, beside))
        with alone.begin() as transaction:
            yield alone
            with refusing_commit(engine):
                transaction.commit()


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise Refused("The state's URL cannot be read.", _HELP) from None
