"""How long members of a segment stay: cohorts by the first time that each joined. Reads the history alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from pyroaring import BitMap

from segctl.model.periods import Period, first_day, periods
from segctl.model.time import micros
from segctl.store import past
from segctl.store.past import Crossing
from segctl.view.churn import Churn, Cohort
from segctl.workflow.context import Context
from segctl.workflow.state import looking, readable_segment


@dataclass(slots=True)
class _Seen:
    """Everybody who is in, ever was, has left at least once, and came back."""

    present: BitMap = field(default_factory=BitMap)
    ever: BitMap = field(default_factory=BitMap)
    left: BitMap = field(default_factory=BitMap)
    returned: BitMap = field(default_factory=BitMap)
    forgotten: int = 0

    def cross(self, move: Crossing) -> BitMap:
        """Takes a move in, and gives those who joined for the first time."""
        self.forgotten += move.forgotten
        if not move.joined:
            self.present -= move.players
            self.left |= move.players
            return BitMap()
        fresh = move.players - self.ever
        self.returned |= move.players - fresh
        self.present |= move.players
        self.ever |= fresh
        return fresh


def churn(context: Context, name: str, since: datetime, period: Period) -> Churn:
    """The cohorts since the period of `since`. Raises: Refused."""
    seen = _Seen()
    with looking(context) as connection:
        one = readable_segment(connection, name)
        moves = past.forwards(connection, one.object_id)
        told = list(_periods(context, moves, seen, period))
    earliest = first_day(since.astimezone(context.clock.zone).date(), period)
    cohorts = tuple(
        Cohort(
            first=first,
            joined=len(joined),
            after=tuple(
                joined.intersection_cardinality(present) for _, _, present in told[at + 1 :] if present is not None
            ),
            now=joined.intersection_cardinality(seen.present),
            stayed=len((joined & seen.present) - seen.left),
            returned=joined.intersection_cardinality(seen.returned),
        )
        for at, (first, joined, _) in enumerate(told)
        if joined and first >= earliest
    )
    return Churn(name, period, context.now, cohorts, seen.forgotten)


def _periods(
    context: Context, moves: Iterable[Crossing], seen: _Seen, period: Period
) -> Iterator[tuple[date, BitMap, BitMap | None]]:
    """Each period since the first move: its first day, who joined first in it, who was in when it was over."""
    waiting = iter(moves)
    move = next(waiting, None)
    if move is None:
        return
    zone = context.clock.zone
    for first, _, end in periods(move.at.astimezone(zone).date(), context.clock.today, period, zone):
        joined = BitMap()
        while move is not None and micros(move.at) < end:
            joined |= seen.cross(move)
            move = next(waiting, None)
        yield first, joined, BitMap(seen.present) if end <= context.clock.micros else None
