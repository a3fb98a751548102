"""Why one player is in a segment or is not: the facts of the warehouse, the oracle, and what the state holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from segctl.base.digest import keyed_digest
from segctl.base.errors import Refused
from segctl.model.ahead import ahead
from segctl.model.explanation import Explanation, InState, Rank, Snapshot, tidied
from segctl.model.facts import PlayerFacts
from segctl.model.membership import Ids, Society, members_of, memberships_of
from segctl.model.reasons import Part, Reasons, reasons
from segctl.model.segment import Segment
from segctl.model.sequences import entered
from segctl.model.verdict import Asked, verdict
from segctl.store import audit, definitions
from segctl.store.audit import Entry
from segctl.store.definitions import Version
from segctl.store.engine import open_state, writing
from segctl.store.origin import Origin
from segctl.store.state import head
from segctl.warehouse.read import open_warehouse
from segctl.workflow.context import Context
from segctl.workflow.known import Known, side_with
from segctl.workflow.load import Loaded
from segctl.workflow.rank import ranked
from segctl.workflow.society import Remembered, remembered_of, society
from segctl.workflow.state import looking
from segctl.workflow.worlds import is_guard

_TAKES_SNAPSHOT = ("create", "replace", "recover")


def explained(
    context: Context, loaded: Loaded, name: str, player_id: str, *, declared: bool = False
) -> Explanation:
    """The explanation at the context's instant, of what is deployed, or of what the files declare (known.py).

    Raises: Mistakes; Refused, for a segment or a player that there is not.
    """
    with looking(context) as connection:
        known = side_with(connection, loaded, name, declared=declared)
        # of a snapshot too, it is told what the rules say today
        wanted = {name, *known.world.segments[name].uses()}
        names = [one for one in known.closure(wanted) if not is_guard(one)]
        mine = remembered_of(connection, known, names, player_id, context.clock)
        taken = _taken(connection, known, name)
    with open_warehouse(context.warehouse, context.clock.zone) as read:
        alone = society(known, names, mine, context.clock, read)
    facts = alone.players.get(player_id)
    ranks = {} if facts is None else ranked(context, known, names, facts)
    limits = {one: _lets_in(ranks.get(one)) for one in names if known.limit(one)}
    found = _found(alone, {**limits, name: True})
    segment = alone.segments[name]
    told = reasons(segment, player_id, alone, found)
    if facts is None and not told.inside and not mine.is_in(name):
        raise _unknown(player_id)
    told = _whole(told, ranks.get(name))
    return Explanation(
        segment=known.parts.segments[name],
        player=player_id,
        clock=context.clock,
        catalog=known.parts.catalog,
        reasons=told,
        inside=told.inside,
        rank=ranks.get(name),
        snapshot=_snapshot(taken, segment, alone, found, facts),
        entered=_entered(segment, alone, facts),
        state=_in_state(mine, name),
        ahead=None
        if facts is None
        else ahead(name, facts, alone, limits=_as_now(limits, name, ranks), moments=mine.moments),
        declared=known.declared,
    )


def reveal(context: Context, name: str, player_id: str) -> None:
    """Writes down that somebody looks at the personal values of a player. Raises: Refused."""
    engine, doing = open_state(context.state), f"explain by {context.author.name}"
    with writing(engine, lock_timeout_seconds=context.lock_timeout_seconds, doing=doing) as connection:
        at = head(connection)
        origin = Origin(at.serial, context.at, context.author.name, actor=context.author.detail)
        detail = {"player": keyed_digest(at.secret, player_id)}
        audit.append(connection, origin, [Entry("reveal", f"segment.{name}", detail=detail)])


def _unknown(player_id: str) -> Refused:
    return Refused(
        f"The warehouse has no player `{player_id}`.",
        "Ids are compared letter by letter, zeros at their start too. Some that there are: segctl members SEGMENT",
    )


def _lets_in(rank: Rank | None) -> bool:
    return rank is not None and rank.place <= rank.lets_in


def _as_now(limits: Mapping[str, bool], name: str, ranks: Mapping[str, Rank]) -> Mapping[str, bool]:
    """What limits decide from now on: as they do today. For who has no rank yet, a segment's own decides later."""
    return limits if name in ranks or name not in limits else {**limits, name: True}


def _found(alone: Society, limits: Mapping[str, bool]) -> dict[str, Ids]:
    """The segments that the player is in, used ones first."""
    found: dict[str, Ids] = {}
    for name, segment in alone.segments.items():
        found[name] = members_of(segment, alone, found) if limits.get(name, True) else frozenset()
    return found


def _whole(told: Reasons, rank: Rank | None) -> Reasons:
    """The reasons with guards as their authors wrote them, and what the limit says."""
    parts = tuple(
        replace(part, verdict=tidied(part.verdict)) if part.verdict and part.word in ("guard", "scope") else part
        for part in told.parts
    )
    if rank is None:
        return replace(told, parts=parts)
    return replace(told, parts=(*parts, Part("limit", _lets_in(rank))), inside=told.inside and _lets_in(rank))


def _taken(connection: Connection, known: Known, name: str) -> Version | None:
    """The version that a static segment's snapshot was taken with."""
    at = known.objects.get(name)
    if known.parts.segments[name].type != "static" or name in known.retaken or at is None:
        return None
    versions = definitions.versions(connection, at.address)
    return next((one for one in versions if one.action in _TAKES_SNAPSHOT), None)


def _snapshot(
    taken: Version | None, segment: Segment, alone: Society, found: Mapping[str, Ids], facts: PlayerFacts | None
) -> Snapshot | None:
    if taken is None:
        return None
    today = None
    if facts is not None and segment.rules is not None:
        mine = memberships_of(facts.player_id, alone, found)
        today = verdict(segment.rules, Asked(facts, alone.catalog, alone.clock, mine, alone.names)).holds
    return Snapshot(taken.serial, taken.at, today)


def _entered(segment: Segment, alone: Society, facts: PlayerFacts | None) -> datetime | None:
    if segment.trigger is None or facts is None:
        return None
    return entered(segment.trigger, facts, alone.catalog, alone.clock)


def _in_state(mine: Remembered, name: str) -> InState | None:
    held = mine.held.get(name)
    return None if held is None else InState(mine.is_in(name), mine.since.get(name), held.as_of)
