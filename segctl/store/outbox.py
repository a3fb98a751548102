"""What is to be sent: moves of segments with a webhook, written in the transaction that moved their members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyroaring import BitMap
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from segctl.store.history import Cause, Change, Direction
from segctl.store.instant import as_instant, as_text
from segctl.store.tables import OUTBOX

# run, object, cause, direction
Key = tuple[int, int, Cause, Direction]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Players of whom somebody is to hear that they joined or left an object, in which run and why."""

    serial: int
    object_id: int
    cause: Cause
    direction: Direction
    at: datetime
    players: BitMap

    @property
    def key(self) -> Key:
        return self.serial, self.object_id, self.cause, self.direction


_ALL = select(OUTBOX).order_by(OUTBOX.c.serial, OUTBOX.c.object_id, OUTBOX.c.cause, OUTBOX.c.direction)
_OF = _ALL.where(OUTBOX.c.object_id == bindparam("whose"))
_INSERT = insert(OUTBOX)
_KEY = (
    OUTBOX.c.serial == bindparam("was"),
    OUTBOX.c.object_id == bindparam("whose"),
    OUTBOX.c.cause == bindparam("why"),
    OUTBOX.c.direction == bindparam("way"),
)
_UPDATE = update(OUTBOX).where(*_KEY)
_DELETE = delete(OUTBOX).where(*_KEY)


def put(connection: Connection, serial: int, at: datetime, changes: Iterable[Change]) -> None:
    """Adds the changes of one run; empty ones are left out. `at` is the run's `as_of`."""
    rows = [_row(serial, as_text(at), change) for change in changes if change.players]
    if rows:
        connection.execute(_INSERT, rows)


def waiting(connection: Connection) -> list[Waiting]:
    """All that was not sent yet, oldest run first."""
    return [_waiting(row) for row in connection.execute(_ALL)]


def of(connection: Connection, object_id: int) -> list[Waiting]:
    """What was not sent yet of one object, oldest run first. A run has a player once at most."""
    return [_waiting(row) for row in connection.execute(_OF, {"whose": object_id})]


def locked(connection: Connection, object_id: int) -> list[Waiting]:
    """The same as `of`; nobody takes anything out of it before this transaction ends."""
    return [_waiting(row) for row in connection.execute(_OF.with_for_update(), {"whose": object_id})]


def take_out(connection: Connection, rows: Iterable[Waiting], gone: Mapping[Key, BitMap]) -> int:
    """Takes players out of locked rows: they were told of, or are given up. How many were still there."""
    found = 0
    for row in rows:
        taken = row.players & gone.get(row.key, BitMap())
        if taken:
            found += len(taken)
            _keep(connection, row.key, row.players - taken)
    return found


def forget(connection: Connection, number: int) -> None:
    """Takes a player out of all that waits; of who is forgotten nothing can be told."""
    for row in connection.execute(_ALL.with_for_update()).all():
        one = _waiting(row)
        if number in one.players:
            _keep(connection, one.key, one.players - BitMap([number]))


def _keep(connection: Connection, key: Key, players: BitMap) -> None:
    if players:
        connection.execute(_UPDATE, {**_bound(key), "players": players.serialize()})
    else:
        connection.execute(_DELETE, _bound(key))


def _bound(key: Key) -> dict[str, Any]:
    return dict(zip(("was", "whose", "why", "way"), key, strict=True))


def _waiting(row: Any) -> Waiting:
    return Waiting(row.serial, row.object_id, row.cause, row.direction, as_instant(row.at), _players(row))


def _players(row: Any) -> BitMap:
    return BitMap.deserialize(row.players)


def _row(serial: int, at: str, change: Change) -> dict[str, Any]:
    return {
        "serial": serial,
        "object_id": change.object_id,
        "cause": change.cause,
        "direction": change.direction,
        "at": at,
        "players": change.players.serialize(),
    }
