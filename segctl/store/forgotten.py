"""Who was forgotten: a keyed digest of the id, the new number once they came back, and what outlives them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from segctl.base.digest import canonical_json
from segctl.store.instant import as_instant, as_text
from segctl.store.tables import FORGOTTEN

Way = Literal["in", "out"]


@dataclass(frozen=True, slots=True, order=True)
class Hold:
    """An object that kept the player out, through the day `until`, or a list that did so by having them in."""

    object_id: int
    way: Way
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A player who was forgotten. `number` is None until they come back.

    `lists` are the keyed digests of the lists and values that named them then: what these say does not count.
    """

    player: str
    number: int | None
    serial: int
    at: datetime
    holds: tuple[Hold, ...] = ()
    lists: frozenset[str] = frozenset()


_ALL = select(FORGOTTEN).order_by(FORGOTTEN.c.player)
_ONE = select(FORGOTTEN).where(FORGOTTEN.c.player == bindparam("player"))
_INSERT = insert(FORGOTTEN)
_DELETE = delete(FORGOTTEN).where(FORGOTTEN.c.player == bindparam("gone"))
_RETURN = update(FORGOTTEN).where(FORGOTTEN.c.player == bindparam("back"))


def everyone(connection: Connection) -> list[Forgotten]:
    """All who were forgotten."""
    return [_forgotten(row) for row in connection.execute(_ALL)]


def of(connection: Connection, player: str) -> Forgotten | None:
    """The one with a keyed digest."""
    row = connection.execute(_ONE, {"player": player}).one_or_none()
    return None if row is None else _forgotten(row)


def keep(connection: Connection, one: Forgotten) -> None:
    """Adds one; who was forgotten before keeps what held for them then."""
    before = of(connection, one.player)
    if before is not None:
        holds = sorted({*before.holds, *one.holds}, key=_order)
        one = replace(one, holds=tuple(holds), lists=before.lists | one.lists)
        connection.execute(_DELETE, {"gone": one.player})
    connection.execute(_INSERT, _row(one))


def welcome(connection: Connection, numbers: Mapping[str, int]) -> None:
    """Keeps the new numbers of those who came back, by keyed digest."""
    rows = [{"back": player, "number": number} for player, number in numbers.items()]
    if rows:
        connection.execute(_RETURN, rows)


def _order(hold: Hold) -> tuple[int, str, str]:
    return hold.object_id, hold.way, _day(hold) or ""


def _day(hold: Hold) -> str | None:
    return None if hold.until is None else hold.until.isoformat()


def _row(one: Forgotten) -> dict[str, Any]:
    return {
        "player": one.player,
        "number": one.number,
        "serial": one.serial,
        "at": as_text(one.at),
        "holds": canonical_json([[hold.object_id, hold.way, _day(hold)] for hold in one.holds]),
        "lists": canonical_json(sorted(one.lists)),
    }


def _forgotten(row: Any) -> Forgotten:
    return Forgotten(
        row.player,
        row.number,
        row.serial,
        as_instant(row.at),
        tuple(_holds(json.loads(row.holds))),
        frozenset(json.loads(row.lists)),
    )


def _holds(stored: Iterable[tuple[int, Way, str | None]]) -> Iterable[Hold]:
    for object_id, way, until in stored:
        yield Hold(object_id, way, None if until is None else date.fromisoformat(until))
