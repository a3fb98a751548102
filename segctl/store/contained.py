"""Is a number in a stored bitmap? Asked of its bytes, in the database and here, without making the bitmap.

The bytes are the portable roaring format (https://github.com/RoaringBitmap/RoaringFormatSpec), little-endian on
every machine: numbers by their upper 16 bits, and for each of those a sorted array of lower 16 bits, or bits.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from struct import unpack_from
from typing import Any, Final

from pyroaring import BitMap
from sqlalchemy import ColumnElement, Integer, LargeBinary, bindparam, func, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_WITHOUT_RUNS: Final = 12_346
_WITH_RUNS: Final = (12_347).to_bytes(2, "little")
# longer containers are bits
_LONGEST_ARRAY: Final = 4_096
_READABLE: Final = sys.byteorder == "little"


class _Place(FunctionElement[int]):
    """Where bytes stand in others, from 1; 0 if they do not."""

    inherit_cache = True
    type = Integer()


def may_contain(stored: ColumnElement[bytes], count: ColumnElement[int]) -> ColumnElement[bool]:
    """True of each row whose bitmap has the number whose lower half is bound as `low`, and of a few others.

    `count` is how many numbers the bitmap has, or more.
    """
    here = _Place(stored, bindparam("low", type_=LargeBinary))
    runs = func.substr(stored, 1, 2, type_=LargeBinary) == bindparam("runs", _WITH_RUNS, type_=LargeBinary)
    return or_(here > 0, count > _LONGEST_ARRAY, runs)


def lower_half(number: int) -> bytes:
    """What `may_contain` looks for."""
    return (number & 0xFFFF).to_bytes(2, "little")


def contains(stored: bytes, number: int) -> bool:
    """Exactly what the bitmap would say."""
    cookie, size = unpack_from("<II", stored)
    if cookie != _WITHOUT_RUNS or not _READABLE:
        return number in BitMap.deserialize(stored)
    whole, high, low = memoryview(stored), number >> 16, number & 0xFFFF
    described = whole[8 : 8 + 4 * size].cast("H")
    highs = described[::2].tolist()
    at = bisect_left(highs, high)
    if at == size or highs[at] != high:
        return False
    (start,) = unpack_from("<I", stored, 8 + 4 * size + 4 * at)
    length = described[2 * at + 1] + 1
    if length > _LONGEST_ARRAY:
        return bool(stored[start + (low >> 3)] >> (low & 7) & 1)
    lows = whole[start : start + 2 * length].cast("H")
    place = bisect_left(lows, low)
    return place < length and lows[place] == low


@compiles(_Place, "sqlite")
def _in_sqlite(element: _Place, compiler: Any, **rest: Any) -> str:
    stored, sought = element.clauses
    return f"instr({compiler.process(stored, **rest)}, {compiler.process(sought, **rest)})"


@compiles(_Place, "postgresql")
def _in_postgres(element: _Place, compiler: Any, **rest: Any) -> str:
    stored, sought = element.clauses
    return f"position({compiler.process(sought, **rest)} IN {compiler.process(stored, **rest)})"
