"""Are the members that the state holds right? A full evaluation says, of some players the oracle. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.members.differences import Differences, differences
from segctl.members.numbering import Numbering
from segctl.members.read import Read
from segctl.model.membership import Ids, Society, members_of
from segctl.model.time import Clock, moment
from segctl.sql.lower import lower
from segctl.sql.program import Key
from segctl.store.state import head
from segctl.workflow.context import Context
from segctl.workflow.evaluation import once
from segctl.workflow.known import Known, all_deployed, held_in, holds_in, sides_of
from segctl.workflow.news import News
from segctl.workflow.progress import Progress
from segctl.workflow.returns import numbering_of
from segctl.workflow.sides import Held
from segctl.workflow.society import remembered_of, society
from segctl.workflow.state import looking
from segctl.workflow.worlds import is_guard


@dataclass(frozen=True, slots=True)
class Checked:
    """One segment: how many members the state holds as of an instant, and who differs.

    `disagreeing` is the number of players in the sample of whom the oracle says something else than the engine.
    """

    name: str
    as_of: datetime
    members: int
    differences: Differences
    disagreeing: int

    @property
    def right(self) -> bool:
        """Is there nothing that neither data nor the clock explains?"""
        return not self.differences.wrong and not self.disagreeing


@dataclass(frozen=True, slots=True)
class Verified:
    """Every deployed segment that follows something, by name; the oracle was asked of `sample` players."""

    segments: tuple[Checked, ...]
    now: datetime
    sample: int

    @property
    def right(self) -> bool:
        """Is every segment?"""
        return all(one.right for one in self.segments)


@dataclass(frozen=True, slots=True)
class _Deployed:
    """What the state holds. The ids from `count` on have no number in it."""

    known: Known
    held: Mapping[str, Held]
    numbering: Numbering
    count: int

    @property
    def names(self) -> list[str]:
        """The segments that can be checked; a guard is, through those that it guards."""
        follows = (name for name, one in self.known.world.segments.items() if one.follows and not is_guard(name))
        return sorted(name for name in follows if name in self.held)


@dataclass(frozen=True, slots=True)
class _Evaluated:
    """A full evaluation at one instant, over a warehouse that is open still."""

    members: Mapping[Key, BitMap]
    players: BitMap
    news: News
    read: Read


def verified(context: Context, *, sample: int = 20) -> Verified:
    """Compares members with a full evaluation, at their instant and at the context's. Raises: Refused."""
    with looking(context) as connection:
        known = all_deployed(connection)
        numbering = numbering_of(connection)
        state = _Deployed(known, held_in(connection, known, known.world.segments), numbering, numbering.count)
        with _evaluated(context, connection, state, state.names) as now:
            disagreeing, asked = _sampled(context, connection, state, now, sample)
            present = now.members
        found: dict[str, Differences] = {}
        for as_of, names in _by_instant(state).items():
            at = replace(context, clock=Clock(moment(as_of), context.clock.zone))
            with _evaluated(at, connection, state, names) as then:
                found |= {name: _compared(state.held[name], name, then, present) for name in names}
    checked = ((name, state.held[name]) for name in state.names)
    return Verified(
        tuple(
            Checked(name, moment(held.as_of_micros), len(held.members), found[name], disagreeing[name])
            for name, held in checked
        ),
        context.now,
        asked,
    )


def _by_instant(state: _Deployed) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for name in state.names:
        found[state.held[name].as_of_micros].append(name)
    return found


@contextmanager
def _evaluated(
    context: Context, connection: Connection, state: _Deployed, names: Iterable[str]
) -> Iterator[_Evaluated]:
    holds = holds_in(connection, state.known, context.clock)
    sides = sides_of(state.known, names, state.held, context.clock, state.numbering, holds)
    subjects = sides.subjects()
    program = lower(subjects, state.known.world.catalog)
    queries = {subject.key: subject.query for subject in subjects if subject.query is not None}
    with once(context, sides, state.numbering, subjects, program) as (found, _, read):
        came = BitMap(range(state.count, state.numbering.count))
        gone = BitMap.union(BitMap(), *(held.members for held in state.held.values())) - found.players
        since = context.clock.micros - context.ingest_lag_micros
        news = News(program, queries, read, state.numbering, since, came | gone)
        yield _Evaluated(found.members, found.players, news, read)


def _compared(held: Held, name: str, then: _Evaluated, present: Mapping[Key, BitMap]) -> Differences:
    key: Key = ("new", name)
    return differences(held.members, then.members[key], present[key], then.news.of(key))


def _sampled(
    context: Context, connection: Connection, state: _Deployed, now: _Evaluated, size: int
) -> tuple[Counter[str], int]:
    """By segment, of how many players the oracle says something else than the engine; of how many it was asked.

    Whom a limit lets in takes everybody's values: the oracle takes the engine's word for it. The players stand
    evenly among all, and after the next write others do.
    """
    everybody = np.array(now.players, dtype=np.int64)
    step = max(1, len(everybody) // max(1, size))
    numbers = everybody[head(connection).serial % step :: step][:size]
    names = [name for name in state.known.closure(state.names) if not is_guard(name)]
    wrong: Counter[str] = Counter()
    for done, (number, player_id) in enumerate(zip(numbers.tolist(), state.numbering.ids(numbers), strict=True)):
        context.watch(Progress("asking the oracle", done, len(numbers)))
        mine = remembered_of(connection, state.known, names, player_id, context.clock)
        inside = {name for name in names if number in now.members.get(("new", name), BitMap())}
        limits = {name: name in inside for name in names if state.known.limit(name)}
        alone = society(state.known, names, mine, context.clock, now.read)
        oracle = {name for name, ids in _found(alone, limits).items() if ids}
        wrong.update(name for name in state.names if (name in inside) != (name in oracle))
    return wrong, len(numbers)


def _found(alone: Society, limits: Mapping[str, bool]) -> dict[str, Ids]:
    found: dict[str, Ids] = {}
    for name, segment in alone.segments.items():
        found[name] = members_of(segment, alone, found) if limits.get(name, True) else frozenset()
    return found
