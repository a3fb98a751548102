"""When the clock alone next lets anybody in or out: data stay as they are known now, and time goes on. Reads only.

The engine is asked for the first instant at which anything could change, and evaluates there those whom it may
have changed; where nobody moved, it is asked for the next one. So what is found is exact, or no later than it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.base.digest import text_digest
from segctl.base.errors import Refused
from segctl.members.columns import Numbers, column
from segctl.members.kept import Keeping, Kept
from segctl.members.numbering import Numbering
from segctl.members.read import Read
from segctl.model.instants import Horizon, passed
from segctl.model.instants import crossings as of_moments
from segctl.model.time import Clock, day_start, micros, moment
from segctl.sql.crossings import Along, Crossing, crossings
from segctl.sql.lower import Subject, lower
from segctl.sql.program import Program, SinceOf, WasOf
from segctl.sql.questions import AskNext
from segctl.sql.statements import WHOLE
from segctl.store import history
from segctl.warehouse.read import open_warehouse
from segctl.workflow.context import Context
from segctl.workflow.evaluation import one_read
from segctl.workflow.known import Known, all_deployed, held_in, holds_in, sides_of
from segctl.workflow.memories import asked
from segctl.workflow.progress import Progress, unwatched
from segctl.workflow.returns import numbering_of
from segctl.workflow.sides import Held
from segctl.workflow.state import deployed_segment, looking
from segctl.workflow.worlds import is_guard

LOOKS = 20
HORIZON = timedelta(days=400)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next change by the clock alone, after the instant at which members were found.

    `at` is when it comes (`exact`), or an instant before which nothing changes; None where nothing changes up to
    `until`. `segments` are those that change then; of `unknown` ones nothing can be told, since queries make them.
    """

    since: datetime
    until: datetime
    at: datetime | None
    exact: bool
    segments: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(slots=True)
class _Walk:
    """The way ahead, over one warehouse that is open."""

    context: Context
    connection: Connection
    known: Known
    names: Sequence[str]
    held: dict[str, Held]
    numbering: Numbering
    read: Read
    kept: Kept | None = None

    def members(self, at: int) -> dict[str, BitMap]:
        """Who is in the segments at an instant."""
        context = replace(self.context, clock=Clock(moment(at), self.context.clock.zone), watch=unwatched)
        self.context.watch(Progress(f"looking at {moment(at):%Y-%m-%d %H:%M:%S} UTC", 0, 0))
        subjects, program = self.program(context)
        holds = holds_in(self.connection, self.known, context.clock)
        sides = sides_of(self.known, self.names, self.held, context.clock, self.numbering, holds)
        keeping = Keeping(text_digest, micros(context.at), context.ingest_lag_micros, self.kept)
        used = keeping if context.keeps else None
        found, _, _ = one_read(context, sides, self.numbering, subjects, program, self.read, used)
        self.kept = None if found.again is None else found.again.kept
        return {name: found.members["new", name] for name in self.names}

    def program(self, context: Context) -> tuple[list[Subject], Program]:
        """What decides at an instant."""
        holds = holds_in(self.connection, self.known, context.clock)
        sides = sides_of(self.known, self.names, self.held, context.clock, self.numbering, holds)
        subjects = sides.subjects()
        return subjects, lower(subjects, self.known.world.catalog)

    def candidate(self, start: int, end: int) -> int | None:
        """The first instant after `start` at which anything may change; None if there is none up to `end`."""
        context = replace(self.context, clock=Clock(moment(start), self.context.clock.zone))
        _, program = self.program(context)
        way = Horizon(context.clock.zone, start, end)
        found = crossings(program, way)
        instants = {*found.instants, *_met(found.edges, self.read), *self._remembered(program, way)}
        instants.update(_adjusted(self.known, self.names, way))
        if holds_in(self.connection, self.known, context.clock).players:
            instants.update(way.midnights[:1])
        return min((at for at in instants if start < at <= end), default=None)

    def _remembered(self, program: Program, way: Horizon) -> Iterator[int]:
        """When joins and leaves of used segments come into a range of the history, or fall out of it."""
        for question in asked(program):
            held = self.held.get(question.segment[1])
            if held is None:
                continue
            moments = [micros(at) for at, _, _ in history.backwards(self.connection, held.object_id)]
            match question:
                case SinceOf(_, tests):
                    yield from passed(tests, [*moments, held.as_of_micros], way)
                case WasOf(_, window):
                    yield from of_moments(window, [at + by for at in moments for by in (-1, 0, 1)], way)


