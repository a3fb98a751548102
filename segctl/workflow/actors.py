"""Scenes of segment tests side by side in one program: their ids, the keys of their segments, what to lower."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from segctl.model.expand import expanded
from segctl.model.membership import NOBODY, Society, in_force
from segctl.model.rule import used_segments
from segctl.model.segment import Adjustment, Segment, Trigger
from segctl.model.strict import strict
from segctl.model.time import Clock
from segctl.model.trial import Scene, Stage, uses_with
from segctl.sql.lower import EXCLUDED, INCLUDED, NOBODY_BESIDE, Beside, Subject
from segctl.sql.program import Key, part_key

_GUARD = "guard of "


@dataclass(frozen=True, slots=True)
class Actor:
    """A scene on the stage: its players' ids get a prefix, its segments a variant.

    Scenes of one variant evaluate the same definitions: they fix the same segments, and have the same snapshots.
    """

    scene: Scene
    prefix: str
    variant: str

    def key(self, name: str) -> Key:
        return "new", f"{self.variant}{name}"

    def ids(self, players: Iterable[str]) -> Iterator[str]:
        """As they are stored. Ids that the test does not have count only where nobody else is there."""
        known = self.scene.society.players
        return (f"{self.prefix}{player}" for player in players if not self.prefix or player in known)


def subjects_of(actors: Sequence[Actor], stage: Stage) -> list[Subject]:
    """What all of them evaluate, used ones first."""
    made: dict[Key, Subject] = {}
    for actor in actors:
        for name, one in actor.scene.society.segments.items():
            if actor.key(name) not in made:
                made[actor.key(name)] = _subject(actor, one, stage)
                made.update(_guard(actor, one.purpose, stage))
    before = {key: [*subject.uses.values(), *subject.guards] for key, subject in made.items()}
    return [made[key] for key in TopologicalSorter(before).static_order()]


def _subject(actor: Actor, segment: Segment, stage: Stage) -> Subject:
    society = actor.scene.society
    taken = segment.name in society.snapshots
    rules = None if taken or segment.rules is None else expanded(segment.rules, stage.names)
    scope = None if segment.scope is None else strict(expanded(segment.scope, stage.names), stage.catalog)
    used = uses_with({}, stage.names)(segment)
    guarded = segment.purpose in stage.guards
    return Subject(
        actor.key(segment.name),
        stage.catalog,
        rules,
        given=taken or segment.type in ("players", "sql"),
        uses={name: actor.key(name) for name in used},
        trigger=None if taken else segment.trigger,
        triggers=_triggers(used, society.segments),
        include=NOBODY_BESIDE if taken else _beside(segment.include, society.clock),
        exclude=_beside(segment.exclude, society.clock),
        guards=(actor.key(f"{_GUARD}{segment.purpose}"),) if guarded else (),
        scope=scope,
        limit=None if taken else segment.limit,
    )


def _guard(actor: Actor, purpose: str, stage: Stage) -> dict[Key, Subject]:
    rule = stage.guards.get(purpose)
    if rule is None:
        return {}
    closed = strict(expanded(rule, stage.names), stage.catalog)
    used = used_segments(closed)
    key = actor.key(f"{_GUARD}{purpose}")
    triggers = _triggers(used, actor.scene.society.segments)
    return {
        key: Subject(key, stage.catalog, closed, uses={one: actor.key(one) for one in used}, triggers=triggers)
    }


def _triggers(used: Iterable[str], segments: Mapping[str, Segment]) -> dict[str, Trigger]:
    return {name: trigger for name in used if (trigger := segments[name].trigger) is not None}


def _beside(adjustments: Sequence[Adjustment], clock: Clock) -> Beside:
    now = in_force(adjustments, clock)
    return Beside(tuple(name for one in now for name in one.segments), ids=any(one.players for one in now))


def given_of(actors: Sequence[Actor]) -> dict[Key, set[str]]:
    """The ids that no rule finds, by what they are of: lists, rows, snapshots, and who is named beside."""
    found: dict[Key, set[str]] = {}
    for actor in actors:
        society = actor.scene.society
        for name, one in society.segments.items():
            key = actor.key(name)
            start = _start(name, one, society)
            if start is not None:
                found.setdefault(key, set()).update(actor.ids(start))
            for part, beside in ((INCLUDED, one.include), (EXCLUDED, one.exclude)):
                named = [id_ for each in in_force(beside, society.clock) for id_ in each.players]
                found.setdefault(part_key(key, part), set()).update(actor.ids(named))
    return found


def _start(name: str, segment: Segment, society: Society) -> Iterable[str] | None:
    if name in society.snapshots:
        return society.snapshots[name]
    if segment.type == "sql":
        return society.rows.get(name, NOBODY)
    return segment.players.ids if segment.players is not None else None
