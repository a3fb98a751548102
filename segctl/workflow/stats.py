"""The size and the moves of a segment over time, from its history: counts alone, no players. Reads the state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.model.periods import Period, first_day, fitting, periods
from segctl.model.time import micros
from segctl.store import definitions, history, runs, timing
from segctl.store.definitions import Deployed
from segctl.store.history import Summary
from segctl.store.timing import Took
from segctl.view.stats import Edit, Ran, Stats, Stretch
from segctl.workflow.context import Context
from segctl.workflow.state import looking, readable_segment


def stats(context: Context, name: str, since: datetime, period: Period | None = None) -> Stats:
    """From `since`, or the first run that moved it, to now. Raises: Refused."""
    with looking(context) as connection:
        one = readable_segment(connection, name)
        moves = history.for_segment(connection, one.object_id)[::-1]
        edits = list(_edits(connection, one))
        took = list(timing.since(connection, one.object_id, since))
    began = min([*(move.at for move in moves[:1]), *(at for at, _, _ in edits[:1])], default=None)
    if began is None:
        raise Refused(f"`{name}` has no history yet.", "Its first run: segctl refresh")
    start, zone = max(since, began), context.clock.zone
    first, last = start.astimezone(zone).date(), context.clock.today
    chosen = period or fitting(first, last)
    earlier = [move for move in moves if move.at < start]
    return Stats(
        segment=name,
        title=one.title or name,
        period=chosen,
        zone=zone.key,
        since=start,
        until=context.now,
        before=_balance(earlier),
        stretches=tuple(_stretches(context, moves[len(earlier) :], start, chosen, _balance(earlier))),
        runs=tuple(_runs(moves[len(earlier) :], took, _balance(earlier))),
        edits=tuple(
            Edit(at, first_day(at.astimezone(zone).date(), chosen), version, action)
            for at, version, action in edits
            if at >= start
        ),
    )


def _edits(connection: Connection, one: Deployed) -> Iterator[tuple[datetime, int, str]]:
    """The versions, oldest first, each as of the instant of the run that brought it."""
    for version in reversed(definitions.versions(connection, one.address)):
        run = runs.run(connection, version.serial)
        yield (version.at if run is None else run.as_of), version.version, version.action


def _stretches(
    context: Context, moves: Sequence[Summary], start: datetime, period: Period, before: int
) -> Iterator[Stretch]:
    zone, at, members = context.clock.zone, 0, before
    for first, _, end in periods(start.astimezone(zone).date(), context.clock.today, period, zone):
        within = at
        while within < len(moves) and micros(moves[within].at) < end:
            within += 1
        members += _balance(moves[at:within])
        yield Stretch(first, members, _by(moves[at:within], "joined"), _by(moves[at:within], "left"))
        at = within


def _runs(moves: Sequence[Summary], took: Sequence[Took], before: int) -> Iterator[Ran]:
    """Those that moved it and those that only evaluated it, in their order."""
    members, times = before, {(one.serial, one.at): one.milliseconds for one in took}
    moved = {run: list(group) for run, group in groupby(moves, key=lambda move: (move.serial, move.at))}
    for serial, at in sorted(moved.keys() | times.keys()):
        group = moved.get((serial, at), [])
        members += _balance(group)
        yield Ran(serial, at, members, _by(group, "joined"), _by(group, "left"), times.get((serial, at)))


def _balance(moves: Sequence[Summary]) -> int:
    return sum(move.count if move.direction == "joined" else -move.count for move in moves)


def _by(moves: Sequence[Summary], direction: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for move in moves:
        if move.direction == direction:
            found[move.cause] = found.get(move.cause, 0) + move.count
    return found
