"""What keeps a player out by name and must outlive them: excludes, and lists that others exclude by. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from segctl.model.membership import in_force
from segctl.model.rule import Group, InSegment, Rule, WasInSegment
from segctl.model.segment import Adjustment, Segment
from segctl.model.time import Clock
from segctl.store.forgotten import Hold
from segctl.workflow.worlds import Definition, World


def holds_of_player(
    player_id: str,
    segments: Mapping[str, Segment],
    side: World,
    listed: AbstractSet[str],
    clock: Clock,
    ids: Mapping[str, int],
) -> tuple[Hold, ...]:
    """The holds that a player leaves behind. `listed` are the lists and snapshots that they stand in; `ids` gives
    the object of each segment.

    What keeps somebody out by their facts is not among them: the facts will do so again.
    """
    found: set[Hold] = set()
    lists = _excluding(side)
    for name, segment in segments.items():
        found |= {Hold(ids[name], "out", one.until) for one in _naming(segment.exclude, player_id, clock)}
        if name in lists:
            found |= {Hold(ids[name], "in", one.until) for one in _naming(segment.include, player_id, clock)}
            if name in listed:
                found.add(Hold(ids[name], "in"))
    return tuple(sorted(found, key=lambda hold: (hold.object_id, hold.way, str(hold.until))))


def _naming(adjustments: Iterable[Adjustment], player_id: str, clock: Clock) -> list[Adjustment]:
    return [one for one in in_force(adjustments, clock) if player_id in one.players]


def _excluding(side: World) -> frozenset[str]:
    """The segments whose members are kept out of something, and all that those segments are made of."""
    found: set[str] = set()
    waiting = [name for one in side.segments.values() for name in _negated(one)]
    while waiting:
        name = waiting.pop()
        if name not in found and name in side.segments:
            found.add(name)
            waiting.extend(side.segments[name].uses())
    return frozenset(found)


def _negated(one: Definition) -> Iterator[str]:
    for adjustment in one.exclude:
        yield from adjustment.segments
    for rule in (one.rules, one.scope):
        if rule is not None:
            yield from _below_none(rule, negated=False)


def _below_none(rule: Rule, *, negated: bool) -> Iterator[str]:
    """The segments that a rule asks not to be in."""
    match rule:
        case Group(word, rules):
            for part in rules:
                yield from _below_none(part, negated=negated ^ (word == "none"))
        case InSegment(segments) | WasInSegment(segments) if negated:
            yield from segments
        case _:
            pass
