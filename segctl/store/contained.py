"""Is a number in a stored bitmap? Asked of its bytes, in the database and here, without making the bitmap.

The bytes are the portable roaring format (https://github.com/RoaringBitmap/RoaringFormatSpec), little-endian on
every machine: numbers by their upper 16 bits, and for each of those a sorted array of lower 16 bits, or bits.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from struct import unpack_from
from typing import Any, Final, Literal, NamedTuple

from pyroaring import BitMap
from sqlalchemy import ColumnElement, Integer, LargeBinary, bindparam, func, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_WITHOUT_RUNS: Final = 12_346
_WITH_RUNS: Final = (12_347).to_bytes(2, "little")
# longer containers are bits
_LONGEST_ARRAY: Final = 4_096
_MOST: Final = 2**31 - 2
_READABLE: Final = sys.byteorder == "little"


class Place(FunctionElement[int]):
    """Where bytes stand in others, from 1; 0 if they do not."""

    inherit_cache = True
    type = Integer()


def may_contain(stored: ColumnElement[bytes], count: ColumnElement[int]) -> ColumnElement[bool]:
    """True of each row whose bitmap has the number whose lower half is bound as `low`, and of a few others.

    `count` is how many numbers the bitmap has, or more.
    """
    here = Place(stored, bindparam("low", type_=LargeBinary))
    runs = func.substr(stored, 1, 2, type_=LargeBinary) == bindparam("runs", _WITH_RUNS, type_=LargeBinary)
    return or_(here > 0, count > _LONGEST_ARRAY, runs)


def lower_half(number: int) -> bytes:
    """What `may_contain` looks for."""
    return (number & 0xFFFF).to_bytes(2, "little")


class Container(NamedTuple):
    """Where, in the bytes of a bitmap, stands what says whether it has a number, and in which form.

    That is an array of lower halves, the one byte with the number's bit, or all of the bitmap.
    """

    start: int
    length: int
    form: Literal["array", "bit", "bitmap"]


def head_length(number: int) -> int:
    """So many bytes from the start say where a number's container is, if no bitmap has more than four times as
    many containers as stand before it.
    """
    return 8 + 8 * 4 * max(16, (number >> 16) + 1)


def container(head: bytes, number: int) -> Container | None:
    """The container in which a number would be, by the head of a bitmap; None where there is none.

    Where the head does not say, it is the whole bitmap.
    """
    whole = Container(0, _MOST, "bitmap")
    cookie, size = unpack_from("<II", head)
    if cookie != _WITHOUT_RUNS or not _READABLE or len(head) < 8 + 8 * size:
        return whole
    described, high = memoryview(head)[8 : 8 + 4 * size].cast("H"), number >> 16
    highs = described[::2].tolist()
    at = bisect_left(highs, high)
    if at == size or highs[at] != high:
        return None
    (start,) = unpack_from("<I", head, 8 + 4 * size + 4 * at)
    length = described[2 * at + 1] + 1
    if length > _LONGEST_ARRAY:
        return Container(start + ((number & 0xFFFF) >> 3), 1, "bit")
    return Container(start, 2 * length, "array")


def in_container(part: bytes | memoryview, place: Container, number: int) -> bool:
    """Has a container, given by its bytes, a number?"""
    low = number & 0xFFFF
    match place.form:
        case "bitmap":
            return number in BitMap.deserialize(bytes(part))
        case "bit":
            return bool(part[0] >> (low & 7) & 1)
        case "array":
            lows = memoryview(part).cast("H")
            at = bisect_left(lows, low)
            return at < len(lows) and lows[at] == low


def contains(stored: bytes, number: int) -> bool:
    """Exactly what the bitmap would say."""
    place = container(stored, number)
    return place is not None and in_container(memoryview(stored)[place.start :][: place.length], place, number)


@compiles(Place, "sqlite")
def _in_sqlite(element: Place, compiler: Any, **rest: Any) -> str:
    stored, sought = element.clauses
    return f"instr({compiler.process(stored, **rest)}, {compiler.process(sought, **rest)})"


@compiles(Place, "postgresql")
def _in_postgres(element: Place, compiler: Any, **rest: Any) -> str:
    stored, sought = element.clauses
    return f"position({compiler.process(sought, **rest)} IN {compiler.process(stored, **rest)})"
