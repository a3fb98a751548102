"""Features that add up, brought up to date: events that came are added, those between edges taken in or out. Pure.

Kept are the sums over *settled* rows, those that were surely all there. What became known later is read again each
time, so that a row which is seen late is counted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from segctl.members.columns import Numbers, Places
from segctl.members.features import Feature, Sums, sums_of
from segctl.members.merging import joined_numbers, merged_numbers, narrow, plus
from segctl.members.places import different, standing
from segctl.model.rule import Rule
from segctl.model.time import BEGINNING, Interval
from segctl.sql.questions import AskGrouped, Measured, Near

# how long a row is known (questions.py)
_BEFORE, _SINCE, _LATER = 0, 1, 2
# a player may have several rows a bucket
_SOME = Near(0, 0, None)


@dataclass(frozen=True, slots=True)
class Change:
    """What is added to the sums of some players, by feature: by settled rows, and by those that may come late."""

    places: Places
    settled: Mapping[int, Sums]
    late: Mapping[int, Sums]


class Rows(Protocol):
    """The answer to a question about everybody, with the place of each row's player."""

    def __call__(self, question: AskGrouped) -> tuple[Any, Places]:
        """Places are -1 for rows of nobody."""


@dataclass(frozen=True, slots=True)
class Window:
    """Where a feature's window stood when its sums were kept, and where it stands now."""

    then: Interval
    now: Interval

    def between(self) -> list[Interval]:
        """Where events came into the window, or fell out of it."""
        edges = ((self.then.after, self.now.after), (self.then.until, self.now.until))
        return [Interval(min(pair), max(pair)) for pair in edges if pair[0] != pair[1]]


def only(question: AskGrouped, some: Iterable[Feature]) -> tuple[AskGrouped, list[Feature]]:
    """As much of a question as some of its features need, and those features taken from its answer."""
    wanted = list(some)
    columns = sorted({column for _, _, take in wanted for column in take.columns})
    filters: dict[Rule | None, int] = {}
    measures: list[Measured] = []
    for column in columns:
        measured = question.measures[column]
        number = filters.setdefault(question.filters[measured.filter], len(filters))
        measures.append(replace(measured, filter=number))
    places = {column: place for place, column in enumerate(columns)}
    return (
        replace(question, filters=tuple(filters), measures=tuple(measures)),
        [
            (number, fact, replace(take, columns=tuple(places[column] for column in take.columns)))
            for number, fact, take in wanted
        ],
    )


def near(
    question: AskGrouped,
    wanted: list[Feature],
    windows: Mapping[int, Window],
    rows: Rows,
    *,
    since: int,
    later: int,
) -> Change:
    """What rows that moved do to the sums of their players."""
    moving = [one for one in wanted if one[0] in windows and windows[one[0]].then != windows[one[0]].now]
    stretches = disjoint([one for number, _, _ in moving for one in windows[number].between()])
    then = [windows[number].then for number, _, _ in moving]
    wanted_edges = {*question.edges, *(edge for one in then for edge in (one.after, one.until))} - {BEGINNING}
    edges = tuple(sorted(wanted_edges))
    asked = replace(question, edges=edges, among=Near(since, later, stretches))
    answer, of_rows = rows(asked)
    places = different(of_rows)
    if not len(places):
        return Change(places, {}, {})
    age = answer["age"].to_numpy()
    at = standing(places, of_rows)

    def of_age(kind: int, several: list[Feature]) -> dict[int, Sums]:
        these = age == kind
        return summed(asked, answer.filter(pa.array(these)), at[these], len(places), several)

    here = [_taken(one, windows[one[0]].now, edges) for one in wanted] if moving else wanted
    settled, late = of_age(_SINCE, here), of_age(_LATER, here)
    now = of_age(_BEFORE, [_taken(one, windows[one[0]].now, edges) for one in moving])
    before = of_age(_BEFORE, [_taken(one, windows[one[0]].then, edges) for one in moving])
    for number, _, _ in moving:
        gone = _each(now[number], before[number], -1)
        settled[number] = _each(settled[number], gone)
    return Change(places, settled, late)


def put(kept: Sums, places: Places, now: Sums) -> Sums:
    """The sums of everybody, with those of some players in their places: written over `kept` where it may be."""
    return tuple(_put(part, places, one) for part, one in zip(kept, now, strict=True))


def at_places(kept: Sums, places: Places) -> Sums:
    """The sums of some players, from those of everybody."""
    return tuple(Numbers(part.values[places], None, part.scale) for part in kept)


def added(one: Sums, other: Sums) -> Sums:
    """Two sums together."""
    return _each(one, other)


def less(sums: Sums, places: Places, change: Change, number: int) -> Sums:
    """The sums of some players without what rows that may not be all there add to them."""
    at = standing(change.places, places)
    if not len(change.places):
        return sums
    parts = (Numbers(np.where(at < 0, 0, part.values[at]), None, part.scale) for part in change.late[number])
    return _each(sums, tuple(parts), -1)


def _each(one: Sums, other: Sums, sign: int = 1) -> Sums:
    return tuple(plus(part, more, sign) for part, more in zip(one, other, strict=True))


def _put(part: Numbers, places: Places, one: Numbers) -> Numbers:
    """In as many bytes a number as before, where they will do."""
    stored, few = part.values.dtype, narrow(one)
    if part.scale != one.scale or stored.hasobject or not np.can_cast(few.values.dtype, stored):
        return narrow(merged_numbers(part, places, one))
    whole = part.values if part.values.flags.writeable else part.values.copy()
    whole[places] = few.values
    return Numbers(whole, None, part.scale)


def summed(
    question: AskGrouped, answer: Any, places: Places, count: int, wanted: list[Feature]
) -> dict[int, Sums]:
    """The sums behind features, of `count` players; `places` says whose each row of the answer is."""
    if not wanted:
        return {}
    question = question if question.among else replace(question, among=_SOME)
    tiles: dict[int, list[Sums]] = {number: [] for number, _, _ in wanted}
    for number, sums in sums_of(question, answer, places, count, wanted):
        tiles[number].append(sums)
    return {
        number: tuple(joined_numbers(parts) for parts in zip(*each, strict=True)) for number, each in tiles.items()
    }


def disjoint(several: Iterable[Interval]) -> tuple[Interval, ...]:
    """Stretches that together cover the same time, cut wherever one begins or ends, in order of time."""
    stretches = [one for one in several if one.after < one.until]
    edges = sorted({edge for one in stretches for edge in (one.after, one.until)})
    pieces = (Interval(after, until) for after, until in pairwise(edges))
    return tuple(piece for piece in pieces if any(covers(one, piece) for one in stretches))


def covers(one: Interval, other: Interval) -> bool:
    """Does the first have all of the second?"""
    return one.after <= other.after and other.until <= one.until


def _taken(feature: Feature, window: Interval, edges: Sequence[int]) -> Feature:
    number, fact, take = feature
    start = 0 if window.after == BEGINNING else edges.index(window.after) + 1
    return number, fact, replace(take, start=start, stop=edges.index(window.until))
