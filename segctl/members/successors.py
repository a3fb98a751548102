"""The first, the n-th and the last of events, brought up to date: what came is put behind what there was. Pure.

Kept are, beside the value, when the event was and how many there were up to it. Who has to be asked again is only
whose event may be another one that nobody remembers. A row that is seen twice does no harm.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segctl.members.columns import Bools, Flags, Floats, Numbers, Places, Single, Texts, chosen
from segctl.members.deltas import Rows, Shift, Window
from segctl.members.features import Feature, Sums, features
from segctl.members.merging import joined_numbers, joined_values, merged, narrow
from segctl.members.places import different, standing
from segctl.members.rivals import gone, is_comparable, is_forward
from segctl.model.catalog import Measure
from segctl.sql.questions import AskOrdered

# Of events further from the first one nothing is put together here.
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Placed:
    """The event behind a feature: its value, when it was (0: there is none), and how many there are, up to n."""

    value: Single
    time: NDArray[Any]
    number: NDArray[Any]

    def at(self, rows: NDArray[Any]) -> Placed:
        """Those of some players."""
        return Placed(chosen(self.value, rows), self.time[rows], self.number[rows])

    def sums(self) -> Sums:
        """As they are kept beside the value."""
        return Numbers(self.time, None), narrow(Numbers(self.number, None))


@dataclass(frozen=True, slots=True)
class Succeeded:
    """Of one question whose rows moved: who must be asked again, and by feature, what is known of whom."""

    places: Places
    again: Bools
    known: dict[int, tuple[Places, Placed]]


def successors(
    question: AskOrdered, shift: Shift, windows: dict[int, Window], kept: dict[int, Placed], rows: Rows
) -> Succeeded:
    """Compares what rows that moved hold with what was kept, by feature."""
    asked = shift.of(question)
    answer, of_rows = rows(asked)
    places = different(of_rows)
    again = np.zeros(len(places), dtype=np.bool_)
    known: dict[int, tuple[Places, Placed]] = {}
    if not len(places):
        return Succeeded(places, again, known)
    near = _Near(asked, answer, standing(places, of_rows), len(places))
    left = {feature[0]: feature for feature in gone(shift)}
    for feature in shift.now:
        number, fact, _ = feature
        before = kept.get(number)
        n = fact.measure.ordinal
        if before is None or n > _DEEPEST or not is_forward(windows[number]):
            again[:] = True
            continue
        held = before.at(places)
        is_last = fact.measure.kind == "last"
        came = [near.of(feature, rank) for rank in range(1, n + 1)]
        if not is_comparable(held.value, came[0].value):
            again[:] = True
            continue
        went = near.of(left[number], 1) if number in left else None
        now, lost = _last(held, came[0], went) if is_last else _nth(held, came, went, n)
        again |= lost
        stays = np.flatnonzero(~lost)
        known[number] = places[stays], now.at(stays)
    return Succeeded(places, again, known)


@dataclass(frozen=True, slots=True)
class _Near:
    """Rows that moved."""

    asked: AskOrdered
    answer: Any
    at: Places
    count: int

    def of(self, feature: Feature, rank: int) -> Placed:
        """The event with a rank from the first one, or (`last`) from the last one."""
        number, fact, take = feature
        if fact.measure.kind != "last":
            fact = replace(fact, measure=Measure("nth", fact.measure.column, rank))
        parts: dict[str, list[Any]] = defaultdict(list)
        for _, _, value, (time, several) in features(
            self.asked, self.answer, self.at, self.count, [(number, fact, take)]
        ):
            parts["value"].append(value)
            parts["time"].append(time)
            parts["number"].append(several)
        return Placed(
            joined_values(parts["value"]),
            joined_numbers(parts["time"]).values,
            joined_numbers(parts["number"]).values,
        )


def _last(held: Placed, came: Placed, went: Placed | None) -> tuple[Placed, Bools]:
    """The later one; nothing, if what was held is out of the window and nothing came."""
    newer = came.time > held.time
    tied = (came.time == held.time) & (held.time > 0)
    out = np.zeros_like(newer) if went is None else (held.time > 0) & (went.time >= held.time)
    now = _where(newer, came, _where(out, _none_of(held), held))
    return now, tied & ~_alike(came.value, held.value)


def _nth(held: Placed, came: list[Placed], went: Placed | None, n: int) -> tuple[Placed, Bools]:
    """What came behind what was held is counted on from there; what came before it is plain only for n = 1."""
    first, there = came[0], held.number > 0
    some = first.number > 0
    behind = some & (~there | (first.time > held.time))
    lost = some & ~behind
    if n == 1:
        # whether a row is before the first one, or the first one seen twice, is plain
        earlier = lost & (first.time < held.time)
        now = _where(earlier | (behind & ~there), first, held)
        lost &= ~earlier & ~_alike(first.value, held.value)
    else:
        now = held
        for missing in range(1, n + 1):
            counts_on = behind & (held.number == n - missing)
            more = came[missing - 1]
            number = np.minimum(held.number + more.number, n)
            now = _where(counts_on, Placed(more.value, more.time, number), now)
    if went is not None:
        lost |= there & (went.number > 0)
    return now, lost


def _none_of(held: Placed) -> Placed:
    nothing = np.zeros(len(held.time), dtype=np.bool_)
    value = held.value
    match value:
        case Numbers(values, _, scale):
            value = Numbers(values, nothing, scale)
        case Floats(values):
            value = Floats(values, nothing)
        case Flags(values):
            value = Flags(values, nothing)
        case Texts():
            raise TypeError("texts are not kept")
    return Placed(value, np.zeros_like(held.time), np.zeros_like(held.number))


def _where(mask: Bools, one: Placed, other: Placed) -> Placed:
    at = np.flatnonzero(mask)
    if not len(at):
        return other
    value = merged(_own(other.value), at, chosen(one.value, at))
    return Placed(value, np.where(mask, one.time, other.time), np.where(mask, one.number, other.number))


def _own(value: Single) -> Single:
    """A column that may be written over."""
    match value:
        case Numbers(values, valid, scale):
            return Numbers(values.copy(), valid, scale)
        case Floats(values, valid):
            return Floats(values.copy(), valid)
        case Flags(values, valid):
            return Flags(values.copy(), valid)
        case Texts():
            raise TypeError("texts are not kept")


def _alike(one: Single, other: Single) -> Bools:
    match one, other:
        case (Numbers(mine, valid), Numbers(theirs, there)) | (Floats(mine, valid), Floats(theirs, there)):
            pass
        case Flags(mine, valid), Flags(theirs, there):
            pass
        case _:
            raise TypeError("texts are not kept")
    both = np.ones(len(mine), dtype=np.bool_)
    valid, there = both if valid is None else valid, both if there is None else there
    return np.asarray((valid == there) & (~valid | (mine == theirs)))
