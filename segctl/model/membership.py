"""The oracle of segments: who is in. For all players together, since limits and other segments need them. Pure.

Written from language.md, section 2, for plainness; every engine is held to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from graphlib import TopologicalSorter

from segctl.model.catalog import Catalog
from segctl.model.evaluate import Memberships, field_value, holds
from segctl.model.expand import NO_NAMES, Names, expanded
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.rule import Rule, used_segments
from segctl.model.segment import Adjustment, Limit, Segment
from segctl.model.sequences import entered
from segctl.model.strict import strict
from segctl.model.time import Clock, Interval, Lifetime, micros

Ids = frozenset[str]
NOBODY: Ids = frozenset()


def _no_history(_segment: str, _player: str, _stretch: Interval) -> bool:
    return False


def _since_now(_segment: str, _player: str) -> datetime | None:
    return None


@dataclass(frozen=True, slots=True)
class Society:
    """Everything that memberships depend on. `players` are those of the warehouse, by id.

    `rows` are the ids that each sql segment's query returned, `snapshots` the members of static segments that were
    taken earlier. `since` says when a member joined, None for who was not in before; `was` whether somebody was in
    during a stretch of the past.
    """

    segments: Mapping[str, Segment]
    catalog: Catalog
    clock: Clock
    players: Mapping[str, PlayerFacts]
    guards: Mapping[str, Rule] = field(default_factory=dict)
    names: Names = NO_NAMES
    rows: Mapping[str, Ids] = field(default_factory=dict)
    snapshots: Mapping[str, Ids] = field(default_factory=dict)
    since: Callable[[str, str], datetime | None] = _since_now
    was: Callable[[str, str, Interval], bool] = _no_history


def memberships(society: Society) -> dict[str, Ids]:
    """The ids of the members of every segment."""
    uses = {name: _uses(segment, society) for name, segment in society.segments.items()}
    found: dict[str, Ids] = {}
    for name in TopologicalSorter(uses).static_order():
        found[name] = members_of(society.segments[name], society, found)
    return found


def ranked(members: Iterable[str], limit: Limit, society: Society) -> list[str]:
    """Members in the order of a limit: missing values last, ties by player id."""

    def value(player: str) -> Fact:
        facts = society.players.get(player)
        window = limit.during or Lifetime()
        if facts is None:
            return None
        return field_value(limit.by, facts, catalog=society.catalog, clock=society.clock, window=window)

    values = {player: value(player) for player in members}
    present = [player for player in sorted(values) if values[player] is not None]
    present.sort(key=lambda player: _sortable(values[player]), reverse=limit.order == "desc")
    return present + [player for player in sorted(values) if values[player] is None]


def in_force(adjustments: Iterable[Adjustment], clock: Clock) -> list[Adjustment]:
    """Those whose last day has not passed."""
    return [one for one in adjustments if one.until is None or clock.today <= one.until]


def _uses(segment: Segment, society: Society) -> frozenset[str]:
    guard = society.guards.get(segment.purpose)
    return segment.uses | _segments(segment.rules, society) | (_segments(guard, society) if guard else frozenset())


def _segments(rule: Rule | None, society: Society) -> frozenset[str]:
    return frozenset() if rule is None else used_segments(expanded(rule, society.names))


def members_of(segment: Segment, society: Society, found: Mapping[str, Ids]) -> Ids:
    """Who is in one segment; `found` holds the members of those that it uses."""
    snapshot = society.snapshots.get(segment.name)
    if snapshot is not None:
        return _guarded(snapshot - named(segment.exclude, society, found), segment, society, found)
    raw = candidates(segment, society)
    if segment.rules is not None:
        raw = _passing(raw, segment.rules, society, found)
    raw = (raw | named(segment.include, society, found)) - named(segment.exclude, society, found)
    left = _guarded(raw, segment, society, found)
    return left if segment.limit is None else _limited(left, segment.limit, society)


def candidates(segment: Segment, society: Society) -> Ids:
    """Who may be in before rules narrow them."""
    everyone = frozenset(society.players)
    match segment.type:
        case "dynamic" | "static":
            return everyone
        case "players":
            return frozenset(segment.players.ids if segment.players else ())
        case "sql":
            return society.rows.get(segment.name, NOBODY) & everyone
        case "triggered":
            trigger = segment.trigger
            players = society.players.items()
            return frozenset(
                player
                for player, facts in players
                if trigger and entered(trigger, facts, society.catalog, society.clock) is not None
            )


def _guarded(members: Ids, segment: Segment, society: Society, found: Mapping[str, Ids]) -> Ids:
    for rule in (society.guards.get(segment.purpose), segment.scope):
        if rule is not None:
            closed = strict(expanded(rule, society.names), society.catalog)
            members = _passing(members, closed, society, found)
    return members


def _passing(members: Ids, rule: Rule, society: Society, found: Mapping[str, Ids]) -> Ids:
    """Those of whom a rule holds; of an id that the warehouse does not know, none does."""
    whole = expanded(rule, society.names)
    return frozenset(
        player
        for player in members
        if (facts := society.players.get(player)) is not None
        and holds(
            whole,
            facts,
            catalog=society.catalog,
            clock=society.clock,
            memberships=memberships_of(player, society, found),
        )
    )


def memberships_of(player: str, society: Society, found: Mapping[str, Ids]) -> Memberships:
    """What is known of one player's memberships in the segments of `found`."""

    def since(name: str) -> datetime | None:
        if player not in found[name]:
            return None
        trigger = society.segments[name].trigger
        if trigger is not None:
            return entered(trigger, society.players[player], society.catalog, society.clock)
        return society.since(name, player) or society.clock.as_of

    def was(name: str, stretch: Interval) -> bool:
        now = stretch.after < micros(society.clock.as_of) <= stretch.until
        return (now and player in found[name]) or society.was(name, player, stretch)

    return Memberships(lambda name: player in found[name], since, was)


def named(adjustments: Iterable[Adjustment], society: Society, found: Mapping[str, Ids]) -> Ids:
    """Whom adjustments in force name, themselves or through segments."""
    ids: set[str] = set()
    for one in in_force(adjustments, society.clock):
        ids.update(one.players)
        ids.update(*(found[name] for name in one.segments))
    return frozenset(ids)


def _limited(members: Ids, limit: Limit, society: Society) -> Ids:
    return frozenset(ranked(members, limit, society)[: size(limit, len(members))])


def size(limit: Limit, left: int) -> int:
    """How many a limit lets in of those who are left; a percentage is rounded down."""
    if limit.top is not None:
        return limit.top
    return int(Decimal(left) * (limit.percent or Decimal(0)) / 100)


def _sortable(value: Fact) -> int | float | Decimal:
    match value:
        case datetime():
            return micros(value)
        case date():
            return value.toordinal()
        case int() | float() | Decimal():
            return value
        case _:
            raise TypeError(f"{value!r} has no rank")
