"""What published tables have to say of a state: members since when, and moves, as Arrow tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.model.segment import MARKETING
from segctl.model.time import BEGINNING, micros
from segctl.publish.mirror import CHANGE, MEMBER, Cursor, Standing
from segctl.store import definitions, history, membership, players
from segctl.store.after import changes_after
from segctl.store.membership import Membership
from segctl.store.state import Head
from segctl.workflow.hooks import passing

ROWS: Final = 65_536
_INSTANT: Final = pa.timestamp("us", "UTC")


@dataclass(frozen=True, slots=True)
class Picture:
    """A state at one moment. `names` are those of all segments, `guarded` who passes the guard of an active one.

    `ids` are the players' by number. None in `guarded` is a segment without a guard.
    """

    connection: Connection
    head: Head
    names: Mapping[int, str]
    guarded: Mapping[int, BitMap | None]
    counts: Mapping[int, int]
    held: frozenset[int]
    ids: Any

    def membership(self, object_id: int) -> Membership | None:
        """The members of a segment as its last run left them."""
        return membership.load(self.connection, [object_id]).get(object_id)

    def visible(self, object_id: int, held: Membership | None) -> BitMap:
        """Its members, without those whom its guard lets through no more."""
        members = BitMap() if held is None else held.members
        passes = self.guarded[object_id]
        return members if passes is None else members & passes


def picture(connection: Connection, head: Head) -> Picture:
    """The state as this connection sees it."""
    found = [one for one in definitions.deployed(connection, archived=True).values() if one.kind == "segment"]
    active = [one.object_id for one in found if one.status == "active"]
    bodies = {key: json.loads(body) for key, body in definitions.bodies(connection, active).items()}
    purposes = {key: str(bodies.get(key, {}).get("purpose", MARKETING)) for key in active}
    passes = {purpose: passing(connection, purpose) for purpose in set(purposes.values())}
    guarded = {key: passes[purpose] for key, purpose in purposes.items()}
    counts, held = {}, set()
    for key in active:
        members = membership.load(connection, [key])
        whole = members[key].members if key in members else BitMap()
        guard = guarded[key]
        counts[key] = len(whole) if guard is None else whole.intersection_cardinality(guard)
        if counts[key] < len(whole):
            held.add(key)
    names = {one.object_id: one.name for one in found}
    return Picture(connection, head, names, guarded, counts, frozenset(held), players.load(connection))


def cursor_of(seen: Picture, at: Any) -> Cursor:
    """What a mirror keeps that tells of this state."""
    standings: dict[int, Standing] = {
        key: "held" if key in seen.held else "active" if key in seen.guarded else "archived" for key in seen.names
    }
    head = seen.head
    return Cursor(head.lineage, head.serial, at, head.audit_seq, head.audit_hash, seen.names, standings)


def member_tables(seen: Picture, object_id: int, held: Membership | None, players_: BitMap) -> Iterator[Any]:
    """These members of a segment, since when they are in."""
    if held is None or not players_:
        return
    numbers = _numbers(players_)
    since = _since(seen.connection, held, players_, numbers)
    for start in range(0, len(numbers), ROWS):
        part, moments = numbers[start : start + ROWS], since[start : start + ROWS]
        at = pa.array(moments, pa.int64(), mask=moments == BEGINNING).cast(_INSTANT)
        yield _named(seen, part, {"segment": seen.names[object_id], "since": at}, MEMBER)


def leaver_tables(seen: Picture, object_id: int, players_: BitMap) -> Iterator[Any]:
    """These players, who are in a segment no more."""
    numbers = _numbers(players_)
    for start in range(0, len(numbers), ROWS):
        fields = pa.schema([MEMBER.field("segment"), MEMBER.field("player_id")])
        yield _named(seen, numbers[start : start + ROWS], {"segment": seen.names[object_id]}, fields)


def move_tables(seen: Picture, object_id: int, serial: int) -> Iterator[Any]:
    """The moves of a segment in runs after this one."""
    for one in changes_after(seen.connection, object_id, serial):
        told = {
            "serial": one.serial,
            "changed_at": one.at,
            "segment": seen.names[object_id],
            "direction": one.direction,
            "cause": one.cause,
        }
        numbers = _numbers(one.players)
        for start in range(0, len(numbers), ROWS):
            yield _named(seen, numbers[start : start + ROWS], told, CHANGE)


def packed(tables: Iterable[Any]) -> Iterator[Any]:
    """The same rows in fewer tables: many runs move a few players each."""
    waiting: list[Any] = []
    for table in tables:
        waiting.append(table)
        if sum(map(len, waiting)) >= ROWS:
            yield pa.concat_tables(waiting).combine_chunks()
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def names_table(names: Iterable[str]) -> Any:
    """Segments by name, each once."""
    return pa.table({"segment": pa.array(sorted(set(names)), pa.string())})


def _named(seen: Picture, numbers: NDArray[np.int64], told: Mapping[str, Any], fields: Any) -> Any:
    """A row for each of these players; what is said of all of them is said once."""
    ids = seen.ids.take(pa.array(numbers))
    columns = []
    for field in fields:
        value = ids if field.name == "player_id" else told[field.name]
        whole = value if isinstance(value, pa.Array) else pa.repeat(pa.scalar(value, field.type), len(numbers))
        columns.append(whole)
    return pa.Table.from_arrays(columns, schema=fields)


def _numbers(players_: BitMap) -> NDArray[np.int64]:
    return np.array(players_.to_array(), dtype=np.int64)


def _since(
    connection: Connection, held: Membership, players_: BitMap, numbers: NDArray[np.int64]
) -> NDArray[np.int64]:
    """In microseconds; BEGINNING where nobody knows."""
    found = np.full(len(numbers), BEGINNING, dtype=np.int64)
    for at, joined in history.since_each(connection, held.object_id, players_):
        found[np.searchsorted(numbers, _numbers(joined))] = micros(at)
    if held.since is not None:
        entered = np.array(held.since, dtype=np.int64)[np.searchsorted(_numbers(held.members), numbers)]
        found = np.where(entered == BEGINNING, found, entered)
    return found
