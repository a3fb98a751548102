"""What moved after a run, for who keeps a copy of members and history. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap
from sqlalchemy import Connection, bindparam, select

from segctl.store.history import Cause, Direction
from segctl.store.instant import as_instant
from segctl.store.tables import AUDIT, CHANGE


@dataclass(frozen=True, slots=True)
class Crossed:
    """The players whom one run took over the border of one object, one way, for one cause."""

    serial: int
    at: datetime
    cause: Cause
    direction: Direction
    players: BitMap


_AFTER = (
    select(CHANGE.c.serial, CHANGE.c.at, CHANGE.c.cause, CHANGE.c.direction, CHANGE.c.players)
    .where(CHANGE.c.object_id == bindparam("object_id"), CHANGE.c.serial > bindparam("serial"))
    .order_by(CHANGE.c.serial)
    .execution_options(yield_per=50)
)
_LOGGED = select(AUDIT.c.hash).where(AUDIT.c.seq == bindparam("seq"))
_WHOSE = select(CHANGE.c.object_id).where(CHANGE.c.serial > bindparam("serial")).distinct()


def is_past(connection: Connection, seq: int, hash_: str) -> bool:
    """Does the log have this row? That of a state brought back from a backup may not; 0 is before all."""
    return not seq or connection.execute(_LOGGED, {"seq": seq}).scalar_one_or_none() == hash_


def moved_after(connection: Connection, serial: int) -> frozenset[int]:
    """The objects that runs after this one moved; 0 is before all runs."""
    return frozenset(connection.execute(_WHOSE, {"serial": serial}).scalars())


def changes_after(connection: Connection, object_id: int, serial: int) -> Iterator[Crossed]:
    """The moves of an object in runs after this one, oldest first."""
    with connection.execute(_AFTER, {"object_id": object_id, "serial": serial}) as rows:
        for row in rows:
            players = BitMap.deserialize(row.players)
            yield Crossed(row.serial, as_instant(row.at), row.cause, row.direction, players)


def touched_after(connection: Connection, object_id: int, serial: int) -> BitMap:
    """Everybody whom runs after this one moved in or out of an object, however often."""
    return _union(one.players for one in changes_after(connection, object_id, serial))


def _union(parts: Iterable[BitMap]) -> BitMap:
    found = BitMap()
    for part in parts:
        found |= part
    return found
