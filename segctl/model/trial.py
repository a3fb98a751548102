"""A segment test played on the oracle: the members of each step, each step being history for the next. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from segctl.model.catalog import Catalog
from segctl.model.expand import NO_NAMES, Names, expanded
from segctl.model.membership import Ids, Society, memberships
from segctl.model.rule import Bucket, Rule, leaves, used_rules, used_segments
from segctl.model.segment import PlayerList, Segment
from segctl.model.segment_test import ClockStep, SegmentTest
from segctl.model.time import Clock, Interval, micros

# The purpose of a segment whose members a test fixes: no guard is configured for it.
FIXED = ""
Uses = Callable[[Segment], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Stage:
    """What a project declares, as far as members depend on it."""

    catalog: Catalog
    segments: Mapping[str, Segment]
    zone: ZoneInfo
    guards: Mapping[str, Rule] = field(default_factory=dict)
    names: Names = NO_NAMES


@dataclass(frozen=True, slots=True)
class Past:
    """The steps before: the instant of each, and who was in which segment then."""

    steps: tuple[tuple[datetime, Mapping[str, Ids]], ...] = ()

    def since(self, segment: str, player: str) -> datetime | None:
        """When who is a member of the last step joined; None for everybody else."""
        joined = None
        for at, found in reversed(self.steps):
            if player not in found[segment]:
                break
            joined = at
        return joined

    def was(self, segment: str, player: str, stretch: Interval) -> bool:
        """Was the player in at some moment of the stretch? A member stays one until a step says otherwise."""
        for place, (at, found) in enumerate(self.steps):
            later = self.steps[place + 1 :]
            ends = micros(later[0][0]) if later else stretch.until + 1
            if player in found[segment] and micros(at) <= stretch.until and ends > stretch.after + 1:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Scene:
    """One step as it was played: what the oracle was given, and who it found in each segment."""

    step: ClockStep
    society: Society
    found: Mapping[str, Ids]
    past: Past


def played(test: SegmentTest, stage: Stage) -> list[Scene]:
    """Every step of a test. Raises: KeyError, if the segment is not declared.

    A static segment's snapshot is taken at the first step.
    """
    segments = cast(test, stage)
    rows = {name: test.rows or frozenset() for name, one in segments.items() if one.type == "sql"}
    static = [name for name, one in segments.items() if one.type == "static"]
    snapshots: dict[str, Ids] = {}
    past = Past()
    scenes = []
    for step in test.steps:
        society = Society(
            segments=segments,
            catalog=stage.catalog,
            clock=Clock(step.as_of, stage.zone),
            players=test.players,
            guards=stage.guards,
            names=stage.names,
            rows=rows,
            snapshots=dict(snapshots),
            since=past.since,
            was=past.was,
        )
        found = memberships(society)
        scenes.append(Scene(step, society, found, past))
        snapshots = snapshots or {name: found[name] for name in static}
        past = Past((*past.steps, (step.as_of, found)))
    return scenes


def cast(test: SegmentTest, stage: Stage) -> dict[str, Segment]:
    """The segments that a test evaluates: its own and all that it uses, and lists in place of those it fixes."""
    found = {}
    for name in needed(test.segment, test.members, stage.segments, uses_with(stage.guards, stage.names)):
        fixed = test.members.get(name) if name != test.segment else None
        one = stage.segments[name]
        found[name] = one if fixed is None else _fixed(one, fixed)
    return found


def needed(name: str, fixed: Iterable[str], segments: Mapping[str, Segment], uses: Uses) -> list[str]:
    """A segment and all that it uses, itself or through others, but for what only `fixed` ones use; sorted."""
    held, found, waiting = frozenset(fixed), set[str](), [name]
    while waiting:
        one = segments[waiting.pop()]
        if one.name not in found:
            found.add(one.name)
            if one.name not in held:
                waiting.extend(uses(one) - found)
    return sorted(found)


def uses_with(guards: Mapping[str, Rule], names: Names) -> Uses:
    """Which segments one asks about, through named rules, its guard and its scope as well."""
    guarding = {purpose: used_segments(expanded(rule, names)) for purpose, rule in guards.items()}

    def uses(segment: Segment) -> frozenset[str]:
        asked = segment.uses | guarding.get(segment.purpose, frozenset())
        if segment.rules is not None and used_rules(segment.rules):
            asked |= used_segments(expanded(segment.rules, names))
        return asked if segment.scope is None else asked | used_segments(expanded(segment.scope, names))

    return uses


def decisive(segment: Segment, guards: Mapping[str, Rule]) -> list[Rule]:
    """Every rule that decides who is in a segment: its own, its scope, the guard of its purpose."""
    rules = (segment.rules, segment.scope, guards.get(segment.purpose))
    return [rule for rule in rules if rule is not None]


def knows_ids(segments: Mapping[str, Segment], stage: Stage) -> bool:
    """Does anything depend on who else there is, or on how a player's id is spelt: a limit, or a bucket?"""
    rules = (expanded(rule, stage.names) for one in segments.values() for rule in decisive(one, stage.guards))
    return any(one.limit is not None for one in segments.values()) or any(
        isinstance(leaf, Bucket) for rule in rules for leaf in leaves(rule)
    )


def _fixed(segment: Segment, ids: Ids) -> Segment:
    return Segment(segment.name, "players", players=PlayerList(tuple(sorted(ids))), purpose=FIXED, at=segment.at)
