"""Features that add up, brought up to date: events that came are added, those between edges taken in or out. Pure.

Kept are the sums over *settled* rows, those that were surely all there. What became known later is read again each
time, so that a row which is seen late is counted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Protocol, TypeVar

import numpy as np
import pyarrow as pa

from segctl.members.columns import Numbers, Places
from segctl.members.features import Feature, Sums, sums_of
from segctl.members.merging import joined_numbers, merged_numbers, narrow, plus, plus_at, wide
from segctl.members.places import different, standing
from segctl.model.rule import Rule
from segctl.model.time import BEGINNING, END, Interval
from segctl.sql.questions import AskDistinct, AskGrouped, EventQuestion, Measured, Near

# Questions of whose answers sums are made.
Adds = AskGrouped | AskDistinct
_Asked = TypeVar("_Asked", bound=EventQuestion)
# how long a row is known (questions.py)
_BEFORE, _SINCE, _LATER = 0, 1, 2
# a player may have several rows a bucket
_SOME = Near(0, 0, None)


@dataclass(frozen=True, slots=True)
class More:
    """What is added to the sums of some players, by feature; of no feature where there are no players."""

    places: Places
    sums: Mapping[int, Sums]

    def among(self, some: Places) -> tuple[More, Places]:
        """As much as concerns some players, and where those whom it does stand among them."""
        at = standing(some, self.places)
        mine = np.flatnonzero(at >= 0)
        of_mine = {number: at_places(sums, mine) for number, sums in self.sums.items()}
        return More(self.places[mine], of_mine), at[mine]


@dataclass(frozen=True, slots=True)
class Change:
    """What rows that moved add to sums: settled rows, and those that may come late."""

    settled: More
    late: More


@dataclass(frozen=True, slots=True)
class Shift:
    """The edges of features' windows as they stood and stand now, and where events came or went in between.

    `then` and `now` say how the features are taken from an answer. Rows that became known at `since` or before
    were settled then, those at `later` or before are settled now.
    """

    edges: tuple[int, ...]
    stretches: tuple[Interval, ...]
    then: list[Feature]
    now: list[Feature]
    since: int
    later: int

    def of(self, question: _Asked) -> _Asked:
        """The same question, about the rows that moved."""
        return replace(question, edges=self.edges, among=Near(self.since, self.later, self.stretches))


class Rows(Protocol):
    """The answer to a question about some players, or about everybody, with the place of each row's player."""

    def __call__(self, question: EventQuestion, among: Places | None = None) -> tuple[Any, Places]:
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


def shift_of(
    question: EventQuestion,
    wanted: list[Feature],
    windows: Mapping[int, Window],
    *,
    since: int,
    later: int,
    last: int = END,
) -> Shift:
    """How features move on. Windows that are left out stay where they are; `last` says that no row that was seen
    happened later.
    """
    moving = [windows[number] for number, _, _ in wanted if number in windows]
    stretches = disjoint((one for window in moving for one in window.between()), last)
    then_edges = {edge for window in moving for edge in (window.then.after, window.then.until)} - {BEGINNING}
    edges = tuple(sorted({*question.edges, *then_edges}))
    if not moving:
        return Shift(edges, stretches, wanted, wanted, since, later)
    return Shift(
        edges,
        stretches,
        [_taken(one, windows[one[0]].then, edges) for one in wanted],
        [_taken(one, windows[one[0]].now, edges) for one in wanted],
        since,
        later,
    )


def near(question: AskGrouped, shift: Shift, rows: Rows) -> Change:
    """What rows that moved do to the sums of their players."""
    asked = shift.of(question)
    answer, of_rows = rows(asked)
    age = answer["age"].to_numpy()
    settled, late = different(of_rows[age < _LATER]), different(of_rows[age == _LATER])
    numbers = [number for number, _, _ in shift.now]

    def of_age(kind: int, places: Places, several: list[Feature]) -> list[Sums]:
        these = age == kind
        at = standing(places, of_rows[these])
        return summed(asked, answer.filter(pa.array(these)), at, len(places), several)

    found = dict(zip(numbers, of_age(_SINCE, settled, shift.now), strict=False))
    moving = [pair for pair in zip(shift.then, shift.now, strict=True) if pair[0][2] != pair[1][2]]
    sides = of_age(_BEFORE, settled, [side for pair in moving for side in pair])
    for (_, (number, _, _)), before, now in zip(moving, sides[::2], sides[1::2], strict=False):
        found[number] = added(found[number], each_less(now, before))
    come = dict(zip(numbers, of_age(_LATER, late, shift.now), strict=False))
    return Change(More(settled, found), More(late, come))


def put(kept: Sums, places: Places, now: Sums) -> Sums:
    """The sums of everybody, with those of some players in their places: written over `kept` where it may be."""
    return tuple(_put(part, places, one) for part, one in zip(kept, now, strict=True))


def at_places(kept: Sums, places: Places) -> Sums:
    """The sums of some players, from those of everybody."""
    return tuple(Numbers(part.values[places], None, part.scale) for part in kept)


def added(one: Sums, other: Sums) -> Sums:
    """Two sums together."""
    return tuple(plus(part, more) for part, more in zip(one, other, strict=True))


def each_less(one: Sums, other: Sums) -> Sums:
    """The difference of two sums."""
    return tuple(plus(part, more, -1) for part, more in zip(one, other, strict=True))


def with_more(sums: Sums, more: More, number: int, at: Places, sign: int = 1) -> Sums:
    """The sums of some players with more of a feature, or with -1 less; `at` says where those stand who have more,
    each of whom is there once.
    """
    if not len(at):
        return tuple(wide(part) for part in sums)
    return tuple(plus_at(part, at, one, sign) for part, one in zip(sums, more.sums[number], strict=True))


def _put(part: Numbers, places: Places, one: Numbers) -> Numbers:
    """In as many bytes a number as before, where they will do."""
    stored, few = part.values.dtype, narrow(one)
    if part.scale != one.scale or stored.hasobject or not np.can_cast(few.values.dtype, stored):
        return narrow(merged_numbers(part, places, one))
    whole = part.values if part.values.flags.writeable else part.values.copy()
    whole[places] = few.values
    return Numbers(whole, None, part.scale)


def summed(question: Adds, answer: Any, places: Places, count: int, wanted: list[Feature]) -> list[Sums]:
    """The sums behind each feature, of `count` players; `places` says whose each row of the answer is.

    None at all where there are no players.
    """
    if not count or not wanted:
        return []
    if question.among is None:
        question = replace(question, among=_SOME)
    tiles: list[list[Sums]] = [[] for _ in wanted]
    each = [(position, fact, take) for position, (_, fact, take) in enumerate(wanted)]
    for position, sums in sums_of(question, answer, places, count, each):
        tiles[position].append(sums)
    return [tuple(joined_numbers(parts) for parts in zip(*several, strict=True)) for several in tiles]


def disjoint(several: Iterable[Interval], last: int) -> tuple[Interval, ...]:
    """Stretches that together cover the same time, cut wherever one begins or ends, in order of time.

    Those that begin with the `last` instant or later are left out.
    """
    stretches = [one for one in several if one.after < min(one.until, last)]
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
