"""A text with its place as plain data that can be written down, and back."""

from __future__ import annotations

from typing import NamedTuple

from segctl.spec.node import Scalar

Placed = tuple[str, bool, int, int, int, int]


class Place(NamedTuple):
    """A place in a text; line and column count from 0."""

    line: int
    column: int


def placed(scalar: Scalar) -> Placed:
    """Text, whether it is plain, and where it starts and ends."""
    start, end = scalar.start, scalar.end
    return scalar.text, scalar.plain, start.line, start.column, end.line, end.column


def scalar(text: str, plain: bool, *at: int) -> Scalar:  # noqa: FBT001 - as the scalar itself
    """The same as a scalar."""
    return Scalar(text, plain, Place(at[0], at[1]), Place(at[2], at[3]))
