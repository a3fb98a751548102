"""The first of a set by a value: missing last, ties by player id (language.md, section 2). Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from segctl.members.columns import Column, Flags, Floats, Lists, Numbers, Texts
from segctl.sql.program import Limited

# Player numbers → their ids.
Ids = Callable[[NDArray[Any]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Ranks:
    """The values of a fact for the players who have one: their numbers, ascending, and a value each."""

    numbers: NDArray[np.int64]
    values: NDArray[Any]
    ids: Ids


def values_of(players: BitMap, ranked: Ranks, missing: int) -> tuple[int, ...]:
    """The value of each player, in their order; `missing` for who has none."""
    numbers = np.array(players, dtype=np.int64)
    found = np.full(len(numbers), missing, dtype=np.int64)
    at = np.searchsorted(ranked.numbers, numbers)
    known = at < len(ranked.numbers)
    known[known] = ranked.numbers[at[known]] == numbers[known]
    found[known] = ranked.values[at[known]]
    return tuple(found.tolist())


def ranks(parts: Sequence[tuple[NDArray[Any], Column]], ids: Ids) -> Ranks:
    """A fact known slice by slice, or tile by tile: the players' numbers and what the fact is for each of them."""
    numbers: list[NDArray[Any]] = []
    values: list[NDArray[Any]] = []
    for of, column in parts:
        match column:
            case Numbers(mine, valid) | Floats(mine, valid):
                numbers.append(of if valid is None else of[valid])
                values.append(mine if valid is None else mine[valid])
            case Flags() | Texts() | Lists():
                raise TypeError("only numbers and times have ranks")
    together = np.concatenate(numbers) if numbers else np.empty(0, dtype=np.int64)
    order = np.argsort(together, kind="stable")
    return Ranks(together[order], np.concatenate(values)[order] if values else np.empty(0), ids)


def first(players: BitMap, ranked: Ranks, limit: Limited) -> BitMap:
    """At most as many players as the limit lets in."""
    count = _size(limit, len(players))
    if count >= len(players):
        return players
    numbers = np.array(players, dtype=np.int64)
    at = np.searchsorted(ranked.numbers, numbers)
    at[at == len(ranked.numbers)] = 0
    known = ranked.numbers[at] == numbers if len(ranked.numbers) else np.zeros(len(numbers), dtype=np.bool_)
    values, mine, others = ranked.values[at[known]], numbers[known], numbers[~known]
    if count >= len(mine):
        return BitMap(mine) | _by_id(others, count - len(mine), ranked.ids)
    if not count:
        return BitMap()
    # the value of the last player let in: better ones are all in, and equal ones go by their ids
    in_order = np.sort(values)
    last = in_order[len(in_order) - count] if limit.descending else in_order[count - 1]
    better = mine[values > last] if limit.descending else mine[values < last]
    return BitMap(better) | _by_id(mine[values == last], count - len(better), ranked.ids)


def _size(limit: Limited, left: int) -> int:
    if limit.top is not None:
        return limit.top
    return int(Decimal(left) * (limit.percent or Decimal(0)) / 100)


def _by_id(numbers: NDArray[Any], count: int, ids: Ids) -> BitMap:
    if count >= len(numbers):
        return BitMap(numbers)
    chosen = sorted(zip(ids(numbers), numbers.tolist(), strict=True))[:count]
    return BitMap(number for _, number in chosen)
