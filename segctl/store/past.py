"""Who was in an object at an instant, from its history.

A move takes a player over the border of an object, in whatever order moves are told: who crossed it an odd number
of times is on the other side. So the members of an instant are those of now, changed by every later move, or
nobody, changed by every earlier one; what is shorter is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap
from sqlalchemy import Connection, bindparam, case, func, select

from segctl.store.instant import as_instant, as_text
from segctl.store.tables import CHANGE

_WHOSE = CHANGE.c.object_id == bindparam("object_id")
_EARLIER = CHANGE.c.at <= bindparam("at")
_SIGNED = case((CHANGE.c.direction == "joined", CHANGE.c.count), else_=-CHANGE.c.count)
_LENGTHS = select(
    func.coalesce(func.sum(case((_EARLIER, CHANGE.c.count), else_=0)), 0),
    func.coalesce(func.sum(CHANGE.c.count), 0),
    func.coalesce(func.sum(case((_EARLIER, _SIGNED), else_=0)), 0),
).where(_WHOSE)
_FORWARDS = (
    select(CHANGE.c.at, CHANGE.c.direction, CHANGE.c.count, CHANGE.c.players)
    .where(_WHOSE)
    .order_by(CHANGE.c.serial)
    .execution_options(yield_per=50)
)
_BEFORE = select(CHANGE.c.players).where(_WHOSE, _EARLIER).execution_options(yield_per=50)
_AFTER = select(CHANGE.c.players).where(_WHOSE, ~_EARLIER).execution_options(yield_per=50)


@dataclass(frozen=True, slots=True)
class Crossing:
    """One move of players over the border of an object; `forgotten` counts those whom nobody can name any more."""

    at: datetime
    joined: bool
    players: BitMap
    forgotten: int


@dataclass(frozen=True, slots=True)
class Past:
    """The members of an object at an instant; `forgotten` counts those whom nobody can name any more."""

    members: BitMap
    forgotten: int

    @property
    def size(self) -> int:
        """How many members it had then."""
        return len(self.members) + self.forgotten


def members_at(connection: Connection, object_id: int, present: BitMap, at: datetime) -> Past:
    """Who was in after the last run of `at` or before; `present` are the members of now."""
    bound = {"object_id": object_id, "at": as_text(at)}
    earlier, everything, size = (int(found) for found in connection.execute(_LENGTHS, bound).one())
    shorter = earlier < everything - earlier + len(present)
    members = BitMap() if shorter else BitMap(present)
    with connection.execute(_BEFORE if shorter else _AFTER, bound) as rows:
        for (stored,) in rows:
            members ^= BitMap.deserialize(stored)
    return Past(members, size - len(members))


def forwards(connection: Connection, object_id: int) -> Iterator[Crossing]:
    """All moves of an object, oldest first."""
    with connection.execute(_FORWARDS, {"object_id": object_id}) as rows:
        for at, direction, count, stored in rows:
            players = BitMap.deserialize(stored)
            yield Crossing(as_instant(at), direction == "joined", players, count - len(players))