def ahead(context: Context, name: str | None = None, *, looks: int = LOOKS) -> Ahead:
    """The next change of one segment, or of all that are deployed, after the instant of their members.

    Raises: Refused, when there is no such segment.
    """
    with looking(context) as connection, _walk(context, connection, name) as walk:
        start = min((walk.held[one].as_of_micros for one in walk.names if one in walk.held), default=None)
        start = context.clock.micros if start is None else start
        end = micros(moment(start) + HORIZON)
        unknown = tuple(one for one in walk.known.closure(walk.names) if walk.known.world.segments[one].query)
        at, exact, moved = _next(walk, start, end, looks)
    return Ahead(moment(start), moment(end), None if at is None else moment(at), exact, moved, unknown)


def _next(walk: _Walk, start: int, end: int, looks: int) -> tuple[int | None, bool, tuple[str, ...]]:
    at = walk.candidate(start, end)
    before = walk.members(start) if at is not None and looks else {}
    for _ in range(looks):
        if at is None:
            break
        after = walk.members(at)
        moved = tuple(name for name in walk.names if after[name] != before[name])
        if moved:
            return at, True, moved
        at = walk.candidate(at, end)
    return at, at is None, ()


@contextmanager
def _walk(context: Context, connection: Connection, name: str | None) -> Iterator[_Walk]:
    if name is not None and deployed_segment(connection, name).status == "archived":
        raise Refused(f"`{name}` is archived and has no members.", f"Who left it and when: segctl history {name}")
    known = all_deployed(connection)
    follows = [one.name for one in known.world.segments.values() if one.follows and not is_guard(one.name)]
    names = sorted(one for one in follows if name in (None, one))
    held = held_in(connection, known, known.world.segments)
    with open_warehouse(context.warehouse, context.clock.zone) as read:
        yield _Walk(context, connection, known, names, held, numbering_of(connection), read)


def _met(edges: Iterable[Crossing], read: Read) -> Iterator[int]:
    """When each edge next meets a stored instant."""
    along: dict[Along, list[Crossing]] = defaultdict(list)
    for crossing in edges:
        along[crossing.along].append(crossing)
    for one, mine in along.items():
        stands = sorted({crossing.edge for crossing in mine})
        question = AskNext(one.table, one.column, one.timezone, tuple(stands), one.events, one.where)
        answer = read(question, WHOLE)
        values = column(answer["next"], "datetime", f"{one.table}.{one.column}", timezone=one.timezone)
        assert isinstance(values, Numbers)  # noqa: S101 - column() gives numbers for instants
        valid = [True] * len(values.values) if values.valid is None else values.valid.tolist()
        met = {
            stands[part]: value
            for part, value, known in zip(answer["part"].to_pylist(), values.values.tolist(), valid, strict=True)
            if known
        }
        yield from (met[crossing.edge] - crossing.offset for crossing in mine if crossing.edge in met)


def _adjusted(known: Known, names: Iterable[str], way: Horizon) -> Iterator[int]:
    """When includes and excludes run out."""
    for name in known.closure(names):
        one = known.world.segments[name]
        for adjustment in (*one.include, *one.exclude):
            if adjustment.until is not None:
                yield day_start(adjustment.until + _DAY, way.zone)
