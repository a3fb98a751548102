"""Where the clock, going on, meets what is stored: edges of windows and tests, and what they run along. Pure.

All instants at which the clock alone can change anyone's membership lie among these, and more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from segctl.model.catalog import EventTable
from segctl.model.edges import Step
from segctl.model.instants import Horizon
from segctl.model.rule import Rule, Test
from segctl.model.time import CalendarPeriod, Clock, Duration, Rolling, Window, interval, moment
from segctl.sql.ask import narrowed
from segctl.sql.program import (
    AgeFact,
    Atom,
    BucketFact,
    DerivedFact,
    EnteredFact,
    Fact,
    FeatureFact,
    Program,
    SequenceFact,
    StoredFact,
    made_of,
)
from segctl.sql.uses import moves


@dataclass(frozen=True, slots=True)
class Along:
    """A stored timestamp column; of events, those that pass `where`."""

    table: str
    column: str
    timezone: str | None
    events: EventTable | None = None
    where: Rule | None = None


@dataclass(frozen=True, slots=True)
class Crossing:
    """An edge that stands at `edge` now, `offset` from the clock. The instants just after it are met next."""

    along: Along
    edge: int
    offset: int


@dataclass(frozen=True, slots=True)
class Crossings:
    """Edges and what they run along, and the instants that are known without looking."""

    edges: frozenset[Crossing]
    instants: frozenset[int]


def crossings(program: Program, horizon: Horizon) -> Crossings:
    """What may change something after the horizon's start; instants up to its end."""
    edges: set[Crossing] = set()
    instants: set[int] = set()
    for fact in program.facts:
        for found in _of_fact(fact, horizon):
            _put(found, edges, instants)
    for atom in program.atoms:
        if moves(atom):
            for found in _of_atom(program, atom, horizon):
                _put(found, edges, instants)
    return Crossings(frozenset(edges), frozenset(at for at in instants if horizon.start < at <= horizon.end))


def _put(found: Crossing | int, edges: set[Crossing], instants: set[int]) -> None:
    if isinstance(found, Crossing):
        edges.add(found)
    else:
        instants.add(found)


def _of_fact(fact: Fact, horizon: Horizon) -> Iterator[Crossing | int]:
    match fact:
        case FeatureFact(events=events, window=window):
            yield from _of_window(window, _times(events, narrowed(fact)), horizon)
        case SequenceFact(steps, window):
            for events, where in steps:
                yield from _of_window(window, _times(events, where), horizon)
        case AgeFact():
            yield from horizon.midnights[:1]
        case StoredFact() | DerivedFact() | BucketFact() | EnteredFact():
            pass


def _times(events: EventTable, where: Rule | None) -> Along:
    return Along(events.table, events.time, events.timezone, events, where)


def _of_window(window: Window, along: Along, horizon: Horizon) -> Iterator[Crossing | int]:
    """Events come in at its end and fall out at its start."""
    match window:
        case Rolling(last, before):
            behind: tuple[Step, ...] = () if before is None else ((before, -1),)
            yield from _edge(behind, along, horizon)
            yield from _edge((*behind, (last, -1)), along, horizon)
        case CalendarPeriod():
            yield from _edge((), along, horizon)
            yield from _turns(window, horizon)
        case _:
            yield from _edge((), along, horizon)


def _edge(steps: tuple[Step, ...], along: Along, horizon: Horizon) -> Iterator[Crossing | int]:
    """An edge up to where it jumps."""
    first, *rest = horizon.edge(*steps)
    yield Crossing(along, horizon.start + first.offset, first.offset)
    if rest:
        yield rest[0].start


def _turns(window: CalendarPeriod, horizon: Horizon) -> Iterator[int]:
    """The first midnight at which another period begins."""
    begins = [interval(window, Clock(moment(at), horizon.zone)).after for at in horizon.midnights]
    now = interval(window, horizon.now).after
    turned = (
        at for at, (one, other) in zip(horizon.midnights, pairwise([now, *begins]), strict=True) if one != other
    )
    yield from list(turned)[:1]


def _of_atom(program: Program, atom: Atom, horizon: Horizon) -> Iterator[Crossing | int]:
    if atom.type == "date" or atom.test.op == "anniversary_within":
        yield from horizon.midnights[:1]
        return
    for along in _values(program, atom.fact):
        yield from _of_test(atom.test, along, horizon)


def _of_test(test: Test, along: Along, horizon: Horizon) -> Iterator[Crossing | int]:
    """Instants come to pass, and the test's own edge passes them."""
    yield Crossing(along, horizon.start, 0)
    # the instant after one that comes to pass, for `before: now`
    yield Crossing(along, horizon.start - 1, -1)
    if isinstance(test.value, Duration):
        yield from _edge(((test.value, 1 if test.op == "within_next" else -1),), along, horizon)


def _values(program: Program, number: int) -> Iterable[Along]:
    """The columns whose values a fact may have."""
    fact = program.facts[number]
    match fact:
        case StoredFact(_, column, table, _, timezone):
            return [Along(table or program.player.table, column, timezone)]
        case FeatureFact(events=events, measure=measure):
            where = narrowed(fact)
            if measure.column is None:
                return [_times(events, where)]
            source = events.column(measure.column).source
            return [Along(events.table, str(source), events.timezone, events, where)]
        case _:
            return [along for part in made_of(fact) for along in _values(program, part)]
