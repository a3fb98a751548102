"""Who joined and left, when, in which run, and why: one bitmap for each run, segment, cause and direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby, islice
from typing import Any, Final, Literal, get_args

from pyroaring import BitMap
from sqlalchemy import Connection, bindparam, insert, select

from segctl.model.time import moment
from segctl.store import ledger, wide
from segctl.store.instant import as_instant, as_text
from segctl.store.ledger_page import Entry
from segctl.store.tables import CHANGE, OBJECT
from segctl.store.touched import runs_of

Direction = Literal["joined", "left"]
# in the order of a run: the facts move under the old definition, then the definition moves
Cause = Literal["import", "data", "clock", "list", "dependency", "definition", "guard", "erasure"]
CAUSES: Final[tuple[Cause, ...]] = get_args(Cause)
_ORDER: Final = {cause: place for place, cause in enumerate(CAUSES)}
# what the ledger has in their place; a new one goes to the end
_NUMBERED: Final[tuple[Cause, ...]] = (
    "import",
    "data",
    "clock",
    "list",
    "dependency",
    "definition",
    "guard",
    "erasure",
)


@dataclass(frozen=True, slots=True)
class Change:
    """Players that moved in or out of one object, for one cause."""

    object_id: int
    cause: Cause
    direction: Direction
    players: BitMap


@dataclass(frozen=True, slots=True)
class Summary:
    """A change of one object without its players."""

    serial: int
    at: datetime
    cause: Cause
    direction: Direction
    count: int


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one player."""

    object_id: int
    serial: int
    at: datetime
    direction: Direction
    cause: Cause


# bitmaps are read as they are asked for: without it, a client of PostgreSQL takes all of them at once
_FEW: Final = {"yield_per": 50}
_EVER: Final = as_text(datetime.max.replace(tzinfo=UTC))
_INSERT = insert(CHANGE)
_SUMMARIES = (
    select(CHANGE.c.serial, CHANGE.c.at, CHANGE.c.cause, CHANGE.c.direction, CHANGE.c.count)
    .where(CHANGE.c.object_id == bindparam("object_id"), CHANGE.c.at >= bindparam("since"))
    .order_by(CHANGE.c.serial.desc(), CHANGE.c.cause, CHANGE.c.direction)
)
_JOINS = (
    select(CHANGE.c.at, CHANGE.c.players)
    .where(
        CHANGE.c.object_id == bindparam("object_id"),
        CHANGE.c.direction == "joined",
        CHANGE.c.at <= bindparam("until"),
    )
    .order_by(CHANGE.c.serial.desc())
    .execution_options(**_FEW)
)
_BACKWARDS = (
    select(CHANGE.c.serial, CHANGE.c.at, CHANGE.c.direction, CHANGE.c.players)
    .where(CHANGE.c.object_id == bindparam("object_id"))
    .order_by(CHANGE.c.serial.desc())
    .execution_options(**_FEW)
)
_AFTER = (
    select(CHANGE.c.serial, CHANGE.c.cause, CHANGE.c.direction, CHANGE.c.players)
    .where(CHANGE.c.object_id == bindparam("object_id"), CHANGE.c.serial > bindparam("serial"))
    .order_by(CHANGE.c.serial.desc())
    .execution_options(**_FEW)
)
_LEFT_AT_THE_END = (
    select(CHANGE.c.object_id, CHANGE.c.direction, CHANGE.c.count)
    .join(OBJECT, (OBJECT.c.id == CHANGE.c.object_id) & (OBJECT.c.serial == CHANGE.c.serial))
    .where(OBJECT.c.status == "archived")
)


def record(connection: Connection, serial: int, at: datetime, changes: Sequence[Change]) -> None:
    """Keeps the changes of one run, all in one call; empty ones are left out. `at` is the run's `as_of`."""
    kept = [change for change in changes if change.players]
    if not kept:
        return
    connection.execute(_INSERT, [_row(serial, as_text(at), change) for change in kept])
    moved = [(change.object_id, kind(change.cause, change.direction), change.players) for change in kept]
    ledger.enter(connection, serial, at, moved)


def kind(cause: str, direction: str) -> int:
    """What the ledger calls a cause and a direction."""
    return 2 * _NUMBERED.index(cause) + (direction == "joined")


