"""Differences and ratios of facts, exact where both sides are. Pure."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from segctl.members.columns import Column, Flags, Floats, Lists, Numbers, Single, Texts

_SAFE = 2**62


def derived(kind: Literal["subtract", "ratio"], left: Column, right: Column) -> Single:
    """A difference or a ratio of two facts."""
    assert not isinstance(left, Lists)  # noqa: S101 - the catalog allows metrics only
    assert not isinstance(right, Lists)  # noqa: S101
    return difference(left, right) if kind == "subtract" else ratio(left, right)


def difference(left: Single, right: Single) -> Single:
    """Left minus right; missing where either is missing."""
    valid = _both(left, right)
    match left, right:
        case Numbers(minuend, _, scale), Numbers(subtrahend, _, other):
            common = max(scale, other)
            return Numbers(_scaled(minuend, common - scale) - _scaled(subtrahend, common - other), valid, common)
        case _:
            return Floats(as_floats(left).values - as_floats(right).values, valid)


def ratio(left: Single, right: Single) -> Floats:
    """Left over right; missing where either is missing or the right one is 0."""
    numerator, denominator = as_floats(left), as_floats(right)
    both = _both(left, right)
    valid = (denominator.values != 0) & (True if both is None else both)
    divided = np.divide(numerator.values, denominator.values, out=np.zeros(len(valid)), where=valid)
    return Floats(divided, valid)


def as_floats(values: Single) -> Floats:
    """Numbers in binary floating point, nearest to their exact value."""
    match values:
        case Floats():
            return values
        case Numbers(numbers, valid, scale):
            return Floats(numbers.astype(np.float64) / float(10**scale), valid)
        case Flags() | Texts():
            raise TypeError("only numbers have a ratio")


def _both(left: Single, right: Single) -> Any:
    sides = [side.valid for side in (left, right) if not isinstance(side, Texts) and side.valid is not None]
    return np.logical_and.reduce(sides) if sides else None


def _scaled(numbers: Any, digits: int) -> Any:
    """The numbers with more decimals, as Python integers where 64 bits might not hold them or a difference."""
    largest = max(abs(int(numbers.max())), abs(int(numbers.min()))) if len(numbers) else 0
    exact = numbers.astype(object) if largest * 10**digits >= _SAFE else numbers
    return exact * 10**digits if digits else exact
