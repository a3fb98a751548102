"""An answer's rows arranged for folding: by tile of players, and in a tile by bucket. Pure.

A tile is a run of places small enough for its arrays to stay in the processor's cache; folding touches them at
random.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segctl.members.columns import Bools, Single, chosen

TILE = 131_072


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one tile, by bucket: whose they are (places within the tile) and where each bucket begins.

    `part` is where they lie in the arranged answer. `unique` says that a player has one row a bucket at most.
    """

    start: int
    count: int
    part: slice
    places: NDArray[Any]
    bounds: NDArray[np.int64]
    unique: bool

    def bucket(self, number: int) -> slice:
        """The rows of one bucket."""
        return slice(int(self.bounds[number]), int(self.bounds[number + 1]))

    def run(self, first: int, last: int) -> slice:
        """The rows of buckets `first` to `last`, both in; none if the run is empty."""
        return slice(int(self.bounds[first]), int(self.bounds[last + 1])) if first <= last else slice(0, 0)

    def buckets(self) -> NDArray[Any]:
        """The bucket of each row."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))

    def only(self, mask: Bools, *, unique: bool) -> Rows:
        """The rows that pass a mask over this tile's rows; `part` no longer says where they lie."""
        kept = np.concatenate(([0], np.cumsum(mask)))
        return Rows(self.start, self.count, self.part, self.places[mask], kept[self.bounds], unique)


@dataclass(frozen=True, slots=True)
class Arranged:
    """An answer's rows in order of tile and bucket; rows of players outside the slice are gone."""

    order: NDArray[np.int64]
    places: NDArray[Any]
    bounds: NDArray[np.int64]
    count: int
    unique: bool
    tile: int = TILE

    def column(self, values: Single) -> Single:
        """A column of the answer in this order."""
        return chosen(values, self.order)

    def tiles(self) -> Iterator[Rows]:
        """The tiles in order of places. Every player is in one, with or without rows."""
        buckets = (len(self.bounds) - 1) // max(1, -(-self.count // self.tile))
        for number, start in enumerate(range(0, self.count, self.tile)):
            bounds = self.bounds[number * buckets : (number + 1) * buckets + 1]
            part = slice(int(bounds[0]), int(bounds[-1]))
            count = min(self.tile, self.count - start)
            yield Rows(start, count, part, self.places[part] - start, bounds - bounds[0], self.unique)


def arranged(
    places: NDArray[Any], buckets: NDArray[Any], bucket_count: int, count: int, *, unique: bool, tile: int = TILE
) -> Arranged:
    """Arranges rows. `places` is -1 for rows to leave out."""
    tiles = max(1, -(-count // tile))
    keys = (places // tile) * bucket_count + buckets
    small = tiles * bucket_count < np.iinfo(np.int16).max
    keys = np.where(places < 0, tiles * bucket_count, keys).astype(np.int16 if small else np.int64)
    order = np.argsort(keys, kind="stable")
    bounds = np.searchsorted(keys[order], np.arange(tiles * bucket_count + 1))
    order = order[: bounds[-1]]
    return Arranged(order, places[order], bounds.astype(np.int64), count, unique, tile)
