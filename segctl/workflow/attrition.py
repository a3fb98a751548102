"""How many players are left after each condition of a segment: all are counted in one read of the warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyroaring import BitMap

from segctl.model.expand import expanded
from segctl.model.funnel import Funnel, Place, Step, StepWord, is_cut, places
from segctl.model.rule import Group, Rule, used_segments
from segctl.model.segment import Adjustment, Trigger
from segctl.model.time import Clock, Lifetime, Window
from segctl.sql.lower import EXCLUDED, HELD_IN, HELD_OUT, INCLUDED, Subject
from segctl.sql.program import Algebra, Given, Key, Program, part_key
from segctl.workflow.context import Context
from segctl.workflow.known import Known, held_in, holds_in, side_with, sides_of
from segctl.workflow.load import Loaded
from segctl.workflow.probe import Probed, probed
from segctl.workflow.returns import numbering_of
from segctl.workflow.state import looking
from segctl.workflow.worlds import named_now

ROWS, ENTERED, SCOPE = "rows", "entered", "scope"


@dataclass(frozen=True, slots=True)
class Attrition:
    """The steps, and the catalog to tell of them."""

    funnel: Funnel
    known: Known


@dataclass(frozen=True, slots=True)
class _Counted:
    """One segment of a side, its places, and what the engine found."""

    known: Known
    name: str
    places: tuple[Place, ...]
    found: Probed
    clock: Clock

    def of(self, part: str) -> BitMap:
        """The players of a question of ours."""
        return self.found.members[place_key(self.name, part)]


def attrition(context: Context, loaded: Loaded, name: str, *, declared: bool = False) -> Attrition:
    """The steps of a segment at the context's instant. Raises: Mistakes; Refused."""
    with looking(context) as connection:
        known = side_with(connection, loaded, name, declared=declared)
        held = held_in(connection, known, known.closure([name]))
        numbering = numbering_of(connection)
        holds = holds_in(connection, known, context.clock)
    kept = known.keeps(name)
    rules = None if kept else known.parts.segments[name].rules
    found_places = () if rules is None else tuple(places(rules))
    sides = sides_of(known, [name], held, context.clock, numbering, holds)
    extra = list(questions(known, name, found_places))
    found = probed(context, sides, numbering, extra, lambda program: _rows(program, known, name))
    counted = _Counted(known, name, found_places, found, context.clock)
    segment = known.parts.segments[name]
    funnel = Funnel(
        segment=name,
        type=segment.type,
        purpose=segment.purpose,
        players=len(found.players),
        steps=tuple(_steps(counted)),
        kept=kept,
        declared=known.declared,
    )
    return Attrition(funnel, known)


def place_key(name: str, part: str) -> Key:
    """The key of a question about a part of a segment."""
    return "new", f"{name} {part}"


def questions(known: Known, name: str, found: tuple[Place, ...]) -> Iterator[Subject]:
    """Each place of the rules, the scope, and who was let in by events, as if it were a segment."""
    one = known.world.segments[name]
    for number, place in enumerate(found):
        yield _subject(known, name, f"{number}", _scoped(expanded(place.rule, known.names), place.window))
    if one.scope is not None:
        yield _subject(known, name, SCOPE, one.scope)
    if one.trigger is not None:
        yield Subject(place_key(name, ENTERED), known.parts.catalog, None, trigger=one.trigger)


def _subject(known: Known, name: str, part: str, rule: Rule) -> Subject:
    used = used_segments(rule)
    triggers: dict[str, Trigger] = {}
    for other in used:
        trigger = known.world.segments[other].trigger
        if trigger is not None:
            triggers[other] = trigger
    uses: Mapping[str, Key] = {other: ("new", other) for other in used}
    return Subject(place_key(name, part), known.parts.catalog, rule, uses=uses, triggers=triggers)


def _scoped(rule: Rule, window: Window) -> Rule:
    return rule if isinstance(window, Lifetime) else Group("all", (rule,), window)


def _rows(_program: Program, known: Known, name: str) -> dict[Key, Algebra]:
    """What a segment's own query returned, before anything narrows it."""
    return {} if known.world.segments[name].query is None else {place_key(name, ROWS): Given(("new", name))}


def _steps(counted: _Counted) -> Iterator[Step]:
    left = _start(counted)
    yield Step("start", left=len(left))
    for number, place in enumerate(counted.places):
        passing = counted.of(f"{number}")
        cut = is_cut(place)
        left = left & passing if cut else left
        what: StepWord = "group" if isinstance(place.rule, Group) else "condition"
        yield Step(what, place.depth, place, len(passing), len(left) if cut else None)
    for word, alone, rest in _beside(counted, left):
        yield Step(word, alone=alone, left=len(rest))
    members = counted.found.members["new", counted.name]
    if counted.known.limit(counted.name) is not None:
        yield Step("limit", left=len(members))
    yield Step("result", left=len(members))


def _start(counted: _Counted) -> BitMap:
    one = counted.known.world.segments[counted.name]
    match one.type:
        case "players":
            return counted.found.given["new", counted.name]
        case "static" if counted.known.keeps(counted.name):
            return counted.found.given["new", counted.name]
        case "triggered":
            return counted.of(ENTERED)
        case "sql":
            return counted.of(ROWS)
        case _:
            return counted.found.players


def _beside(counted: _Counted, left: BitMap) -> Iterator[tuple[StepWord, int, BitMap]]:
    """Includes, excludes, guard and scope: of whom each speaks, and who is left after it."""
    one = counted.known.world.segments[counted.name]
    held_in, held_out = (_held(counted, part) for part in (HELD_IN, HELD_OUT))
    if held_in or (one.include and not counted.known.keeps(counted.name)):
        include = () if counted.known.keeps(counted.name) else one.include
        named = _named(counted, include, INCLUDED) | held_in
        left = left | named
        yield "include", len(named), left
    if one.exclude or held_out:
        named = _named(counted, one.exclude, EXCLUDED) | held_out
        left = left - named
        yield "exclude", len(named), left
    if one.guard is not None:
        passing = counted.found.members["new", one.guard]
        left = left & passing
        yield "guard", len(passing), left
    if one.scope is not None:
        passing = counted.of(SCOPE)
        left = left & passing
        yield "scope", len(passing), left


def _held(counted: _Counted, part: str) -> BitMap:
    """Who was forgotten, came back and is held."""
    return counted.found.given.get(part_key(("new", counted.name), part), BitMap())


def _named(counted: _Counted, adjustments: tuple[Adjustment, ...], part: str) -> BitMap:
    segments, _ = named_now(adjustments, counted.clock)
    ids = counted.found.given.get(part_key(("new", counted.name), part), BitMap())
    return BitMap.union(ids, *(counted.found.members["new", name] for name in segments))
