"""Counts of different days, brought up to date: days on which nothing moved count what they did. Pure.

A day counts in a window, or it does not; so counts of days add up, and only the days of rows that moved are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segctl.members.deltas import Change, More, Rows, Shift, each_less, summed
from segctl.members.features import Feature, Sums
from segctl.members.places import different, standing
from segctl.model.time import Interval, offsets
from segctl.sql.days import MICROS_PER_DAY
from segctl.sql.questions import AskDistinct, OfDays

# More stretches of days than this are read as one.
_STRETCHES = 40


def near_days(question: AskDistinct, shift: Shift, zone: ZoneInfo, rows: Rows) -> Change:
    """What rows that moved do to the numbers of days of their players."""
    question = replace(question, edges=shift.edges)
    answer, of_rows = rows(shift.of(question))
    places = different(of_rows)
    if not len(places):
        return Change(More(places, {}), More(places, {}))
    days = np.unique(answer["c0"].to_numpy())
    among = OfDays(shift.since, shift.later, tuple(stretches_of(days, zone)))
    asked = replace(question, among=among)
    answer, of_rows = rows(asked, places)
    age, at = answer["age"].to_numpy(), standing(places, of_rows)

    def until(kind: int, several: list[Feature]) -> list[Sums]:
        these = age <= kind
        return summed(asked, answer.filter(pa.array(these)), at[these], len(places), several)

    numbers = [number for number, _, _ in shift.now]
    before, settled, every = until(0, shift.then), until(1, shift.now), until(2, shift.now)
    return Change(
        More(places, dict(zip(numbers, map(each_less, settled, before), strict=True))),
        More(places, dict(zip(numbers, map(each_less, every, settled), strict=True))),
    )


def stretches_of(days: NDArray[Any], zone: ZoneInfo) -> Iterator[Interval]:
    """Stretches of time with all instants of some local days, which ascend, and perhaps some more."""
    if not len(days):
        return
    breaks = np.flatnonzero(np.diff(days) > 1)
    if len(breaks) >= _STRETCHES:
        breaks = breaks[:0]
    for first, last in zip(days[[0, *(breaks + 1)]], days[[*breaks, -1]], strict=True):
        start, end = int(first) * MICROS_PER_DAY, (int(last) + 1) * MICROS_PER_DAY
        known = offsets(zone, 0, max(end + MICROS_PER_DAY, 0))
        east = list(_around(known, start - MICROS_PER_DAY))
        yield Interval(start - max(east) - 1, end - min(east))


def _around(known: Iterable[tuple[int, int]], since: int) -> Iterator[int]:
    """How far east a zone stood since an instant."""
    last: int | None = None
    for at, east in known:
        if at > since and last is not None:
            yield last
        last = east
    assert last is not None  # noqa: S101 - a zone always stands somewhere
    yield last
