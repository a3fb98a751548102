"""Messages that were tried and did not arrive: how often, when they are tried again, or that they are dead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from segctl.store.instant import as_instant, as_text
from segctl.store.tables import LETTER


@dataclass(frozen=True, slots=True)
class Letter:
    """One message: a run, an object, a player's number. A dead one is not tried again by itself."""

    object_id: int
    serial: int
    number: int
    attempts: int
    first_at: datetime
    tried_at: datetime
    next_at: datetime
    outcome: str
    dead: bool = False


_ALL = select(LETTER).order_by(LETTER.c.object_id, LETTER.c.serial, LETTER.c.number)
_OF = _ALL.where(LETTER.c.object_id == bindparam("whose"))
_INSERT = insert(LETTER)
_KEY = (
    LETTER.c.object_id == bindparam("whose"),
    LETTER.c.serial == bindparam("was"),
    LETTER.c.number == bindparam("who"),
)
_DELETE = delete(LETTER).where(*_KEY)
_REVIVE = update(LETTER).where(*_KEY)
_FORGET = delete(LETTER).where(LETTER.c.number == bindparam("who"))


def of(connection: Connection, object_id: int) -> list[Letter]:
    """Those of one object, the oldest run first."""
    return [_letter(row) for row in connection.execute(_OF, {"whose": object_id})]


def everyone(connection: Connection) -> list[Letter]:
    """All of them, by object."""
    return [_letter(row) for row in connection.execute(_ALL)]


def put(connection: Connection, letters: Iterable[Letter]) -> None:
    """Keeps letters in place of what was kept of the same messages."""
    rows = [_row(one) for one in letters]
    if rows:
        connection.execute(_DELETE, [_key(row["object_id"], row["serial"], row["number"]) for row in rows])
        connection.execute(_INSERT, rows)


def remove(connection: Connection, letters: Iterable[Letter]) -> None:
    """Their messages arrived, or are given up."""
    gone = [_key(one.object_id, one.serial, one.number) for one in letters]
    if gone:
        connection.execute(_DELETE, gone)


def revive(connection: Connection, letters: Iterable[Letter], now: datetime) -> None:
    """Has them tried again from now on, as if for the first time."""
    fresh = {"attempts": 0, "dead": False, "first_at": as_text(now), "next_at": as_text(now)}
    again = [{**_key(one.object_id, one.serial, one.number), **fresh} for one in letters]
    if again:
        connection.execute(_REVIVE, again)


def forget(connection: Connection, number: int) -> None:
    """Takes a player's messages out."""
    connection.execute(_FORGET, {"who": number})


def _key(object_id: int, serial: int, number: int) -> dict[str, int]:
    return {"whose": object_id, "was": serial, "who": number}


def _row(one: Letter) -> dict[str, Any]:
    return {
        "object_id": one.object_id,
        "serial": one.serial,
        "number": one.number,
        "attempts": one.attempts,
        "first_at": as_text(one.first_at),
        "tried_at": as_text(one.tried_at),
        "next_at": as_text(one.next_at),
        "outcome": one.outcome,
        "dead": one.dead,
    }


def _letter(row: Any) -> Letter:
    return Letter(
        row.object_id,
        row.serial,
        row.number,
        row.attempts,
        as_instant(row.first_at),
        as_instant(row.tried_at),
        as_instant(row.next_at),
        row.outcome,
        row.dead,
    )
