"""The audit log: appended to, read back, and chained by hash. Checked in verify.py."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from segctl.base.digest import canonical_json, digest
from segctl.store.appender import APPEND
from segctl.store.instant import as_instant, as_text
from segctl.store.origin import Origin
from segctl.store.tables import AUDIT, STATE

# all columns but the last, which is the hash
_SEALED = tuple(column.name for column in AUDIT.c)[:-1]


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to one address (None: to the state), from digest to digest. Holds no player id."""

    action: str
    address: str | None = None
    before: str | None = None
    after: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Appended:
    """The stretch of the log that was written, and the hash it ends with."""

    first: int
    last: int
    hash: str


@dataclass(frozen=True, slots=True)
class Logged:
    """One row of the log."""

    seq: int
    at: datetime
    serial: int
    action: str
    address: str | None
    actor: Mapping[str, Any]
    before: str | None
    after: str | None
    plan_id: str | None
    commit_id: str | None
    detail: Mapping[str, Any]
    previous: str
    hash: str


_END = select(STATE.c.audit_seq, STATE.c.audit_hash)
_INSERT = insert(AUDIT)
_MOVE_END = update(STATE).values(audit_seq=bindparam("seq"), audit_hash=bindparam("hash"))
_ALL = select(AUDIT).order_by(AUDIT.c.seq).execution_options(yield_per=5_000)
_HASHES = select(AUDIT.c.hash).order_by(AUDIT.c.seq).execution_options(yield_per=5_000)
_DONE = select(AUDIT).where(AUDIT.c.serial == bindparam("at_serial"), AUDIT.c.action == bindparam("done"))
_LOG = select(AUDIT).order_by(AUDIT.c.seq.desc())


def append(connection: Connection, origin: Origin, entries: Iterable[Entry]) -> Appended:
    """Adds entries in their order. With none, `last` is one less than `first`.

    On PostgreSQL the database numbers and seals them, and the instant is its own, not the origin's.
    """
    actor = canonical_json({"author": origin.author, **origin.actor})
    if connection.dialect.name == "postgresql":
        return Appended(*connection.execute(APPEND, _arrays(origin, actor, list(entries))).one())
    seq, previous = connection.execute(_END).one()
    first = seq + 1
    rows = []
    for seq, entry in enumerate(entries, first):
        row = _row(seq, origin, actor, entry, previous)
        previous = row["hash"]
        rows.append(row)
    if rows:
        connection.execute(_INSERT, rows)
        connection.execute(_MOVE_END, {"seq": seq, "hash": previous})
    return Appended(first, seq, previous)


def log(
    connection: Connection, *, limit: int, address: str | None = None, before: int | None = None
) -> list[Logged]:
    """The newest rows first; of one address, or those with a seq smaller than `before`."""
    statement = _LOG.limit(limit)
    if address is not None:
        statement = statement.where(AUDIT.c.address == address)
    if before is not None:
        statement = statement.where(AUDIT.c.seq < before)
    return [_logged(row) for row in connection.execute(statement)]


def rows(connection: Connection, since: int = 1) -> Iterator[RowMapping]:
    """The rows as they are stored, the oldest first, a few at a time."""
    with connection.execute(_ALL.where(AUDIT.c.seq >= since)) as found:  # closed, though nobody reads to the end
        yield from found.mappings()


def hashes(connection: Connection) -> Iterator[str]:
    """The hash of each row, the oldest first, a few at a time."""
    with connection.execute(_HASHES) as found:
        yield from found.scalars()


def of_run(connection: Connection, serial: int, action: str) -> Logged | None:
    """What a run wrote of itself."""
    row = connection.execute(_DONE, {"at_serial": serial, "done": action}).one_or_none()
    return None if row is None else _logged(row)


def seal(row: Iterable[Any]) -> str:
    """SHA-256 over all columns but the hash, in their order and as stored: the hash of the row before too."""
    return digest(dict(zip(_SEALED, row, strict=False)))


def _arrays(origin: Origin, actor: str, entries: list[Entry]) -> dict[str, Any]:
    return {
        "serial": origin.serial,
        "plan_id": origin.plan_id,
        "commit_id": origin.commit_id,
        "actor": actor,
        "actions": [one.action for one in entries],
        "addresses": [one.address for one in entries],
        "befores": [one.before for one in entries],
        "afters": [one.after for one in entries],
        "details": [canonical_json(dict(one.detail)) for one in entries],
    }


def _row(seq: int, origin: Origin, actor: str, entry: Entry, previous: str) -> dict[str, Any]:
    row = {
        "seq": seq,
        "at": as_text(origin.at),
        "serial": origin.serial,
        "action": entry.action,
        "address": entry.address,
        "actor": actor,
        "before": entry.before,
        "after": entry.after,
        "plan_id": origin.plan_id,
        "commit_id": origin.commit_id,
        "detail": canonical_json(dict(entry.detail)),
        "previous": previous,
    }
    return {**row, "hash": seal(row.values())}


def _logged(row: Any) -> Logged:
    return Logged(
        row.seq,
        as_instant(row.at),
        row.serial,
        row.action,
        row.address,
        json.loads(row.actor),
        row.before,
        row.after,
        row.plan_id,
        row.commit_id,
        json.loads(row.detail),
        row.previous,
        row.hash,
    )
