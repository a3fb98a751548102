"""Forgets a player: out of the state in one transaction; what it cannot reach is told."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from segctl.base.digest import keyed_digest
from segctl.base.errors import Refused
from segctl.base.words import stands_in
from segctl.plan.private import PRIVATE
from segctl.store import audit, definitions, erasure, forgotten, players, runs
from segctl.store.audit import Entry, Logged
from segctl.store.engine import open_state, writing
from segctl.store.erasure import Traces
from segctl.store.forgotten import Forgotten, Hold
from segctl.store.origin import Origin
from segctl.store.runs import Run
from segctl.store.state import advance, head
from segctl.store.sweep import overwrite, sweep
from segctl.view.erasure import Erasure, Remaining, Removed, Swept
from segctl.workflow.context import Context
from segctl.workflow.deployed import bodies, stored_catalog_of
from segctl.workflow.exclusions import Definitions, holds_left
from segctl.workflow.features import discard
from segctl.workflow.load import Loaded
from segctl.workflow.remains import Reach, remaining
from segctl.workflow.state import looking

ACTION = "forget"


@dataclass(frozen=True, slots=True)
class Sought:
    """What there is of a player. `before` is how they were forgotten earlier, `player` their keyed digest.

    `lists` are the keyed digests of the lists that name them.
    """

    player: str
    number: int | None
    traces: Traces
    holds: tuple[Hold, ...]
    lists: frozenset[str]
    segments: tuple[int, ...]
    before: Forgotten | None

    @property
    def gone(self) -> bool:
        """Were they forgotten, and is nothing of them left?"""
        return self.before is not None and self.number is None and not self.traces.blobs

    @property
    def removed(self) -> Removed:
        found = self.traces
        return Removed(len(self.segments), len(found.listed), len(found.changes), len(found.blobs))

    @property
    def exclusions(self) -> int:
        earlier = self.before.holds if self.before else ()
        return len({hold.object_id for hold in (*self.holds, *earlier)})


def sought(context: Context, loaded: Loaded, player_id: str) -> tuple[Sought, Remaining]:
    """What forgetting would remove, and what it would leave to people. Raises: Refused, for whom nothing names."""
    if not player_id.strip():
        raise Refused("A player id is not empty.", "segctl forget PLAYER")
    with looking(context) as connection:
        found = _sought(connection, context, player_id)
        left = _remaining(connection, context, loaded, found, player_id)
    if found.number is None and not (found.before or found.traces.blobs or found.traces.texts or left.files):
        raise Refused(
            f"No player `{player_id}` stands in the state or in the files.",
            "Ids are compared letter by letter, zeros at their start too.",
            "Some that there are: segctl members SEGMENT",
        )
    return found, left


def forget(context: Context, loaded: Loaded, player_id: str, reason: str) -> Erasure:
    """Does it, in one transaction, and then clears the file of what was freed. Raises: Refused.

    For who was forgotten already it only clears, and tells of what was done then.
    """
    if stands_in(player_id, reason):
        raise Refused(
            "The reason names the player, and it is kept for ever.", "Name a ticket instead: --reason CS-4411"
        )
    engine = open_state(context.state)
    with looking(context) as connection:
        again = _sought(connection, context, player_id).gone
    if not again:
        with writing(engine, lock_timeout_seconds=context.lock_timeout_seconds, doing=ACTION) as connection:
            overwrite(connection)
            _erase(connection, context, player_id, reason)
    discard(context)
    swept: Swept = "vacuum" if engine.dialect.name != "sqlite" else "swept" if sweep(engine) else "unswept"
    with looking(context) as connection:
        found = _sought(connection, context, player_id)
        left = _remaining(connection, context, loaded, found, player_id)
        return _told(connection, context, found, left, swept, again=again)


def _sought(connection: Connection, context: Context, player_id: str) -> Sought:
    player = keyed_digest(head(connection).secret, player_id)
    number = players.find(connection, player_id)
    found = erasure.traces(connection, player_id, number)
    objects = definitions.deployed(connection, archived=True)
    segments = {address: one.object_id for address, one in objects.items() if one.kind == "segment"}
    listed = {address for address, object_id in segments.items() if object_id in found.listed}
    stated = bodies(connection, objects.values()) if listed or found.blobs else {}
    marks = frozenset(found.blobs) | _list_marks(stated, listed)
    return Sought(
        player=player,
        number=number,
        traces=found,
        holds=holds_left(stated, segments, marks, listed, context.clock.today),
        lists=marks,
        segments=tuple(object_id for object_id in segments.values() if object_id in found.members),
        before=forgotten.of(connection, player),
    )


def _list_marks(stated: Definitions, listed: AbstractSet[str]) -> frozenset[str]:
    """The digests of the `players` lists that have the player, whose ids stand in no blob."""
    lists = (stated[address].get("players") for address in listed)
    return frozenset(one[PRIVATE] for one in lists if one is not None)


def _erase(connection: Connection, context: Context, player_id: str, reason: str) -> None:
    found = _sought(connection, context, player_id)
    if found.gone:  # somebody else has just done it
        return
    serial = advance(connection)
    origin = Origin(serial, context.at, context.author.name, actor=context.author.detail)
    erasure.erase(connection, serial, found.traces, player_id, found.number)
    erasure.record(connection, serial, context.at, found.segments)
    if found.number is not None:
        players.erase(connection, found.number)
    forgotten.keep(connection, Forgotten(found.player, None, serial, context.at, found.holds, found.lists))
    left = len(found.segments)
    runs.record(connection, Run(serial, "forget", context.at, context.at, origin.author, left=left))
    detail = {
        "player": found.player,
        "reason": reason,
        "removed": asdict(found.removed),
        "exclusions": found.exclusions,
    }
    audit.append(connection, origin, [Entry(ACTION, detail=detail)])


def _remaining(
    connection: Connection, context: Context, loaded: Loaded, found: Sought, player_id: str
) -> Remaining:
    catalog = stored_catalog_of(connection, definitions.deployed(connection)) or loaded.project.catalog
    texts = tuple(f"{address} version {version}" for address, version in found.traces.texts)
    return remaining(Reach(context, loaded, catalog), texts, player_id)


def _told(
    connection: Connection, context: Context, found: Sought, left: Remaining, swept: Swept, *, again: bool
) -> Erasure:
    """From the audit log, so that a repeated command writes the same certificate. Raises: Refused."""
    entry = None if found.before is None else audit.of_run(connection, found.before.serial, ACTION)
    if entry is None:
        raise Refused("The audit log does not tell of this.", "Check it: segctl audit verify")
    return Erasure(
        environment=context.environment,
        lineage=head(connection).lineage,
        serial=entry.serial,
        seq=entry.seq,
        hash=entry.hash,
        at=entry.at,
        by=str(entry.actor.get("author", "")),
        reason=_detail(entry, "reason"),
        player=found.player,
        removed=Removed(**_detail(entry, "removed")),
        exclusions=_detail(entry, "exclusions"),
        remaining=left,
        swept=swept,
        again=again,
    )


def _detail(entry: Logged, key: str) -> Any:
    return entry.detail[key]
