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
    """What was known of everybody, written over where it may be, with the values of some players put in."""
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


def joined_numbers(parts: Sequence[Numbers]) -> Numbers:
    """As `joined`, of numbers."""
    together = joined(parts)
    assert isinstance(together, Numbers)  # noqa: S101 - of numbers only numbers are made
    return together


def joined_values(parts: Sequence[Single]) -> Single:
    """As `joined`, of single values."""
    together = joined(parts)
    assert not isinstance(together, Lists)  # noqa: S101 - of single values only those are made
    return together


def merged_numbers(known: Numbers, places: Places, values: Numbers) -> Numbers:
    """As `merged`, of numbers."""
    together = merged(known, places, values)
    assert isinstance(together, Numbers)  # noqa: S101 - of numbers only numbers are made
    return together


def plus(one: Numbers, other: Numbers, sign: int = 1) -> Numbers:
    """The sum, or with -1 the difference, of numbers of whom none is missing; exact."""
    left, right, scale = _alike(one, other)
    combine = np.add if sign > 0 else np.subtract
    return Numbers(combine(left, right), None, scale)


def plus_at(one: Numbers, at: Places, other: Numbers, sign: int = 1) -> Numbers:
    """As `plus`, where the others belong to some of the first, each to another one."""
    left, right, scale = _alike(one, other)
    together = left.astype(np.result_type(left, right))
    together[at] += right if sign > 0 else -right
    return Numbers(together, None, scale)


def wide(numbers: Numbers) -> Numbers:
    """The same in eight bytes each: what is reckoned with them fits."""
    return Numbers(_wide(numbers.values), numbers.valid, numbers.scale)


def narrow(numbers: Numbers) -> Numbers:
    """The same in as few bytes each as will do."""
    values = numbers.values
    if not len(values):
        return numbers
    low, high = int(values.min()), int(values.max())
    for kind in (np.int8, np.int16, np.int32, np.int64):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return Numbers(values.astype(kind), numbers.valid, numbers.scale)
    return numbers


def _alike(one: Numbers, other: Numbers) -> tuple[NDArray[Any], NDArray[Any], int]:
    """Both with the same number of decimals, which comes last, and wide enough to be reckoned with."""
    common = max(one.scale, other.scale)
    left, right = _scaled(one.values, common - one.scale), _scaled(other.values, common - other.scale)
    return _wide(left), _wide(right), common


def _wide(values: NDArray[Any]) -> NDArray[Any]:
    return values if values.dtype == object else values.astype(np.int64, copy=False)


def _put(before: NDArray[Any], places: Places, now: NDArray[Any]) -> NDArray[Any]:
    kind = np.result_type(before, now)
    together = before if before.flags.writeable and kind == before.dtype else before.astype(kind)
    together[places] = now
    return together


def _scaled(numbers: NDArray[Any], digits: int) -> NDArray[Any]:
    """The numbers with more decimals, as Python integers where 64 bits might not hold them."""
    if not digits or not len(numbers):
        return numbers
    largest = max(abs(int(numbers.max())), abs(int(numbers.min())))
    exact = numbers.astype(object) if largest * 10**digits >= _LARGEST else _wide(numbers)
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
