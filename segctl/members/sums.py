"""What the members of many segments come to: sums, counts and the most frequent texts. Pure, and exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from segctl.members.columns import Column, Flags, Floats, Numbers, Texts

Parts = Sequence[tuple[int, Column]]
_MOST = 2**63


@dataclass(slots=True)
class Sum:
    """A total, and how many players have a value."""

    total: Decimal = Decimal(0)
    known: int = 0


@dataclass(slots=True)
class Crowd:
    """Players of one segment: how many of them the warehouse knows, and what they come to, by figure."""

    players: int = 0
    sums: dict[str, Sum] = field(default_factory=dict)
    flags: dict[str, int] = field(default_factory=dict)
    texts: dict[str, Counter[str]] = field(default_factory=dict)


def places_of(members: Sequence[BitMap], numbers: NDArray[Any]) -> list[NDArray[np.int64]]:
    """Where the members of each set stand among the numbers of a slice; who is not there is left out."""
    if not len(numbers):
        return [np.empty(0, dtype=np.int64) for _ in members]
    first, last = int(numbers[0]), int(numbers[-1])
    place = np.full(last - first + 1, -1, dtype=np.int64)
    place[numbers - first] = np.arange(len(numbers))
    found = []
    for one in members:
        inside = np.frombuffer(one.to_array(), dtype=np.uint32).astype(np.int64)
        inside = place[inside[(inside >= first) & (inside <= last)] - first]
        found.append(inside[inside >= 0])
    return found


def add_sums(name: str, parts: Parts, count: int, places: Sequence[NDArray[Any]], crowds: Sequence[Crowd]) -> None:
    """Adds the values of a fact over the members of each crowd, missing ones as nothing."""
    values, valid, scale = _whole(parts, count)
    for mine, crowd in zip(places, crowds, strict=True):
        at = crowd.sums.setdefault(name, Sum())
        total = values[mine].sum()
        at.total += _exact(total, scale)
        at.known += len(mine) if valid is None else int(valid[mine].sum())


def add_flags(
    name: str, facts: Sequence[Parts], count: int, places: Sequence[NDArray[Any]], crowds: Sequence[Crowd]
) -> None:
    """Counts the members for whom all of these facts are true."""
    holds = np.ones(count, dtype=np.bool_)
    for parts in facts:
        for start, column in parts:
            assert isinstance(column, Flags)  # noqa: S101 - figures of booleans
            here = column.values if column.valid is None else column.values & column.valid
            holds[start : start + len(here)] &= here
    for mine, crowd in zip(places, crowds, strict=True):
        crowd.flags[name] = crowd.flags.get(name, 0) + int(holds[mine].sum())


def add_texts(name: str, parts: Parts, places: Sequence[NDArray[Any]], crowds: Sequence[Crowd]) -> None:
    """Counts the members by their text; who has none is left out."""
    for start, column in parts:
        assert isinstance(column, Texts)  # noqa: S101 - figures of texts
        words, end = column.words.to_pylist(), start + len(column.codes)
        for mine, crowd in zip(places, crowds, strict=True):
            here = mine[(mine >= start) & (mine < end)] - start
            found = np.bincount(column.codes[here] + 1, minlength=len(words) + 1)[1:]
            counted = crowd.texts.setdefault(name, Counter())
            for word in np.flatnonzero(found):
                counted[words[word]] += int(found[word])


def _whole(parts: Parts, count: int) -> tuple[NDArray[Any], NDArray[np.bool_] | None, int | None]:
    """The parts of a fact as one array, 0 where it is missing; the scale of exact numbers, None of others."""
    columns = [column for _, column in parts]
    if all(isinstance(column, Floats) for column in columns) and columns:
        scale, kind = None, np.dtype(np.float64)
    else:
        scale, kind = max((column.scale for column in columns if isinstance(column, Numbers)), default=0), None
    values = np.zeros(count, dtype=kind or np.dtype(np.int64))
    valid = np.ones(count, dtype=np.bool_)
    for start, column in parts:
        assert isinstance(column, Numbers | Floats)  # noqa: S101 - figures of numbers
        mine, end = column.values, start + len(column.values)
        if isinstance(column, Numbers) and scale is not None and column.scale < scale:
            mine = mine.astype(object) * 10 ** (scale - column.scale)
        if mine.dtype == object and values.dtype != object:
            values = values.astype(object)
        values[start:end] = mine if column.valid is None else np.where(column.valid, mine, 0)
        valid[start:end] = True if column.valid is None else column.valid
    return _wide(values), (None if valid.all() else valid), scale


def _wide(values: NDArray[Any]) -> NDArray[Any]:
    """Integers whose sum might not fit 64 bits become Python's own."""
    if values.dtype != np.int64 or not len(values):
        return values
    most = max(abs(int(values.max())), abs(int(values.min())))
    return values.astype(object) if most * len(values) >= _MOST else values


def _exact(total: Any, scale: int | None) -> Decimal:
    """Binary floating point was never exact; it is told as Python writes it."""
    return Decimal(repr(float(total))) if scale is None else Decimal(int(total)).scaleb(-scale)
