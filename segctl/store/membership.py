"""Who is in each segment now, as one bitmap of player numbers a segment."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyroaring import BitMap
from sqlalchemy import Connection, bindparam, delete, insert, select

from segctl.store.batches import in_batches
from segctl.store.instant import as_instant, as_text
from segctl.store.tables import MEMBERSHIP


@dataclass(frozen=True, slots=True)
class Membership:
    """The members of one object at `as_of`.

    `listed` is the list of a `players` segment, before its rules, or the snapshot of a static one. `since` says of
    a triggered segment when each member entered, in the order of the members, in microseconds since 1970 UTC.
    """

    object_id: int
    serial: int
    as_of: datetime
    members: BitMap
    listed: BitMap | None = None
    since: tuple[int, ...] | None = None


_ALL = select(MEMBERSHIP)
_SOME = _ALL.where(MEMBERSHIP.c.object_id.in_(bindparam("object_ids", expanding=True)))
_INSERT = insert(MEMBERSHIP)
_DELETE = delete(MEMBERSHIP).where(MEMBERSHIP.c.object_id == bindparam("gone"))


def save(connection: Connection, memberships: Iterable[Membership]) -> None:
    """Puts memberships in the place of what their objects had."""
    rows = [_row(one) for one in memberships]
    remove(connection, [row["object_id"] for row in rows])
    if rows:
        connection.execute(_INSERT, rows)


def remove(connection: Connection, object_ids: Iterable[int]) -> None:
    """Leaves these objects without members."""
    gone = [{"gone": object_id} for object_id in object_ids]
    if gone:
        connection.execute(_DELETE, gone)


def load(connection: Connection, object_ids: Iterable[int]) -> dict[int, Membership]:
    """The memberships of these objects, by id; who has none is missing."""
    found = {}
    for batch in in_batches(object_ids):
        for row in connection.execute(_SOME, {"object_ids": batch}):
            found[row.object_id] = _membership(row)
    return found


def everyone(connection: Connection) -> dict[int, Membership]:
    """All memberships, by object id."""
    return {row.object_id: _membership(row) for row in connection.execute(_ALL)}


def _row(one: Membership) -> dict[str, Any]:
    return {
        "object_id": one.object_id,
        "serial": one.serial,
        "as_of": as_text(one.as_of),
        "count": len(one.members),
        "members": one.members.serialize(),
        "listed": None if one.listed is None else one.listed.serialize(),
        "since": None if one.since is None else zlib.compress(array("q", one.since).tobytes()),
    }


def _membership(row: Any) -> Membership:
    members = BitMap.deserialize(row.members)
    listed = None if row.listed is None else BitMap.deserialize(row.listed)
    since = None if row.since is None else tuple(array("q", zlib.decompress(row.since)))
    return Membership(row.object_id, row.serial, as_instant(row.as_of), members, listed, since)
