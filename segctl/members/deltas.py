"""Features that add up, brought up to date: events that came are added, those between edges taken in or out. Pure.

Kept are the sums over *settled* rows, those that were surely all there. What became known later is read again each
time, so that a row which is seen late is counted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from segctl.members.columns import Numbers, Places
from segctl.members.features import Feature, Sums, features
from segctl.members.merging import joined_numbers, merged_numbers, narrow, plus
from segctl.members.places import standing
from segctl.model.rule import Rule
from segctl.model.time import BEGINNING, Interval
from segctl.sql.questions import AskGrouped, Fresh, Measured, Settled, Take

# Whose sums something changes, and by how much, or to what, by feature.
Change = tuple[Places, dict[int, Sums]]
# a player may have several rows a bucket
_SOME = Fresh(0, 0)


class Rows(Protocol):
    """The answer to a question about everybody, with the place of each row's player."""

    def __call__(self, question: AskGrouped) -> tuple[Any, Places]:
        """Places are -1 for rows of nobody."""


@dataclass(frozen=True, slots=True)
class Window:
    """Where a feature's window stood when its sums were kept, and where it stands now."""

    then: Interval
    now: Interval


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


def fresh(
    question: AskGrouped, wanted: list[Feature], rows: Rows, *, since: int, later: int
) -> tuple[Change, Change]:
    """What rows add that became known after an instant, and what those of them do that did after a later one."""
    answer, of_rows = rows(replace(question, among=Fresh(since, later)))
    late = answer["late"].to_numpy(zero_copy_only=False).astype(np.bool_)
    whole = _summed(question, answer, of_rows, wanted)
    return whole, whole if late.all() else _summed(question, answer.filter(pa.array(late)), of_rows[late], wanted)


def moved(
    question: AskGrouped, wanted: list[Feature], windows: Mapping[int, Window], since: int, rows: Rows
) -> Change:
    """What settled rows add and take away since windows stood elsewhere."""
    moving = [one for one in wanted if windows[one[0]].then != windows[one[0]].now]
    edges = sorted(
        {
            edge
            for number, _, _ in moving
            for one in (windows[number].then, windows[number].now)
            for edge in (one.after, one.until)
        }
        - {BEGINNING}
    )
    stretches = _disjoint(_between(windows[number]) for number, _, _ in moving)
    if not stretches:
        return np.empty(0, dtype=np.int64), {}
    doubled = [
        (2 * number + side, fact, _run(take, one, edges))
        for number, fact, take in moving
        for side, one in enumerate((windows[number].then, windows[number].now))
    ]
    asked = replace(question, edges=tuple(edges), lifetime=False, among=Settled(since, stretches))
    asked, doubled = only(asked, doubled)
    places, each = _summed(asked, *rows(asked), doubled)
    if not len(places):
        return places, {}
    return places, {
        number: tuple(
            plus(now, then, -1) for now, then in zip(each[2 * number + 1], each[2 * number], strict=True)
        )
        for number, _, _ in moving
    }


def together(kept: Mapping[int, Sums], each: Sequence[Change]) -> Change:
    """For everybody whom something adds to or takes from: the sums now."""
    places = np.unique(np.concatenate([one for one, _ in each]))
    found: dict[int, Sums] = {}
    for number, before in kept.items():
        here = [Numbers(part.values[places], None, part.scale) for part in before]
        for mine, change in each:
            if number in change and len(mine):
                at = standing(places, mine)
                here = [_added(part, at, one) for part, one in zip(here, change[number], strict=True)]
        found[number] = tuple(here)
    return places, found


def put(kept: Sums, places: Places, now: Sums) -> Sums:
    """The sums of everybody, with those of some players in their places."""
    return tuple(_put(part, places, one) for part, one in zip(kept, now, strict=True))


def less(kept: Sums, places: Places, unsettled: Sums) -> Sums:
    """The sums of everybody without those of rows that may not be all there yet."""
    here = [Numbers(part.values[places], None, part.scale) for part in kept]
    return put(kept, places, tuple(plus(part, one, -1) for part, one in zip(here, unsettled, strict=True)))


def _put(part: Numbers, places: Places, one: Numbers) -> Numbers:
    """In as many bytes a number as before, where they will do."""
    stored, few = part.values.dtype, narrow(one)
    if part.scale != one.scale or stored.hasobject or not np.can_cast(few.values.dtype, stored):
        return narrow(merged_numbers(part, places, one))
    whole = part.values.copy()
    whole[places] = few.values
    return Numbers(whole, None, part.scale)


def _added(part: Numbers, at: Places, one: Numbers) -> Numbers:
    here = Numbers(part.values[at], None, part.scale)
    return merged_numbers(part, at, plus(here, one))


def _summed(question: AskGrouped, answer: Any, of_rows: Places, wanted: list[Feature]) -> Change:
    places = np.unique(of_rows[of_rows >= 0])
    return (places, summed(question, answer, of_rows, places, wanted)) if len(places) else (places, {})


def summed(
    question: AskGrouped, answer: Any, of_rows: Places, places: Places, wanted: list[Feature]
) -> dict[int, Sums]:
    """The sums behind features, of the players at some places, which ascend."""
    if not len(places):
        return {}
    question = question if question.among else replace(question, among=_SOME)
    tiles: dict[int, list[Sums]] = {number: [] for number, _, _ in wanted}
    for number, _, _, sums in features(question, answer, standing(places, of_rows), len(places), wanted):
        tiles[number].append(sums)
    return {
        number: tuple(joined_numbers(parts) for parts in zip(*each, strict=True)) for number, each in tiles.items()
    }


def _between(window: Window) -> list[Interval]:
    """Where events came into a window, or fell out of it."""
    edges = ((window.then.after, window.now.after), (window.then.until, window.now.until))
    return [Interval(min(pair), max(pair)) for pair in edges if pair[0] != pair[1]]


def _disjoint(several: Iterable[Iterable[Interval]]) -> tuple[Interval, ...]:
    """Stretches that together cover the same time, and of which no two meet."""
    found: list[Interval] = []
    for one in sorted((one for each in several for one in each), key=lambda one: one.after):
        if found and one.after <= found[-1].until:
            found[-1] = Interval(found[-1].after, max(found[-1].until, one.until))
        else:
            found.append(one)
    return tuple(found)


def _run(take: Take, window: Interval, edges: Sequence[int]) -> Take:
    start = 0 if window.after == BEGINNING else edges.index(window.after) + 1
    return replace(take, start=start, stop=edges.index(window.until))
