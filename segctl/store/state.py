"""The state's one row: which state this is, how far it has come, and the key of its keyed digests."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from segctl.base.digest import digest
from segctl.base.errors import Refused
from segctl.store.engine import prefer_wal, reading, writing
from segctl.store.format import APPLICATION_ID, FORMAT
from segctl.store.instant import as_instant, as_text
from segctl.store.refusal import refusing
from segctl.store.tables import METADATA, STATE

_CREATE_TIMEOUT_SECONDS: Final = 30.0


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


# What brings a state of each older format to the next one, inside one writing transaction.
_STEPS: Final = {1: ("ALTER TABLE membership ADD COLUMN since BLOB",)}


def ensure(engine: Engine, now: datetime) -> Head:
    """Creates the state if there is none, or brings an older one up, all at once, and tells where it stands.

    Safe when two do it together.

    Raises Refused when the file is not a SQLite database, belongs to something else, or is of a newer segctl.
    """
    with reading(engine) as connection:
        found = _recognise(connection)
    if found != FORMAT:
        with writing(engine, lock_timeout_seconds=_CREATE_TIMEOUT_SECONDS) as connection:
            _bring_up(connection, _recognise(connection), now)
    with refusing(engine):
        prefer_wal(engine)
    with reading(engine) as connection:
        return head(connection)


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
    """Makes a state of today's format of an empty file (0), or of a state of an older one."""
    if not found:
        _create(connection, now)
        return
    for older in range(found, FORMAT):
        for statement in _STEPS[older]:
            connection.exec_driver_sql(statement)
    connection.execute(update(STATE).values(format=FORMAT))


def _recognise(connection: Connection) -> int:
    """The format of the state, 0 for an empty file. Raises Refused for a file of something else."""
    path = connection.engine.url.database
    mark = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if mark != APPLICATION_ID:
        if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one():
            raise Refused(f"{path} is a SQLite database of something else.", "Check `state` in segctl.yaml.")
        return 0
    found: int = connection.execute(select(STATE.c.format)).scalar_one()
    if found > FORMAT:
        raise Refused(
            f"The state {path} has format {found}; this segctl knows formats up to {FORMAT}.",
            "Upgrade segctl: someone with a newer one has written here.",
        )
    return found


def _create(connection: Connection, now: datetime) -> None:
    METADATA.create_all(connection)
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
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
