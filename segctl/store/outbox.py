"""What is to be sent: moves of segments with a webhook, written in the transaction that moved their members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyroaring import BitMap
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from segctl.store.history import Cause, Change, Direction
from segctl.store.instant import as_instant, as_text
from segctl.store.tables import OUTBOX


@dataclass(frozen=True, slots=True)
class Waiting:
    """Players of whom somebody is to hear that they joined or left an object, in which run and why."""

    serial: int
    object_id: int
    cause: Cause
    direction: Direction
    at: datetime
    players: BitMap


_ALL = select(OUTBOX).order_by(OUTBOX.c.serial, OUTBOX.c.object_id, OUTBOX.c.cause, OUTBOX.c.direction)
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
    return [
        Waiting(row.serial, row.object_id, row.cause, row.direction, as_instant(row.at), _players(row))
        for row in connection.execute(_ALL)
    ]


def forget(connection: Connection, number: int) -> None:
    """Takes a player out of all that waits; of who is forgotten nothing can be told."""
    for row in connection.execute(_ALL).all():
        players = _players(row)
        if number not in players:
            continue
        players.discard(number)
        key = {"was": row.serial, "whose": row.object_id, "why": row.cause, "way": row.direction}
        if players:
            connection.execute(_UPDATE, {**key, "players": players.serialize()})
        else:
            connection.execute(_DELETE, key)


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
