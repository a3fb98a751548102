"""One player alone, as the oracle takes them: facts of the warehouse, and what state and queries say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.members.read import Read
from segctl.model.expand import expanded
from segctl.model.membership import Ids, Society
from segctl.model.needs import needs
from segctl.model.rule import Rule
from segctl.model.segment import Adjustment, PlayerList, Segment
from segctl.model.time import END, Clock, Interval, micros
from segctl.sql.lower import HELD_IN, HELD_OUT
from segctl.store import history, membership, players
from segctl.store.membership import Membership
from segctl.workflow.facts import facts_of
from segctl.workflow.known import Known
from segctl.workflow.returns import held_by
from segctl.workflow.since import since_of
from segctl.workflow.worlds import remembered

_NOBODY: Ids = frozenset()


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the state holds of one player, by segment: memberships, since when they are in, and when they were.

    `stays` holds pairs of the first instant in and the first one out, in microseconds; `holds` names the segments
    that hold them in or out since they were forgotten.
    """

    player: str
    number: int | None
    held: Mapping[str, Membership]
    since: Mapping[str, datetime]
    stays: Mapping[str, Sequence[tuple[int, int]]]
    holds: frozenset[tuple[str, str]] = frozenset()

    def is_in(self, name: str) -> bool:
        """Is the player a member, as far as the state knows?"""
        return name in self.held and has(self.held[name].members, self.number)

    def moments(self, name: str) -> Iterator[int]:
        """When the player joined and left, and when they joined last."""
        for begins, ends in self.stays.get(name, ()):
            yield from (begins, ends)
        if name in self.since:
            yield micros(self.since[name])

    def was(self, name: str, stretch: Interval) -> bool:
        """Were they in at some instant of a stretch?"""
        stays = self.stays.get(name, ())
        return any(begins <= stretch.until and ends > stretch.after + 1 for begins, ends in stays)


def has(members: BitMap, number: int | None) -> bool:
    """Is the player of that number among them? Who has none is not."""
    return number is not None and number in members


def remembered_of(
    connection: Connection, known: Known, names: Iterable[str], player_id: str, clock: Clock
) -> Remembered:
    """What the state holds of a player in some segments."""
    number = players.find(connection, player_id)
    objects = {known.objects[name].object_id: name for name in names if name in known.objects}
    held = {objects[key]: one for key, one in membership.load(connection, objects).items()}
    since: dict[str, datetime] = {}
    for name, one in held.items():
        mine = BitMap() if number is None else one.members & BitMap([number])
        since.update((name, at) for at in since_of(connection, one, mine).values())
    asked = remembered(known.world)
    stays = {name: list(_stays(connection, one, number)) for name, one in held.items() if name in asked}
    holds = held_by(connection, objects, clock, player_id)
    return Remembered(player_id, number, held, since, stays, holds)


def society(known: Known, names: Sequence[str], mine: Remembered, clock: Clock, read: Read) -> Society:
    """The player's society: these segments, in this order, without their limits. Raises: Refused."""
    stated = [known.parts.segments[name] for name in names]
    rules = (expanded(rule, known.names) for one in stated for rule in _rules(one, known))
    facts = facts_of(mine.player, needs(rules, stated, known.parts.catalog), known.parts.catalog, read)
    static = {one.name for one in stated if one.type == "static"} - known.retaken
    return Society(
        segments={one.name: _alone(one, mine) for one in stated},
        catalog=known.parts.catalog,
        clock=clock,
        players={} if facts is None else {mine.player: facts},
        guards=known.parts.guards,
        names=known.names,
        rows={one.name: _rows(one.query, mine.player, clock, read) for one in stated if one.query is not None},
        snapshots={name: _kept(name, mine) for name in static},
        since=lambda name, _: mine.since.get(name),
        was=lambda name, _, stretch: mine.was(name, stretch),
    )


def _stays(connection: Connection, held: Membership, number: int | None) -> Iterator[tuple[int, int]]:
    """Walking back from the members of now."""
    inside, ends = has(held.members, number), END
    for at, joined, left in history.backwards(connection, held.object_id):
        begins = micros(at)
        if inside:
            yield begins, ends
        ends = begins
        inside = (inside and not has(joined, number)) or has(left, number)


def _rules(segment: Segment, known: Known) -> Iterator[Rule]:
    for rule in (segment.rules, segment.scope, known.parts.guards.get(segment.purpose)):
        if rule is not None:
            yield rule


def _alone(segment: Segment, mine: Remembered) -> Segment:
    """Without its limit; the list of a deployed segment is known by numbers, so only the player is named."""
    segment = _holding(segment, mine)
    if segment.type != "players" or segment.players is not None:
        return replace(segment, limit=None)
    return replace(segment, limit=None, players=PlayerList(tuple(_kept(segment.name, mine))))


def _holding(segment: Segment, mine: Remembered) -> Segment:
    """A segment that says of somebody who was forgotten what held for them before."""
    again = (Adjustment((mine.player,), reason="before they were forgotten"),)
    if (segment.name, HELD_IN) in mine.holds:
        segment = replace(segment, include=(*segment.include, *again))
    if (segment.name, HELD_OUT) in mine.holds:
        segment = replace(segment, exclude=(*segment.exclude, *again))
    return segment


def _kept(name: str, mine: Remembered) -> Ids:
    """The player, if they stand in a segment's list or snapshot."""
    held = mine.held.get(name)
    everyone = None if held is None else held.members if held.listed is None else held.listed
    return frozenset((mine.player,)) if everyone is not None and has(everyone, mine.number) else _NOBODY


def _rows(query: str, player_id: str, clock: Clock, read: Read) -> Ids:
    found = player_id in set(read.rows(query, clock.as_of).to_pylist())
    return frozenset((player_id,)) if found else _NOBODY
