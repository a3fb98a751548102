"""Where a player stands in the state, and taking them out of there. Counts that were recorded stay as they were.

The dictionary is in players.py; what outlives a player is in forgotten.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pyroaring import BitMap
from sqlalchemy import Connection, bindparam, insert, select, update

from segctl.base.digest import canonical_json
from segctl.base.words import stands_in
from segctl.plan.private import VALUE
from segctl.store import history, ledger, letters, membership, outbox, private
from segctl.store.batches import in_batches
from segctl.store.instant import as_text
from segctl.store.membership import Membership
from segctl.store.tables import CHANGE, PRIVATE, TOUCHED, VERSION

_Key = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class Traces:
    """All places that have a player's number or id.

    `members` and `listed` are ids of objects, `changes` keys of the history, `runs` the serials of runs that moved
    them, `blobs` keyed digests. `texts` are versions whose definition names the id in words; they stay.
    """

    members: tuple[int, ...]
    listed: tuple[int, ...]
    changes: tuple[_Key, ...]
    runs: tuple[int, ...]
    blobs: tuple[str, ...]
    texts: tuple[tuple[str, int], ...]


_WIDE = select(TOUCHED.c.serial).where(TOUCHED.c.serial.in_(bindparam("serials", expanding=True)))
_BLOBS = select(PRIVATE.c.digest, PRIVATE.c.content).order_by(PRIVATE.c.digest)
_ONE_TOUCHED = select(TOUCHED.c.players).where(TOUCHED.c.serial == bindparam("was"))
_ONE_CHANGE = select(CHANGE.c.players).where(
    CHANGE.c.serial == bindparam("was"),
    CHANGE.c.object_id == bindparam("whose"),
    CHANGE.c.cause == bindparam("why"),
    CHANGE.c.direction == bindparam("way"),
)
_UPDATE_TOUCHED = update(TOUCHED).where(TOUCHED.c.serial == bindparam("was"))
_UPDATE_CHANGE = update(CHANGE).where(
    CHANGE.c.serial == bindparam("was"),
    CHANGE.c.object_id == bindparam("whose"),
    CHANGE.c.cause == bindparam("why"),
    CHANGE.c.direction == bindparam("way"),
)
_INSERT_CHANGE = insert(CHANGE)


def traces(connection: Connection, player_id: str, number: int | None) -> Traces:
    """Everything that there is of a player; `number` is None for who has none."""
    blobs, texts = tuple(_blobs(connection, player_id)), tuple(_texts(connection, player_id))
    if number is None:
        return Traces((), (), (), (), blobs, texts)
    held = membership.everyone(connection).values()
    moves = history.for_player(connection, number)
    return Traces(
        members=tuple(one.object_id for one in held if number in one.members),
        listed=tuple(one.object_id for one in held if one.listed is not None and number in one.listed),
        changes=tuple(sorted((one.serial, one.object_id, one.cause, one.direction) for one in moves)),
        runs=tuple(sorted({one.serial for one in moves})),
        blobs=blobs,
        texts=texts,
    )


def erase(connection: Connection, serial: int, found: Traces, player_id: str, number: int | None) -> None:
    """Takes a player out of members, history, outbox and blobs, wherever `found` says."""
    if number is not None:
        _leave(connection, serial, {*found.members, *found.listed}, number)
        _forget_moves(connection, found, number)
        outbox.forget(connection, number)
        letters.forget(connection, number)
    contents = {mark: private.get(connection, mark) for mark in found.blobs}
    private.rewrite(connection, {mark: _without(kept, player_id) for mark, kept in contents.items() if kept})


def record(connection: Connection, serial: int, at: datetime, object_ids: Iterable[int]) -> None:
    """Says in the history that one player left these objects, and not who: joined less left is members still."""
    nobody = BitMap().serialize()
    rows = [
        {
            "serial": serial,
            "object_id": object_id,
            "cause": "erasure",
            "direction": "left",
            "at": as_text(at),
            "count": 1,
            "players": nobody,
        }
        for object_id in object_ids
    ]
    if rows:
        connection.execute(_INSERT_CHANGE, rows)


def _blobs(connection: Connection, player_id: str) -> Iterator[str]:
    for mark, content in connection.execute(_BLOBS):
        value = json.loads(content)
        if value == player_id or (isinstance(value, list) and player_id in value):
            yield mark


def _texts(connection: Connection, player_id: str) -> Iterator[tuple[str, int]]:
    """Versions that have the id as a word of their own: in a title, a reason, a rule over what is not personal."""
    naming = VERSION.c.body.contains(canonical_json(player_id)[1:-1], autoescape=True)
    statement = select(VERSION.c.address, VERSION.c.version, VERSION.c.body).where(naming)
    for address, version, body in connection.execute(statement.order_by(VERSION.c.address, VERSION.c.version)):
        if any(stands_in(player_id, text) for text in _strings(json.loads(body))):
            yield address, version


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _strings(item)
        case dict():
            for item in value.values():
                yield from _strings(item)
        case _:
            pass


def _leave(connection: Connection, serial: int, object_ids: set[int], number: int) -> None:
    held = membership.load(connection, sorted(object_ids))
    membership.save(connection, [_left(one, serial, number) for one in held.values()])


def _left(one: Membership, serial: int, number: int) -> Membership:
    since = one.since
    if since is not None and number in one.members:
        place = one.members.rank(number) - 1
        since = (*since[:place], *since[place + 1 :])
    gone = BitMap([number])
    listed = None if one.listed is None else one.listed - gone
    return replace(one, serial=serial, members=one.members - gone, listed=listed, since=since)


def _forget_moves(connection: Connection, found: Traces, number: int) -> None:
    ledger.forget(connection, number)
    for serials in in_batches(found.runs):
        for serial in connection.execute(_WIDE, {"serials": serials}).scalars().all():
            stored = connection.execute(_ONE_TOUCHED, {"was": serial}).scalar_one()
            connection.execute(_UPDATE_TOUCHED, {"was": serial, "players": _less(stored, number)})
    for serial, object_id, cause, direction in found.changes:
        key = {"was": serial, "whose": object_id, "why": cause, "way": direction}
        stored = connection.execute(_ONE_CHANGE, key).scalar_one()
        connection.execute(_UPDATE_CHANGE, {**key, "players": _less(stored, number)})


def _less(stored: bytes, number: int) -> bytes:
    left = BitMap.deserialize(stored)
    left.discard(number)
    return left.serialize()


def _without(content: bytes, player_id: str) -> bytes:
    value = json.loads(content)
    left = [one for one in value if one != player_id] if isinstance(value, list) else VALUE
    return canonical_json(left).encode()
