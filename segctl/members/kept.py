"""What an evaluation leaves for the next one: bits and values by player number. Plain data.

It is a cache, never the truth: whoever has none evaluates everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

import numpy as np

from segctl.members.bitmaps import Packed
from segctl.members.columns import Column, Flags, Floats, Numbers
from segctl.members.newest import Newest
from segctl.model.time import Interval

Value = Numbers | Floats | Flags
CROSSOVER = 0.6


@dataclass(frozen=True, slots=True)
class Kept:
    """Atoms, values and windows by the digests of the atoms and facts; `since` by that of an event table.

    `everyone` are the players of the warehouse then. Numbers from `count` on were nobody's. Of a table the rows
    that became known at `since` (microseconds) or earlier were all seen; `sums` are those behind features that add
    up, over these rows alone, and of the first, n-th and last event when it was. `newest` says when values were
    seen last; None, that these are too many or of a kind that is not kept. Whoever begins with it may write over
    its values.

    `last` says of an event table that no row of it that was seen happened later. `prints` tell whether tables are
    as they were (roster.py); `key` is how the warehouse stores a player's key, as Arrow calls it, or empty where
    it cannot be made of the id.
    """

    count: int
    everyone: Packed
    atoms: Mapping[str, Packed]
    columns: Mapping[str, Value]
    windows: Mapping[str, tuple[Interval, ...]]
    since: Mapping[str, int]
    last: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, tuple[Numbers, ...]] = field(default_factory=dict)
    newest: Mapping[str, Newest | None] = field(default_factory=dict)
    prints: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a run keeps what the next one begins with.

    `before` is what it begins with itself, None for a run that evaluates everything. `at` is the time on the wall;
    rows that became known less than `lag` before the newest may not all be there yet. Both are in microseconds.
    Beyond the share `crossover` of the players, asking for everybody is taken to be faster.
    """

    digest: Callable[[str], str]
    at: int
    lag: int
    before: Kept | None = None
    crossover: float = CROSSOVER


def grown(bits: Packed, count: int) -> Packed:
    """Bits with room for more players."""
    missing = -(-count // 8) - len(bits)
    return np.concatenate((bits, np.zeros(missing, dtype=np.uint8))) if missing > 0 else bits


def grown_values(values: Value, count: int) -> Value:
    """Values with room for more players, of whom nothing is known."""
    missing = count - len(values.values)
    if missing <= 0:
        return values
    valid = np.zeros(count, dtype=np.bool_)
    valid[: len(values.values)] = True if values.valid is None else values.valid
    match values:
        case Numbers(numbers, _, scale):
            return Numbers(np.pad(numbers, (0, missing)), valid, scale)
        case Floats(floats):
            return Floats(np.pad(floats, (0, missing)), valid)
        case Flags(flags):
            return Flags(np.pad(flags, (0, missing)), valid)


def grown_numbers(numbers: Numbers, count: int) -> Numbers:
    """Sums with room for more players, who have none."""
    missing = count - len(numbers.values)
    return Numbers(np.pad(numbers.values, (0, missing)), None, numbers.scale) if missing > 0 else numbers


def keepable(column: Column) -> TypeGuard[Value]:
    """Can it be kept? Texts and lists are not, and integers beyond 64 bits cannot."""
    return isinstance(column, Numbers | Floats | Flags) and column.values.dtype != object
