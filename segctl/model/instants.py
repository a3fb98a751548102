"""The instants at which the clock alone may change what a condition says of a player. Pure.

All of them, and some more: who asks evaluates the condition there. Facts stay as they are, events that lie ahead
among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from segctl.model.catalog import AgeOf, Aggregate, Catalog, EventTable
from segctl.model.edges import Piece, Step, edge, jumps, midnights, passings
from segctl.model.facts import PlayerFacts
from segctl.model.measures import Dimensions, Event, column_value, event_passes
from segctl.model.needs import aggregates
from segctl.model.rule import Compare, Condition, Happened, InSegment, Now, Rule, Sequence, Test, WasInSegment
from segctl.model.segment import Trigger
from segctl.model.time import CalendarPeriod, Clock, Duration, Lifetime, Rolling, Window, interval, micros, moment

_ONE_DAY = 86_400_000_000
# A step of months jumps back by three days at most, and clocks by some hours.
_SLACK = 5 * _ONE_DAY


@dataclass(slots=True)
class Horizon:
    """The clock's way from `start`, which is now, to `end`, both in microseconds."""

    zone: ZoneInfo
    start: int
    end: int
    _edges: dict[tuple[Step, ...], list[Piece]] = field(default_factory=dict)
    _midnights: list[int] = field(default_factory=list)

    @property
    def now(self) -> Clock:
        return Clock(moment(self.start), self.zone)

    @property
    def midnights(self) -> list[int]:
        """The starts of its local days."""
        if not self._midnights:
            self._midnights = list(midnights(self.zone, self.start, self.end))
        return self._midnights

    def edge(self, *steps: Step) -> list[Piece]:
        """How an edge moves on the way."""
        if steps not in self._edges:
            self._edges[steps] = edge(steps, self.zone, self.start, self.end + 1)
        return self._edges[steps]


@dataclass(frozen=True, slots=True)
class Source:
    """Events that a condition counts: those of a table that pass `where`, of some dimensions, in a window."""

    table: EventTable
    where: Rule | None
    dimensions: Dimensions
    window: Window
    value: str | None = None

    def events(self, player: PlayerFacts, clock: Clock) -> list[Event]:
        """Those that count now or may count later."""
        oldest = _oldest(self.window, clock)
        return [
            event
            for event in player.events.get(self.table.name, ())
            if isinstance(time := event[self.table.time], datetime)
            and micros(time) > oldest
            and all(column_value(event, name, self.table) in values for name, values in self.dimensions)
            and (self.where is None or event_passes(self.where, event, self.table, clock))
        ]


def sources(cell: Condition | Trigger, window: Window, catalog: Catalog) -> list[Source]:
    """The events that a condition or a trigger counts."""
    match cell:
        case Compare(name, _, dimensions) if name in catalog.metrics:
            metric = catalog.metrics[name]
            return [_measured(one, dimensions, window, catalog) for one in aggregates(metric, catalog)]
        case Compare(name) if name in catalog.scores:
            score = catalog.scores[name]
            return [Source(score.rows, score.how.where, (), score.window)]
        case Happened(events, where):
            return [Source(catalog.events[events], where, (), window)]
        case Sequence(steps):
            return [Source(catalog.events[step.events], step.where, (), window) for step in steps]
        case Trigger(enter, leave, stay):
            stretch = Lifetime() if stay is None else Rolling(stay)
            found = [Source(catalog.events[step.events], step.where, (), stretch) for step in enter]
            return found + [Source(catalog.events[step.events], step.where, (), Lifetime()) for step in leave]
        case _:
            return []


def instants(
    cell: Condition | Trigger,
    window: Window,
    player: PlayerFacts,
    catalog: Catalog,
    horizon: Horizon,
    moments: Callable[[str], Iterable[int]],
) -> set[int]:
    """Every instant after now, to the horizon's end. `moments` says when somebody joined and left a segment."""
    found: set[int] = set()
    values: list[int] = []
    for source in sources(cell, window, catalog):
        events = source.events(player, horizon.now)
        times = [micros(time) for event in events if isinstance(time := event[source.table.time], datetime)]
        found.update(crossings(source.window, times, horizon))
        values += _values(source, events, times)
    match cell:
        case Compare(name, tests):
            found.update(_of_field(name, tests, values, player, catalog, horizon))
        case InSegment(segments, since) if since:
            found.update(passed(since, [at for name in segments for at in moments(name)], horizon))
        case WasInSegment(segments, stretch):
            known = [at + by for name in segments for at in moments(name) for by in (-1, 0, 1)]
            found.update(crossings(stretch or Lifetime(), known, horizon))
        case _:
            pass
    return {at for at in found if horizon.start < at <= horizon.end}


def _measured(one: Aggregate, dimensions: Dimensions, window: Window, catalog: Catalog) -> Source:
    return Source(catalog.events[one.events], one.where, dimensions, window, one.measure.column)


def _values(source: Source, events: Iterable[Event], times: list[int]) -> Iterator[int]:
    """The instants that a first, last or highest may be."""
    if source.value is None:
        yield from times
        return
    for event in events:
        value = column_value(event, source.value, source.table)
        if isinstance(value, datetime):
            yield micros(value)


def _of_field(
    name: str, tests: tuple[Test, ...], values: list[int], player: PlayerFacts, catalog: Catalog, horizon: Horizon
) -> Iterator[int]:
    known = catalog.field(name)
    kind = known.type if known is not None else "string"
    attribute = catalog.attributes.get(name)
    if attribute is not None and isinstance(attribute.source, AgeOf):
        yield from horizon.midnights
    elif kind == "datetime":
        stored = player.attributes.get(name)
        own = [micros(stored)] if isinstance(stored, datetime) else values
        yield from passed(tests, own, horizon)
    elif kind == "date" and any(isinstance(test.value, Duration | Now) for test in tests):
        yield from horizon.midnights


def passed(tests: Iterable[Test], values: list[int], horizon: Horizon) -> Iterator[int]:
    """When instants come to pass, and when edges of tests pass them."""
    for value in values:
        yield from (value, value + 1)
    for test in tests:
        if test.op == "anniversary_within":
            yield from horizon.midnights
        elif isinstance(test.value, Duration):
            pieces = horizon.edge((test.value, 1 if test.op == "within_next" else -1))
            yield from jumps(pieces)
            for value in values:
                yield from passings(pieces, value)


def crossings(window: Window, times: list[int], horizon: Horizon) -> Iterator[int]:
    """When events of these times come into a window or fall out of it."""
    match window:
        case Rolling(last, before):
            behind: tuple[Step, ...] = () if before is None else ((before, -1),)
            for pieces in (horizon.edge(*behind), horizon.edge(*behind, (last, -1))):
                yield from jumps(pieces)
                for time in times:
                    yield from passings(pieces, time)
        case CalendarPeriod():
            yield from times
            stretches = [(at, interval(window, Clock(moment(at), horizon.zone)).after) for at in horizon.midnights]
            begins = interval(window, horizon.now).after
            yield from (at for (_, one), (at, other) in pairwise([(0, begins), *stretches]) if one != other)
        case _:
            yield from times


def _oldest(window: Window, clock: Clock) -> int:
    """No event up to this instant counts now or later."""
    match window:
        case Rolling(last, before):
            after = interval(window, clock).after
            return after - _SLACK if last.months or (before is not None and before.months) else after
        case _:
            return interval(window, clock).after
