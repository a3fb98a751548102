"""Columns put together: of tiles, and of what was known with what is known anew. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segctl.members.columns import Bools, Column, Flags, Floats, Lists, Numbers, Places, Single, Texts

_LARGEST = 2**62


def joined(parts: Sequence[Column]) -> Column:
    """One column of several that follow one another."""
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    lengths = [len(_values(part)) for part in parts]
    valid = _joined_valid([_valid(part) for part in parts], lengths)
    values = np.concatenate([_values(part) for part in parts])
    match first:
        case Numbers():
            return Numbers(values, valid, first.scale)
        case Floats():
            return Floats(values, valid)
        case Flags():
            return Flags(values, valid)
        case Texts() | Lists():
            raise TypeError("only numbers, times and flags are kept")


def merged(known: Single, places: Places, values: Single) -> Single:
    """What was known of everybody, with the values of some players put in their places."""
    valid = _merged_valid(_valid(known), len(_values(known)), places, _valid(values))
    match known, values:
        case Numbers(before, _, scale), Numbers(now, _, other):
            common = max(scale, other)
            put = _put(_scaled(before, common - scale), places, _scaled(now, common - other))
            return Numbers(put, valid, common)
        case Floats(before), Floats(now):
            return Floats(_put(before, places, now), valid)
        case Flags(before), Flags(now):
            return Flags(_put(before, places, now), valid)
        case _:
            raise TypeError("only numbers, times and flags are kept, and each stays what it is")


def _put(before: NDArray[Any], places: Places, now: NDArray[Any]) -> NDArray[Any]:
    together = before.astype(np.result_type(before, now))
    together[places] = now
    return together


def _scaled(numbers: NDArray[Any], digits: int) -> NDArray[Any]:
    """The numbers with more decimals, as Python integers where 64 bits might not hold them."""
    if not digits or not len(numbers):
        return numbers
    largest = max(abs(int(numbers.max())), abs(int(numbers.min())))
    exact = numbers.astype(object) if largest * 10**digits >= _LARGEST else numbers
    return np.asarray(exact * 10**digits)


def _values(column: Column) -> NDArray[Any]:
    match column:
        case Numbers(values) | Floats(values) | Flags(values):
            return np.asarray(values)
        case Texts() | Lists():
            raise TypeError("only numbers, times and flags are kept")


def _valid(column: Column) -> Bools | None:
    match column:
        case Numbers(_, valid) | Floats(_, valid) | Flags(_, valid):
            return valid
        case Texts() | Lists():
            raise TypeError("only numbers, times and flags are kept")


def _joined_valid(each: Sequence[Bools | None], lengths: Sequence[int]) -> Bools | None:
    if all(valid is None for valid in each):
        return None
    pairs = zip(each, lengths, strict=True)
    return np.concatenate([np.ones(length, dtype=np.bool_) if one is None else one for one, length in pairs])


def _merged_valid(before: Bools | None, count: int, places: Places, now: Bools | None) -> Bools | None:
    if before is None and now is None:
        return None
    together = np.ones(count, dtype=np.bool_) if before is None else before.copy()
    together[places] = True if now is None else now
    return together
