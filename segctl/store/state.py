"""The state's one row: which state this is, how far it has come, and the key of its keyed digests."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from segctl.base.digest import digest
from segctl.base.errors import Refused
from segctl.store.engine import reading, writing
from segctl.store.format import FORMAT
from segctl.store.instant import as_instant, as_text
from segctl.store.migrate import make_tables, recognise, step_up
from segctl.store.name import name_of
from segctl.store.refusal import refusing
from segctl.store.sqlite import prefer_wal
from segctl.store.tables import STATE

_MAKE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Head:
    """Where a state stands. `serial` counts writes; `audit_seq` and `audit_hash` are the log's last row."""

    lineage: str
    serial: int
    secret: bytes = field(repr=False)
    format: int
    created_at: datetime
    audit_seq: int
    audit_hash: str


_HEAD = select(
    STATE.c.lineage,
    STATE.c.serial,
    STATE.c.secret,
    STATE.c.format,
    STATE.c.created_at,
    STATE.c.audit_seq,
    STATE.c.audit_hash,
)
_SERIAL = select(STATE.c.serial)
_ADVANCE = update(STATE).where(STATE.c.serial == bindparam("was")).values(serial=STATE.c.serial + 1)


def ensure(engine: Engine, now: datetime) -> Head:
    """Where the state stands. In SQLite it is made if there is none, or an older one brought up, all at once.

    On PostgreSQL that is left to `upgrade`: who runs segctl every day needs no right to change tables.

    Raises Refused when the database belongs to something else or to a newer segctl, or needs `segctl db upgrade`.
    """
    with ensured(engine, now) as connection:
        return head(connection)


@contextmanager
def ensured(engine: Engine, now: datetime) -> Iterator[Connection]:
    """A read of the state, made or refused as `ensure` does."""
    if engine.dialect.name == "sqlite":
        upgrade(engine, now)
    with reading(engine) as connection:
        _refuse_unmade(connection)
        yield connection


def upgrade(engine: Engine, now: datetime) -> int:
    """Makes the state, or brings an older one up, in one transaction. The format that was there, 0 for none.

    Safe when two do it together. Raises: Refused.
    """
    with reading(engine) as connection:
        found = recognise(connection)
    if found != FORMAT:
        with writing(engine, lock_timeout_seconds=_MAKE_SECONDS, doing="db upgrade", maker=True) as connection:
            found = recognise(connection)
            _bring_up(connection, found, now)
    if engine.dialect.name == "sqlite":
        with refusing(engine):
            prefer_wal(engine)
    return found


def make(connection: Connection, now: datetime) -> None:
    """A new state in an empty database."""
    make_tables(connection)
    lineage = str(uuid4())
    row = {
        "id": 1,
        "format": FORMAT,
        "lineage": lineage,
        "serial": 0,
        "audit_seq": 0,
        "audit_hash": genesis(lineage),
        "created_at": as_text(now),
        "secret": secrets.token_bytes(32),
    }
    connection.execute(insert(STATE), row)


def head(connection: Connection) -> Head:
    """Where the state stands in this transaction."""
    row = connection.execute(_HEAD).one()
    return Head(
        row.lineage,
        row.serial,
        row.secret,
        row.format,
        as_instant(row.created_at),
        row.audit_seq,
        row.audit_hash,
    )


def advance(connection: Connection, expected: int | None = None) -> int:
    """Counts one write and gives its serial. Raises Refused when the state is not at `expected` any more."""
    serial: int = connection.execute(_SERIAL).scalar_one()
    if expected is not None and expected != serial:
        raise Refused(f"The state is at {serial}, and this was made from {expected}.", "Plan again: segctl plan")
    connection.execute(_ADVANCE, {"was": serial})
    return serial + 1


def genesis(lineage: str) -> str:
    """The hash before the first row of the audit log: no two states share a chain."""
    return digest({"lineage": lineage})


def _bring_up(connection: Connection, found: int, now: datetime) -> None:
    if not found:
        make(connection, now)
    elif found < FORMAT:
        step_up(connection, found)


def _refuse_unmade(connection: Connection) -> None:
    found = recognise(connection)
    name = name_of(connection.engine.url)
    if not found:
        raise Refused(f"There is no state in {name} yet.", "Make it: segctl db upgrade")
    if found < FORMAT:
        raise Refused(
            f"The state {name} has format {found}, and this segctl works with {FORMAT}.",
            "Bring it up: segctl db upgrade",
        )
