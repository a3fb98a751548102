"""One answer about events becomes the features that were asked of it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np

from segctl.members.columns import Column, Flags, Floats, Lists, Numbers, Places, Single, Texts, column
from segctl.members.fold import Rows, distinct, extremes, key_mask, nth, rows, sums
from segctl.model.catalog import EventTable
from segctl.model.operators import FieldType
from segctl.sql.program import FeatureFact
from segctl.sql.questions import AskDistinct, AskGrouped, AskOrdered, EventQuestion, Take

_SAFE = 2**62
Feature = tuple[int, FeatureFact, Take]
Made = Iterator[tuple[int, Single]]


def features(question: EventQuestion, answer: Any, places: Places, count: int, wanted: list[Feature]) -> Made:
    """Each wanted feature, with its fact's number, one at a time so that few are alive together.

    `answer` is an Arrow table (questions.py says its columns); `places` says whose each of its rows is.
    """
    match question:
        case AskGrouped():
            return _grouped(question, answer, places, count, wanted)
        case AskOrdered():
            return _ordered(question, answer, places, count, wanted)
        case AskDistinct():
            return _distinct(question, answer, places, count, wanted)


def _buckets(answer: Any) -> Any:
    return answer["bucket"].to_numpy().astype(np.int16)


def _grouped(question: AskGrouped, answer: Any, places: Places, count: int, wanted: list[Feature]) -> Made:
    keys = [column(answer[f"k{i}"], "string", name) for i, (name, _) in enumerate(question.keys)]
    by_keys: dict[tuple[tuple[str, ...], ...], list[Feature]] = defaultdict(list)
    for feature in wanted:
        by_keys[feature[2].keys].append(feature)
    for values, mine in by_keys.items():
        keep = key_mask([key for key in keys if isinstance(key, Texts)], values)
        here = rows(places, _buckets(answer), len(question.edges), count, keep=keep, unique=not keys)
        yield from _folded(question, answer, here, mine)


def _folded(question: AskGrouped, answer: Any, here: Rows, wanted: list[Feature]) -> Made:
    by_columns: dict[tuple[int, ...], list[Feature]] = defaultdict(list)
    for feature in wanted:
        by_columns[feature[2].columns].append(feature)
    for columns, mine in by_columns.items():
        measured = [_measure(question, answer, position) for position in columns]
        kind = question.measures[columns[0]].kind
        summed = [_summed(here, values, mine) for values in measured] if kind in ("sum", "count") else []
        for fact, made, take in mine:
            run = take.start, take.stop
            if summed:
                yield fact, _finished(made, [of_runs[run] for of_runs in summed])
            else:
                yield fact, extremes(here, measured[0], run, highest=kind == "max")


def _measure(question: AskGrouped, answer: Any, position: int) -> Single:
    measured = question.measures[position]
    declared: FieldType = "integer"
    if measured.kind != "count":
        declared = _type(question.events, measured.column)
    said = f"{measured.kind} of {question.events.name}.{measured.column or question.events.time}"
    return column(answer[f"m{position}"], declared, said, timezone=question.events.timezone)


def _type(events: EventTable, name: str | None) -> FieldType:
    return "datetime" if name is None else events.column(name).type


def _summed(here: Rows, values: Single, wanted: list[Feature]) -> Mapping[tuple[int, int], Numbers]:
    assert isinstance(values, Numbers)  # noqa: S101 - the catalog allows sums of integers and money only
    return sums(here, values, [(take.start, take.stop) for _, _, take in wanted])


def _finished(feature: FeatureFact, parts: list[Numbers]) -> Single:
    match feature.measure.kind:
        case "exists":
            return Flags(parts[0].values > 0, None)
        case "avg":
            total, number = parts
            return ratio(total, number)
        case _:
            return parts[0]


def as_floats(values: Single) -> Floats:
    """Numbers in binary floating point, nearest to their exact value."""
    match values:
        case Floats():
            return values
        case Numbers(numbers, valid, scale):
            return Floats(numbers.astype(np.float64) / float(10**scale), valid)
        case _:
            raise TypeError("only numbers have a ratio")


def ratio(left: Single, right: Single) -> Floats:
    """Left over right; missing where either is missing or the right one is 0."""
    numerator, denominator = as_floats(left), as_floats(right)
    both = _both(left, right)
    valid = (denominator.values != 0) & (True if both is None else both)
    divided = np.divide(numerator.values, denominator.values, out=np.zeros(len(valid)), where=valid)
    return Floats(divided, valid)


def derived(kind: Literal["subtract", "ratio"], left: Column, right: Column) -> Single:
    """A difference or a ratio of two facts."""
    assert not isinstance(left, Lists)  # noqa: S101 - the catalog allows metrics only
    assert not isinstance(right, Lists)  # noqa: S101
    return difference(left, right) if kind == "subtract" else ratio(left, right)


def difference(left: Single, right: Single) -> Single:
    """Left minus right, exactly where both are exact; missing where either is missing."""
    valid = _both(left, right)
    match left, right:
        case Numbers(minuend, _, scale), Numbers(subtrahend, _, other):
            common = max(scale, other)
            return Numbers(_scaled(minuend, common - scale) - _scaled(subtrahend, common - other), valid, common)
        case _:
            return Floats(as_floats(left).values - as_floats(right).values, valid)


def _both(left: Single, right: Single) -> Any:
    sides = [side.valid for side in (left, right) if not isinstance(side, Texts) and side.valid is not None]
    return np.logical_and.reduce(sides) if sides else None


def _scaled(numbers: Any, digits: int) -> Any:
    """The numbers with more decimals, as Python integers where 64 bits might not hold them or a difference."""
    largest = max(abs(int(numbers.max())), abs(int(numbers.min()))) if len(numbers) else 0
    exact = numbers.astype(object) if largest * 10**digits >= _SAFE else numbers
    return exact * 10**digits if digits else exact


def _ordered(question: AskOrdered, answer: Any, places: Places, count: int, wanted: list[Feature]) -> Made:
    here = rows(places, _buckets(answer), len(question.edges), count, unique=False)
    for fact, feature, take in wanted:
        name = question.columns[take.columns[0]]
        said = f"{question.events.name}.{name or question.events.time}"
        declared = _type(question.events, name)
        values = column(answer[f"c{take.columns[0]}"], declared, said, timezone=question.events.timezone)
        last = feature.measure.kind == "last"
        ordinals = answer["from_end" if last else "from_start"].to_numpy()
        yield fact, nth(here, ordinals, values, (take.start, take.stop), -1 if last else feature.measure.ordinal)


def _distinct(question: AskDistinct, answer: Any, places: Places, count: int, wanted: list[Feature]) -> Made:
    here = rows(places, _buckets(answer), len(question.edges), count, unique=False)
    codes = _codes(answer["c0"])
    for fact, _, take in wanted:
        yield fact, distinct(here, codes, (take.start, take.stop))


def _codes(values: Any) -> Any:
    """A number for each value, equal for equal values."""
    return values.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
