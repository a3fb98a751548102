"""One answer about events becomes the features that were asked of it, tile by tile. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segctl.members.arithmetic import ratio
from segctl.members.columns import Bools, Flags, Numbers, Places, Single, Texts, chosen, column, placed
from segctl.members.fold import InOrder, Run, distinct, distinct_days, extremes, in_order, sums
from segctl.members.tiles import TILE, Arranged, Rows, arranged
from segctl.model.catalog import EventTable
from segctl.model.operators import FieldType
from segctl.model.time import EARLIEST
from segctl.sql.portions import classes_of, source
from segctl.sql.program import FeatureFact
from segctl.sql.questions import AskDistinct, AskGrouped, AskOrdered, EventQuestion, Take

Feature = tuple[int, FeatureFact, Take]
# The sums behind a feature that adds up: one, or of an average two. Of the first or last event, when it was.
Sums = tuple[Numbers, ...]
# Before all events: so that the time of an event, counted from here, is never 0.
BEFORE = EARLIEST - 1
# The fact's number, the place at which the tile starts, the fact of the tile's players, and the sums behind it.
Made = Iterator[tuple[int, int, Single, Sums]]
# A tile, and by window how many different values or days its players have.
Counted = Iterator[tuple[Rows, Mapping[Run, Numbers]]]


def features(
    question: EventQuestion, answer: Any, places: NDArray[Any], count: int, wanted: list[Feature]
) -> Made:
    """Each wanted feature of each tile, one at a time so that few are alive together.

    `answer` is an Arrow table (questions.py says its columns); `places` says whose each of its rows is.
    """
    buckets = _buckets(question, answer)
    rows = arranged(places, buckets, len(question.edges), count, unique=_is_single(question, answer))
    match question:
        case AskGrouped():
            return _grouped(question, answer, rows, wanted)
        case AskOrdered():
            return _ordered(question, answer, rows, wanted)
        case AskDistinct():
            return _distinct(answer, rows, wanted)


def _buckets(question: EventQuestion, answer: Any) -> NDArray[Any]:
    if isinstance(question, AskDistinct) and question.newest:
        return np.searchsorted(np.array(question.edges), seen_last(question, answer))
    return np.asarray(answer["bucket"].to_numpy())


def seen_last(question: AskDistinct, answer: Any) -> NDArray[np.int64]:
    """When each value of an answer was seen last, in microseconds."""
    events = question.events
    times = column(answer["time"], "datetime", f"{events.table}.{events.time}", timezone=events.timezone)
    assert isinstance(times, Numbers)  # noqa: S101 - column() gives numbers for instants
    return times.values


def _grouped(question: AskGrouped, answer: Any, rows: Arranged, wanted: list[Feature]) -> Made:
    for start, here, values, mine in _shared(question, answer, rows, wanted):
        kind = question.measures[mine[0][2].columns[0]].kind
        for number, fact, parts in _folded(here, kind, values, mine):
            yield number, start, fact, parts


def sums_of(
    question: AskGrouped | AskDistinct, answer: Any, places: NDArray[Any], count: int, wanted: list[Feature]
) -> Iterator[tuple[int, Sums]]:
    """Of each tile the sums behind features that add up."""
    buckets, edges = answer["bucket"].to_numpy(), len(question.edges)
    if isinstance(question, AskDistinct):
        rows = arranged(places, buckets, edges, count, unique=False)
        yield from ((number, sums) for number, _, _, sums in _distinct(answer, rows, wanted))
        return
    # players of whom rows moved are few: one tile spares putting tiles together
    tile = max(count, 1) if question.among else TILE
    rows = arranged(places, buckets, edges, count, unique=_is_single(question, answer), tile=tile)
    for _, here, values, mine in _shared(question, answer, rows, wanted):
        runs = [(take.start, take.stop) for _, _, take in mine]
        summed = [sums(here, each, runs) for each in values if isinstance(each, Numbers)]
        for (number, _, _), run in zip(mine, runs, strict=True):
            yield number, tuple(of_runs[run] for of_runs in summed)


def _is_single(question: EventQuestion, answer: Any) -> bool:
    """Has a player one row a bucket at most?"""
    plain = isinstance(question, AskGrouped) and not question.keys and question.among is None
    return plain and not {"word", "class"} & set(answer.column_names)


def _shared(
    question: AskGrouped, answer: Any, rows: Arranged, wanted: list[Feature]
) -> Iterator[tuple[int, Rows, list[Single], list[Feature]]]:
    """The rows of each tile, with the values that features share: where it starts, rows, values, features."""
    keys = [rows.column(column(answer[f"k{i}"], "string", name)) for i, (name, _) in enumerate(question.keys)]
    classes = _Classes.of(question, answer, rows)
    sources = [source(question, i) if classes else i for i in range(len(question.measures))]
    columns = {i: rows.column(_measure(question, answer, i)) for i in set(sources)}
    shared: dict[tuple[Any, ...], list[Feature]] = defaultdict(list)
    for feature in wanted:
        shared[feature[2].keys, feature[2].columns].append(feature)
    for tile in rows.tiles():
        passing: dict[tuple[Any, ...], tuple[Places | None, Rows]] = {}
        for (named, measures), mine in shared.items():
            filter_ = question.measures[measures[0]].filter if classes else None
            if (named, filter_) not in passing:
                here_keys = [chosen(key, tile.part) for key in keys]
                passing[named, filter_] = _passing(tile, _mask(here_keys, named), classes, filter_)
            at, here = passing[named, filter_]
            values = [chosen(columns[sources[i]], tile.part) for i in measures]
            if at is not None:
                values = [chosen(each, at) for each in values]
            yield tile.start, here, values, mine


def _passing(
    tile: Rows, mask: Bools | None, classes: _Classes | None, filter_: int | None
) -> tuple[Places | None, Rows]:
    """The rows of a tile that a feature takes, and at which positions; a question by class has no keys."""
    unique = tile.unique
    if classes is not None and filter_ is not None:
        mask, unique = classes.passing(tile, filter_)
    return (None, tile) if mask is None else (np.flatnonzero(mask), tile.only(mask, unique=unique))


@dataclass(frozen=True, slots=True)
class _Classes:
    """Which filters the events behind each row of an answer pass, where rows are told apart by that."""

    filters: tuple[int, ...]
    of_rows: NDArray[Any]
    present: list[int]

    @classmethod
    def of(cls, question: AskGrouped, answer: Any, rows: Arranged) -> _Classes | None:
        if "class" not in answer.column_names:
            return None
        of_rows = answer["class"].to_numpy().astype(np.uint8)[rows.order]
        return cls(classes_of(question), of_rows, np.flatnonzero(np.bincount(of_rows)).tolist())

    def passing(self, tile: Rows, filter_: int) -> tuple[Bools | None, bool]:
        """The rows of a tile that pass a filter, and whether a player has one such row a bucket at most."""
        if filter_ not in self.filters:
            return None, len(self.present) == 1
        bit = 1 << self.filters.index(filter_)
        return (self.of_rows[tile.part] & bit) > 0, sum(one & bit > 0 for one in self.present) == 1


def _folded(
    rows: Rows, kind: str, values: Sequence[Single], wanted: list[Feature]
) -> Iterator[tuple[int, Single, Sums]]:
    runs = [(take.start, take.stop) for _, _, take in wanted]
    if kind in ("min", "max"):
        for (number, _, _), run in zip(wanted, runs, strict=True):
            yield number, extremes(rows, values[0], run, highest=kind == "max"), ()
        return
    summed = [sums(rows, each, runs) for each in values if isinstance(each, Numbers)]
    for (number, fact, _), run in zip(wanted, runs, strict=True):
        parts = tuple(of_runs[run] for of_runs in summed)
        yield number, finished(fact, parts), parts


def _mask(keys: Sequence[Single], named: Sequence[tuple[str, ...]]) -> Bools | None:
    """The rows whose dimension values are among those a feature names."""
    mask: Bools | None = None
    for texts, words in zip(keys, named, strict=True):
        assert isinstance(texts, Texts)  # noqa: S101 - dimensions are text
        wanted = np.array([word in set(words) for word in texts.words.to_pylist()] + [False])
        here = np.asarray(wanted[texts.codes])
        mask = here if mask is None else mask & here
    return mask


def _measure(question: AskGrouped, answer: Any, position: int) -> Single:
    measured = question.measures[position]
    declared: FieldType = "integer"
    if measured.kind != "count":
        declared = _type(question.events, measured.column)
    said = f"{measured.kind} of {question.events.name}.{measured.column or question.events.time}"
    return column(answer[f"m{position}"], declared, said, timezone=question.events.timezone)


def _type(events: EventTable, name: str | None) -> FieldType:
    return "datetime" if name is None else events.column(name).type


def adds_up(fact: FeatureFact) -> bool:
    """Is it made of sums of its events, so that events can be added and taken away?"""
    return fact.measure.kind in ("count", "sum", "exists", "avg", "count_days")


def finished(fact: FeatureFact, parts: Sequence[Numbers]) -> Single:
    """A feature that adds up, of the sums behind it."""
    match fact.measure.kind:
        case "exists":
            return Flags(parts[0].values > 0, None)
        case "avg":
            total, number = parts
            return ratio(total, number)
        case _:
            return parts[0]


def _ordered(question: AskOrdered, answer: Any, rows: Arranged, wanted: list[Feature]) -> Made:
    columns = [rows.column(_ordered_column(question, answer, i)) for i in range(len(question.columns))]
    times = columns[question.columns.index(None)]
    ordinals = {name: answer[name].to_numpy()[rows.order] for name in ("from_start", "from_end")}
    for tile in rows.tiles():
        for number, fact, take in wanted:
            forward = fact.measure.kind != "last"
            within = ordinals["from_start" if forward else "from_end"][tile.part]
            found = in_order(tile, within, (take.start, take.stop), forward=forward)
            at, places = found.nth(fact.measure.ordinal)
            values = chosen(chosen(columns[take.columns[0]], tile.part), at)
            behind = _behind(found, fact.measure.ordinal, chosen(times, tile.part), tile.count)
            yield number, tile.start, placed(values, places, tile.count), behind


def _behind(found: InOrder, n: int, times: Single, count: int) -> Sums:
    """When the last of the first n events was, in microseconds after some beginning, and how many there are."""
    at, places, several = found.up_to(n)
    time, number = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    assert isinstance(times, Numbers)  # noqa: S101 - column() gives numbers for instants
    time[places] = np.maximum(times.values[at] - BEFORE, 1)
    number[places] = several
    return Numbers(time, None), Numbers(number, None)


def _ordered_column(question: AskOrdered, answer: Any, position: int) -> Single:
    events, name = question.events, question.columns[position]
    said = f"{events.name}.{name or events.time}"
    return column(answer[f"c{position}"], _type(events, name), said, timezone=events.timezone)


def _distinct(answer: Any, rows: Arranged, wanted: list[Feature]) -> Made:
    runs = [(take.start, take.stop) for _, _, take in wanted]
    for tile, counted in (
        _days(answer, rows, runs) if "days" in answer.column_names else _values(answer, rows, runs)
    ):
        for number, fact, take in wanted:
            found = counted[take.start, take.stop]
            yield number, tile.start, found, (found,) if adds_up(fact) else ()


def _days(answer: Any, rows: Arranged, runs: list[Run]) -> Counted:
    words, days = (answer[name].to_numpy()[rows.order] for name in ("word", "days"))
    for tile in rows.tiles():
        yield tile, distinct_days(tile, words[tile.part], days[tile.part], runs)


def _values(answer: Any, rows: Arranged, runs: list[Run]) -> Counted:
    codes = answer["c0"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)[rows.order]
    for tile in rows.tiles():
        yield tile, distinct(tile, codes[tile.part], runs)
