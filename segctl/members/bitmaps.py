"""Bits by player number to and from roaring bitmaps.

A bitmap is built by writing the portable roaring format (https://github.com/RoaringBitmap/RoaringFormatSpec)
around the packed bits: ten times faster than naming every member.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from segctl.members.columns import Bools

Packed = NDArray[np.uint8]

_CONTAINER_BITS = 65_536
_CONTAINER_BYTES = _CONTAINER_BITS // 8
_LONGEST_ARRAY = 4096
_COOKIE_WITHOUT_RUNS = 12_346


def packed(bits: Bools) -> Packed:
    """Eight players a byte, the first in the lowest bit."""
    return np.packbits(bits, bitorder="little")


def unpacked(bits: Packed, count: int) -> Bools:
    """The inverse of `packed` for `count` players."""
    return np.unpackbits(bits, count=count, bitorder="little").view(np.bool_)


@dataclass(frozen=True, slots=True)
class Spots:
    """Where the bits of some places are, for several writes to the same."""

    places: NDArray[Any]
    bytes: NDArray[Any]
    bits: NDArray[np.uint8]

    @classmethod
    def of(cls, places: NDArray[Any]) -> Spots:
        """Those of different places."""
        return cls(places, places >> 3, np.uint8(1) << (places & 7).astype(np.uint8))

    def put(self, held: Packed, found: Bools) -> Packed:
        """The same bits with those at these places set as `found` says; the same array if they were so."""
        moved = np.flatnonzero(((held[self.bytes] & self.bits) > 0) != found)
        if not len(moved):
            return held
        changed = held.copy()
        np.bitwise_xor.at(changed, self.bytes[moved], self.bits[moved])
        return changed


def bitmap(bits: Packed, numbers: NDArray[Any], count: int) -> BitMap:
    """The numbers of the players whose bit is set. `numbers`, ascending, gives each place its player's number."""
    if not count:
        return BitMap()
    first, last = int(numbers[0]), int(numbers[-1])
    if first % _CONTAINER_BITS == 0 and last - first == count - 1:
        return _roaring(bits, first // _CONTAINER_BITS)
    base = first // _CONTAINER_BITS * _CONTAINER_BITS
    places = numbers - base
    spread = np.zeros(last - base + 1, dtype=np.bool_)
    spread[places] = unpacked(bits, count)
    return _roaring(packed(spread), base // _CONTAINER_BITS)


def _roaring(bits: Packed, first_key: int) -> BitMap:
    """Packed bits, the first of which is number `first_key * 65536`, as a bitmap.

    The format names the members of a container that has few, which takes long to do here. So its other numbers are
    written in their place, as bits, and the bitmap turns them around.
    """
    whole = np.zeros(-(-len(bits) // _CONTAINER_BYTES) * _CONTAINER_BYTES, dtype=np.uint8)
    whole[: len(bits)] = bits
    containers = whole.reshape(-1, _CONTAINER_BYTES)
    sizes = np.bitwise_count(containers.view(np.uint64)).sum(axis=1, dtype=np.int64)
    few = np.flatnonzero((sizes > 0) & (sizes <= _LONGEST_ARRAY))
    containers[few] ^= 0xFF
    sizes[few] = _CONTAINER_BITS - sizes[few]
    filled = np.flatnonzero(sizes)
    found = BitMap.deserialize(_header(filled + first_key, sizes[filled]) + containers[filled].tobytes())
    for run in np.split(few, np.flatnonzero(np.diff(few) > 1) + 1) if len(few) else ():
        first, last = int(run[0]) + first_key, int(run[-1]) + first_key
        found.flip_inplace(first * _CONTAINER_BITS, (last + 1) * _CONTAINER_BITS)
    return found


def _header(keys: NDArray[Any], sizes: NDArray[Any]) -> bytes:
    described = np.empty(2 * len(keys), dtype="<u2")
    described[0::2], described[1::2] = keys, sizes - 1
    begins = (8 + 8 * len(keys) + _CONTAINER_BYTES * np.arange(len(keys))).astype("<u4")
    return (
        np.array([_COOKIE_WITHOUT_RUNS, len(keys)], dtype="<u4").tobytes() + described.tobytes() + begins.tobytes()
    )
