"""Edges that move with the clock: when an instant is passed by "30 days ago" or "a month ahead". Pure.

As the clock moves, such an edge moves with it, at the same pace but for jumps: at local midnights, where a month
is shorter than the one before, and where the clocks of the zone are changed. Between jumps it is a constant away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from segctl.model.time import Clock, Duration, day_start, micros, moment, offsets, shifted, shifted_day

Step = tuple[Duration, Literal[-1, 1]]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """From `start` up to, not including, `end` the edge is `offset` microseconds away from the clock."""

    start: int
    end: int
    offset: int


def edge(steps: Sequence[Step], zone: ZoneInfo, start: int, end: int) -> list[Piece]:
    """How an edge moves while the clock goes from `start` to `end`; `steps` lead from the clock to the edge."""
    found = [Piece(start, end, 0)]
    for duration, sign in steps:
        found = [finer for piece in found for finer in _stepped(piece, duration, sign, zone)]
    joined: list[Piece] = []
    for piece in found:
        if joined and joined[-1].offset == piece.offset:
            joined[-1] = Piece(joined[-1].start, piece.end, piece.offset)
        else:
            joined.append(piece)
    return joined


def passings(pieces: Sequence[Piece], instant: int) -> Iterator[int]:
    """When the clock stands where the edge is just at an instant."""
    for piece in pieces:
        at = instant - piece.offset
        if piece.start <= at < piece.end:
            yield at


def jumps(pieces: Sequence[Piece]) -> Iterator[int]:
    """When the edge jumps."""
    return (piece.start for piece in pieces[1:])


def midnights(zone: ZoneInfo, start: int, end: int) -> Iterator[int]:
    """The starts of local days after `start` and up to `end`."""
    day = moment(start).astimezone(zone).date() + _DAY
    while (at := day_start(day, zone)) <= end:
        if at > start:
            yield at
        day += _DAY


def _stepped(piece: Piece, duration: Duration, sign: Literal[-1, 1], zone: ZoneInfo) -> Iterator[Piece]:
    if not duration.months:
        yield Piece(piece.start, piece.end, piece.offset + sign * duration.seconds * 1_000_000)
        return
    low, high = piece.start + piece.offset, piece.end + piece.offset
    cuts = sorted({at for at in _breaks(duration, sign, zone, low, high) if low < at < high})
    for start, end in pairwise((low, *cuts, high)):
        away = shifted(Clock(moment(start), zone), duration, sign) - start
        yield Piece(start - piece.offset, end - piece.offset, away + piece.offset)


def _breaks(duration: Duration, sign: Literal[-1, 1], zone: ZoneInfo, low: int, high: int) -> Iterator[int]:
    """Where a step of months may jump: midnights, changes of the clocks, and their times of day, one step away."""
    yield from midnights(zone, low, high)
    yield from (at for at, _ in offsets(zone, low, high)[1:])
    first, last = (moment(at).astimezone(zone).date() for at in (low, high))
    walls = _changes(zone, shifted_day(first, duration, sign), shifted_day(last, duration, sign))
    if not walls:
        return
    day = first
    while day <= last:
        for wall in walls.get(shifted_day(day, duration, sign), ()):
            for fold in (0, 1):
                yield micros(datetime.combine(day, wall.time(), tzinfo=zone).replace(fold=fold))
        day += _DAY


def _changes(zone: ZoneInfo, first: date, last: date) -> dict[date, list[datetime]]:
    """What clocks on the wall show when they are changed, before and after, by local day."""
    found: dict[date, list[datetime]] = defaultdict(list)
    known = offsets(zone, day_start(first - _DAY, zone), day_start(last + 2 * _DAY, zone))
    for (_, before), (at, after) in pairwise(known):
        for east in (before, after):
            wall = (moment(at) + timedelta(microseconds=east)).replace(tzinfo=None)
            found[wall.date()].append(wall)
    return dict(found)
