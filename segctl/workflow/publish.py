"""Brings published tables up to the state: by what moved since they were last, or, if asked, by comparing all."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.publish.mirror import Cursor, Mirror, Put, Settle
from segctl.publish.open import DUCKDB, PARQUET, open_mirror
from segctl.store import forgotten
from segctl.store.after import is_past, moved_after, touched_after
from segctl.store.membership import Membership
from segctl.store.scoped import is_held
from segctl.store.state import head
from segctl.workflow.context import Context
from segctl.workflow.progress import Progress
from segctl.workflow.published import (
    ROWS,
    Picture,
    cursor_of,
    leaver_tables,
    member_tables,
    move_tables,
    names_table,
    packed,
    picture,
)
from segctl.workflow.state import looking

_FULL: Final = "segctl publish --full"


@dataclass(frozen=True, slots=True)
class Published:
    """What a pass did. `before` is the state that the mirror told of, None if nothing.

    `put` brought it up; `mended` are rows that were not as an earlier pass had left them, None if nobody looked.
    Of the members of a state, `held` are kept back by guards.
    """

    where: str
    before: int | None
    serial: int
    segments: int
    members: int
    held: int
    put: Put
    mended: Put | None = None


def publish(context: Context, *, full: bool = False) -> Published:
    """One pass, in one transaction of the mirror. Raises: Refused."""
    address = context.published
    _refuse_ours(context, address)
    # the mirror first: what another pass brings, this one must see
    with (
        open_mirror(address, context.publishing.schema, context.lock_timeout_seconds) as mirror,
        looking(context) as connection,
    ):
        if is_held(connection):
            raise Refused(
                "This role is held to a scope, and would publish a part for the whole.",
                "Publish with a role that reads every segment: segctl db grants --help",
            )
        before, at = mirror.cursor(), head(connection)
        if before is not None:
            _refuse_other(mirror, before, connection, full=full)
        seen = picture(connection, at)
        if before is None or full:
            mirror.make()
        done = _passed(context, mirror, seen, before, full=full)
        if before is None or before.serial != at.serial or done.put.rows or (done.mended and done.mended.rows):
            mirror.finish(cursor_of(seen, context.at))
    return done


def _passed(context: Context, mirror: Mirror, seen: Picture, before: Cursor | None, *, full: bool) -> Published:
    put, mended = Put(), None
    if before is None:
        put = _everything(context, mirror, seen, Settle())
    else:
        # a state that was brought back from a backup cannot tell what moved since
        if before.serial < seen.head.serial and is_past(seen.connection, before.seq, before.hash):
            put = _since(context, mirror, seen, before, mending=full)
        if full:
            mended = _everything(context, mirror, seen, Settle(everything=True, mending=True))
    return Published(
        where=mirror.where,
        before=None if before is None else before.serial,
        serial=seen.head.serial,
        segments=len(seen.counts),
        members=sum(seen.counts.values()),
        held=sum(_held(seen, key) for key in seen.held),
        put=put,
        mended=mended,
    )


def _held(seen: Picture, object_id: int) -> int:
    found = seen.membership(object_id)
    return 0 if found is None else len(found.members) - seen.counts[object_id]


def _everything(context: Context, mirror: Mirror, seen: Picture, settle: Settle) -> Put:
    def arriving() -> Iterator[Any]:
        for done, key in enumerate(seen.guarded):
            context.watch(Progress("publishing members", done, len(seen.guarded)))
            held = seen.membership(key)
            yield from member_tables(seen, key, held, seen.visible(key, held))

    def moves() -> Iterator[Any]:
        for done, key in enumerate(seen.names):
            context.watch(Progress("publishing moves", done, len(seen.names)))
            yield from move_tables(seen, key, 0)

    mirror.stage("arriving", packed(arriving()))
    mirror.stage("moves", packed(moves()))
    return mirror.settle(settle)


@dataclass(frozen=True, slots=True)
class _Since:
    """What differs since a cursor: names of which all is told anew, and the segments that are looked at."""

    whole: AbstractSet[str]
    all_of: AbstractSet[int]
    retold: AbstractSet[str]
    renamed: AbstractSet[int]
    moved: AbstractSet[int]


def _since(context: Context, mirror: Mirror, seen: Picture, before: Cursor, *, mending: bool) -> Put:
    found = _differing(seen, before)
    mirror.stage("whole", [names_table(found.whole)])
    mirror.stage("retold", [names_table(found.retold)])
    mirror.stage("arriving", packed(_arriving(context, seen, before, found)))
    mirror.stage("leaving", packed(_leaving(seen, before, found)))
    mirror.stage("moves", packed(_moves(seen, before, found)))
    gone = [one for one in forgotten.everyone(seen.connection) if one.serial > before.serial]
    if gone:
        back = {one.number for one in gone if one.number is not None}
        mirror.stage("known", _known(seen, back))
    return mirror.settle(Settle(forgetting=bool(gone), mending=mending))


def _differing(seen: Picture, before: Cursor) -> _Since:
    was, now = before.active, {key: seen.names[key] for key in seen.guarded}
    changed = {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
    # what the history does not tell: whom a guard keeps back, and when members of triggered segments entered
    untold = {key for key in now if key in seen.held or before.standings.get(key) == "held"}
    untold |= {key for key in now.keys() - changed if _entered(seen, key, before.serial)}
    whole = {names[key] for names in (was, now) for key in changed | untold if key in names}
    renamed = {key for key, name in before.names.items() if seen.names.get(key, name) != name}
    retold = {names[key] for names in (before.names, seen.names) for key in renamed}
    moved = moved_after(seen.connection, before.serial)
    return _Since(whole, (changed | untold) & now.keys(), retold, renamed, moved)


def _entered(seen: Picture, object_id: int, serial: int) -> bool:
    held = seen.membership(object_id)
    return held is not None and held.since is not None and held.serial > serial


def _arriving(context: Context, seen: Picture, before: Cursor, found: _Since) -> Iterator[Any]:
    keys = sorted(seen.guarded.keys() & (found.all_of | found.moved))
    for done, key in enumerate(keys):
        context.watch(Progress("publishing", done, len(keys)))
        held = seen.membership(key)
        visible = seen.visible(key, held)
        some = visible if key in found.all_of else visible & _touched(seen, key, before)
        yield from member_tables(seen, key, held, some)


def _leaving(seen: Picture, before: Cursor, found: _Since) -> Iterator[Any]:
    for key in sorted((seen.guarded.keys() & found.moved) - found.all_of):
        held: Membership | None = seen.membership(key)
        yield from leaver_tables(seen, key, _touched(seen, key, before) - seen.visible(key, held))


def _touched(seen: Picture, object_id: int, before: Cursor) -> BitMap:
    return touched_after(seen.connection, object_id, before.serial)


def _moves(seen: Picture, before: Cursor, found: _Since) -> Iterator[Any]:
    for key in sorted(seen.names.keys() & (found.moved | found.renamed)):
        yield from move_tables(seen, key, 0 if key in found.renamed else before.serial)


def _known(seen: Picture, back: AbstractSet[int]) -> Iterator[Any]:
    """All ids of players, without those who were forgotten and came `back`: their old rows are to go as well."""
    ids = seen.ids
    for start in range(0, len(ids), ROWS):
        numbers = pa.array(range(start, min(start + ROWS, len(ids))), pa.int64())
        stays = pc.invert(pc.is_in(numbers, pa.array(sorted(back), pa.int64())))
        yield pa.table({"player_id": ids.slice(start, ROWS).filter(stays).drop_null()})


def _refuse_other(mirror: Mirror, before: Cursor, connection: Connection, *, full: bool) -> None:
    at = head(connection)
    if before.lineage != at.lineage:
        raise Refused(
            f"{mirror.where} has tables of another state: of {before.lineage}, and this one is {at.lineage}.",
            "Give another address or `schema` under `publish` in segctl.yaml, or drop the tables there.",
        )
    if full:
        return
    if before.serial > at.serial:
        raise Refused(
            f"{mirror.where} tells of state {before.serial}, and this state is at {at.serial}.",
            f"If it was brought back from a backup, compare everything: {_FULL}",
        )
    if not is_past(connection, before.seq, before.hash):
        raise Refused(
            f"{mirror.where} tells of row {before.seq} of an audit log that is not this state's.",
            f"If it was brought back from a backup, compare everything: {_FULL}",
        )


def _refuse_ours(context: Context, address: str) -> None:
    """The warehouse is only ever read. Raises: Refused."""
    published, warehouse = (_path(one) for one in (address, context.warehouse))
    if published is None or warehouse is None:
        return
    if published == warehouse or (warehouse.is_dir() and warehouse in published.parents):
        raise Refused(
            f"{published} is the warehouse, which segctl only reads.",
            "Publish to another file or folder: `publish` in segctl.yaml.",
        )


def _path(address: str) -> Path | None:
    for scheme in (DUCKDB, PARQUET):
        if address.startswith(scheme):
            return Path(address.removeprefix(scheme)).resolve()
    return None