def for_segment(
    connection: Connection, object_id: int, *, since: datetime | None = None, limit: int | None = None
) -> list[Summary]:
    """What moved an object from `since` on, newest run first."""
    statement = _SUMMARIES if limit is None else _SUMMARIES.limit(limit)
    bound = {"object_id": object_id, "since": "" if since is None else as_text(since)}
    return [
        Summary(serial, as_instant(at), cause, direction, count)
        for serial, at, cause, direction, count in connection.execute(statement, bound)
    ]


def for_player(connection: Connection, player: int, *, limit: int | None = None) -> list[Move]:
    """What moved a player, newest first; of one run, in the order in which causes work, last first."""
    return list(islice(_newest_first(connection, player), limit))


def since(connection: Connection, object_id: int, player: int) -> datetime | None:
    """When a player last joined an object; None when they never did."""
    return next((at for at, _ in since_each(connection, object_id, BitMap([player]))), None)


def since_each(
    connection: Connection, object_id: int, players: BitMap, *, until: datetime | None = None
) -> Iterator[tuple[datetime, BitMap]]:
    """When each of these players last joined, by `until`: instants, newest first, with who joined then."""
    left = BitMap(players)
    bound = {"object_id": object_id, "until": _EVER if until is None else as_text(until)}
    with connection.execute(_JOINS, bound) as rows:
        for at, stored in rows:
            if not left:
                return
            if joined := left & BitMap.deserialize(stored):
                left -= joined
                yield as_instant(at), joined


def backwards(connection: Connection, object_id: int) -> Iterator[tuple[datetime, BitMap, BitMap]]:
    """The runs that moved an object, newest first: when, who joined, and who left."""
    with connection.execute(_BACKWARDS, {"object_id": object_id}) as rows:
        for at, group in groupby(rows, key=lambda row: (row.serial, row.at)):
            moved = {"joined": BitMap(), "left": BitMap()}
            for row in group:
                moved[row.direction] |= BitMap.deserialize(row.players)
            yield as_instant(at[1]), moved["joined"], moved["left"]


def members_at_the_end(connection: Connection) -> dict[int, int]:
    """How many members each archived object had when its archive began, by id; who had none is missing."""
    found: dict[int, int] = {}
    for object_id, direction, count in connection.execute(_LEFT_AT_THE_END):
        found[object_id] = found.get(object_id, 0) + (count if direction == "left" else -count)
    return found


def members_after(connection: Connection, object_id: int, members: BitMap, serial: int) -> BitMap:
    """Who was in an object when a run was over, from the members of now: every later move is undone."""
    found = BitMap(members)
    with connection.execute(_AFTER, {"object_id": object_id, "serial": serial}) as rows:
        for _, group in groupby(rows, key=lambda row: row.serial):
            for row in sorted(group, key=lambda row: _ORDER[row.cause], reverse=True):
                moved = BitMap.deserialize(row.players)
                found = found - moved if row.direction == "joined" else found | moved
    return found


def _row(serial: int, at: str, change: Change) -> dict[str, Any]:
    return {
        "serial": serial,
        "object_id": change.object_id,
        "cause": change.cause,
        "direction": change.direction,
        "at": at,
        "count": len(change.players),
        "players": change.players.serialize(),
    }


def _newest_first(connection: Connection, player: int) -> Iterator[Move]:
    """A run is in the ledger, or it is wide: what is dear to read is read when it is its turn."""
    runs = ((serial, None) for serial in runs_of(connection, player))
    entered = ((move.serial, move) for move in _entered(connection, player))
    for serial, move in merge(runs, entered, key=lambda one: -one[0]):
        if move is not None:
            yield move
        else:
            yield from sorted(_in_wide(connection, serial, player), key=_newest)


def _newest(move: Move) -> tuple[int, int, int]:
    return -move.serial, -_ORDER[move.cause], move.object_id


def _entered(connection: Connection, player: int) -> Iterator[Move]:
    for page in ledger.of_player(connection, player):
        yield from sorted(map(_move, page), key=_newest)


def _move(entry: Entry) -> Move:
    cause, joined = divmod(entry.kind, 2)
    direction: Direction = "joined" if joined else "left"
    return Move(entry.object_id, entry.serial, moment(entry.micros), direction, _NUMBERED[cause])


def _in_wide(connection: Connection, serial: int, player: int) -> Iterator[Move]:
    for (object_id, cause, direction), at in wide.in_run(connection, serial, player):
        yield Move(object_id, serial, as_instant(at), direction, cause)
