"""A year of moves, invented: who joined and left which segment in which run. Nothing is written.

A segment has a border, and players who live at it: they go in and out, some often, most seldom. Everybody else
stays where they were at the first run. Activity differs from player to player as people do: the busiest moves a
hundred times more often than the average, three of ten never.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from pyroaring import BitMap

from segctl.store.history import Cause, Change, Direction

SEGMENTS = 300
RUNS = 365 * 24
BEGINS = datetime(2025, 11, 1, tzinfo=UTC)
# at the border of a segment a player moves so often in a year
_TIMES = 8
_NEVER = 0.3
Array = np.ndarray[Any, Any]
# of a move, as a number: left or joined, and by data or by the clock
_GROUPS: tuple[tuple[Cause, Direction], ...] = (
    ("data", "left"),
    ("data", "joined"),
    ("clock", "left"),
    ("clock", "joined"),
)


@dataclass(frozen=True, slots=True)
class Story:
    """What moves one segment: its first members, its last, and the moves between, by run and group."""

    first: BitMap
    last: BitMap
    players: Array
    groups: Array
    ends: Array

    def of(self, run: int) -> Iterator[tuple[Cause, Direction, BitMap]]:
        """The moves of a run, from 1 on."""
        start, end = int(self.ends[run - 1]), int(self.ends[run])
        players, groups = self.players[start:end], self.groups[start:end]
        for number, (cause, direction) in enumerate(_GROUPS):
            if (moved := players[groups == number]).size:
                yield cause, direction, BitMap(moved)


def instant(run: int) -> datetime:
    """A run is of every hour."""
    return BEGINS + timedelta(hours=run)


def stories(players: int, moves: int) -> list[Story]:
    """A story for each segment, with about so many moves in all; the same every time."""
    random = np.random.default_rng(11)
    weights = np.exp(1.2 * random.standard_normal(players)) * (random.random(players) >= _NEVER)
    odds = np.cumsum(weights) / weights.sum()
    shares = np.exp(random.standard_normal(SEGMENTS))
    sizes = (shares / shares.sum() * moves).astype(int)
    return [_story(random, odds, int(size)) for size in sizes]


def changes(found: list[Story], run: int) -> list[Change]:
    """What a run writes; the segments have the ids from 1 on. Run 0 makes them."""
    if run == 0:
        return [Change(number, "definition", "joined", one.first) for number, one in enumerate(found, 1)]
    return [Change(number, *moved) for number, one in enumerate(found, 1) for moved in one.of(run)]


def _story(random: np.random.Generator, odds: Array, size: int) -> Story:
    players = len(odds)
    share = np.exp(random.uniform(np.log(0.0005), np.log(0.1)))
    inside = random.random(players) < share
    border = np.searchsorted(odds, random.random(max(1, size // _TIMES)))
    drawn = border[random.integers(0, len(border), size)].astype(np.int64)
    # each player's moves in their order, one a run
    keys = np.unique(drawn * (RUNS + 1) + random.integers(1, RUNS + 1, size))
    who, run = keys // (RUNS + 1), keys % (RUNS + 1)
    begins = np.flatnonzero(np.r_[True, who[1:] != who[:-1]])
    place = np.arange(len(who)) - np.repeat(begins, np.diff(np.r_[begins, len(who)]))
    joined = (place % 2 == 0) ^ inside[who]
    clock = random.random(len(who)) < np.where(joined, 0.15, 0.65)
    order = np.argsort(run, kind="stable")
    last = inside.copy()
    np.logical_xor.at(last, who, True)
    return Story(
        BitMap(np.flatnonzero(inside).astype(np.uint32)),
        BitMap(np.flatnonzero(last).astype(np.uint32)),
        who[order].astype(np.uint32),
        (2 * clock + joined)[order].astype(np.uint8),
        np.searchsorted(run[order], np.arange(RUNS + 2), side="left")[1:],
    )
