"""The segments of a world as subjects of lowering: names expanded, guards strict, adjustments in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from segctl.model.expand import expanded
from segctl.model.membership import in_force
from segctl.model.rule import Rule
from segctl.model.segment import Adjustment, Segment
from segctl.model.strict import strict
from segctl.model.time import Clock
from segctl.sql.lower import Beside, Subject
from segctl.sql.program import Key
from tests.support.generate import World


def subjects(world: World) -> Iterator[Subject]:
    """In dependency order: a guard stands before the first segment that it guards."""
    guarded: set[str] = set()
    for segment in world.segments.values():
        guard = world.guards.get(segment.purpose)
        if guard is not None and segment.purpose not in guarded:
            guarded.add(segment.purpose)
            yield _bare(world, _guard_key(segment.purpose), _strict(guard, world))
        yield _subject(segment, world)


def named_beside(adjustments: Iterable[Adjustment], clock: Clock) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The segments and the players that adjustments name today, each once."""
    now = in_force(adjustments, clock)
    segments = dict.fromkeys(name for one in now for name in one.segments)
    return tuple(segments), tuple(dict.fromkeys(player for one in now for player in one.players))


def _subject(segment: Segment, world: World) -> Subject:
    rules = None if segment.rules is None else expanded(segment.rules, world.names)
    bare = _bare(world, ("new", segment.name), rules)
    guarded = replace(
        bare,
        exclude=_beside(segment.exclude, world.clock),
        guards=(_guard_key(segment.purpose),) if segment.purpose in world.guards else (),
        scope=None if segment.scope is None else _strict(segment.scope, world),
    )
    if segment.name in world.snapshots:
        return replace(guarded, rules=None, given=True)
    return replace(
        guarded,
        given=segment.type in ("players", "sql"),
        trigger=segment.trigger,
        include=_beside(segment.include, world.clock),
        limit=segment.limit,
    )


def _bare(world: World, key: Key, rules: Rule | None) -> Subject:
    triggers = {name: other.trigger for name, other in world.segments.items() if other.trigger is not None}
    uses: dict[str, Key] = {name: ("new", name) for name in world.segments}
    return Subject(key, world.catalog, rules, uses=uses, triggers=triggers)


def _beside(adjustments: Iterable[Adjustment], clock: Clock) -> Beside:
    segments, players = named_beside(adjustments, clock)
    return Beside(segments, ids=bool(players))


def _strict(rule: Rule, world: World) -> Rule:
    return strict(expanded(rule, world.names), world.catalog)


def _guard_key(purpose: str) -> Key:
    return "new", f"{purpose} guard"
