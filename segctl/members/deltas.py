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
from segctl.members.merging import joined_numbers, merged_numbers, narrow, plus
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
class Change:
    """What is added to the sums of some players, by feature: by settled rows, and by those that may come late."""

    places: Places
    settled: Mapping[int, Sums]
    late: Mapping[int, Sums]


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
    places = different(of_rows)
    if not len(places):
        return Change(places, {}, {})
    age, at = answer["age"].to_numpy(), standing(places, of_rows)

    def of_age(kind: int, several: list[Feature]) -> dict[int, Sums]:
        these = age == kind
        return summed(asked, answer.filter(pa.array(these)), at[these], len(places), several)

    settled, late = of_age(_SINCE, shift.now), of_age(_LATER, shift.now)
    moving = [pair for pair in zip(shift.then, shift.now, strict=True) if pair[0][2] != pair[1][2]]
    before = of_age(_BEFORE, [then for then, _ in moving])
    for number, now in of_age(_BEFORE, [now for _, now in moving]).items():
        settled[number] = added(settled[number], each_less(now, before[number]))
    return Change(places, settled, late)


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


def less(sums: Sums, late: Sums, at: Places) -> Sums:
    """The sums of some players without those of rows that may come late; `at` says where those stand, or -1."""
    return each_less(sums, tuple(Numbers(np.where(at < 0, 0, part.values[at]), None, part.scale) for part in late))


def _put(part: Numbers, places: Places, one: Numbers) -> Numbers:
    """In as many bytes a number as before, where they will do."""
    stored, few = part.values.dtype, narrow(one)
    if part.scale != one.scale or stored.hasobject or not np.can_cast(few.values.dtype, stored):
        return narrow(merged_numbers(part, places, one))
    whole = part.values if part.values.flags.writeable else part.values.copy()
    whole[places] = few.values
    return Numbers(whole, None, part.scale)


def summed(question: Adds, answer: Any, places: Places, count: int, wanted: list[Feature]) -> dict[int, Sums]:
    """The sums behind features, of `count` players; `places` says whose each row of the answer is."""
    if not wanted:
        return {}
    if question.among is None:
        question = replace(question, among=_SOME)
    tiles: dict[int, list[Sums]] = {number: [] for number, _, _ in wanted}
    for number, sums in sums_of(question, answer, places, count, wanted):
        tiles[number].append(sums)
    return {
        number: tuple(joined_numbers(parts) for parts in zip(*each, strict=True)) for number, each in tiles.items()
    }


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
