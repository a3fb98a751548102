"""When each player's values of a column were seen last: enough to count the different ones in windows up to now.

What comes makes a value newer, and a value that is older than a window does not count in it. So neither has the
past to be read again, nor does it matter that a row is seen twice. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segctl.members.columns import Bools, Places

# Of columns with more different values a player than this, on the average, it is not kept.
_MOST = 8
_CODE_BITS = 32


@dataclass(frozen=True, slots=True)
class Newest:
    """Pairs of a player and a value, ascending: the place times 2^32 plus the number of one of `words`.

    `times` are in microseconds; `words` is an Arrow array of text.
    """

    pairs: NDArray[np.int64]
    times: NDArray[np.int64]
    words: Any

    @property
    def places(self) -> Places:
        """Whose each pair is."""
        return self.pairs >> _CODE_BITS

    def between(self, after: int, until: int) -> Places:
        """Whose values were seen last in a stretch of time; somebody may come several times."""
        return self.places[(self.times > after) & (self.times <= until)]


def newest_of(values: Any, places: Places, times: NDArray[np.int64]) -> Newest | None:
    """Of an answer with one row a pair; `places` is -1 for rows of nobody. None for values that are not kept."""
    kind = values.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind)):
        return None
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    coded = values.dictionary_encode()
    known = places >= 0
    pairs = (places[known] << _CODE_BITS) + coded.indices.to_numpy()[known]
    order = np.argsort(pairs)
    return Newest(pairs[order], times[known][order], coded.dictionary.cast(pa.string()))


def is_kept(found: Newest, players: int) -> bool:
    """Are these few enough?"""
    return len(found.pairs) <= _MOST * players


def of_players(known: Newest, marked: Bools) -> Newest:
    """The pairs of those who are marked, by place."""
    return _only(known, marked[known.places])


def since(known: Newest, after: int) -> Newest:
    """The pairs that were seen after an instant."""
    return _only(known, known.times > after)


def together(known: Newest, came: Newest) -> Newest:
    """The pairs of both, each with its later time."""
    words, codes = _words(known.words, came.words)
    pairs = (came.places << _CODE_BITS) + codes[came.pairs & (2**_CODE_BITS - 1)]
    order = np.argsort(pairs)
    pairs, times = pairs[order], came.times[order]
    at = np.searchsorted(known.pairs, pairs)
    there = at < len(known.pairs)
    there[there] = known.pairs[at[there]] == pairs[there]
    later = known.times.copy()
    later[at[there]] = np.maximum(later[at[there]], times[there])
    at = at[~there]
    return Newest(np.insert(known.pairs, at, pairs[~there]), np.insert(later, at, times[~there]), words)


def counted(known: Newest, after: int, count: int) -> NDArray[np.int64]:
    """How many different values each of `count` players has since an instant."""
    return np.bincount(known.places[known.times > after], minlength=count)


def _only(known: Newest, mask: Bools) -> Newest:
    return Newest(known.pairs[mask], known.times[mask], known.words)


def _words(known: Any, came: Any) -> tuple[Any, NDArray[np.int64]]:
    """All words, those that were known first, and the number of each that came."""
    found = pc.index_in(came, value_set=known)
    new = came.filter(found.is_null())
    codes = found.fill_null(0).to_numpy().astype(np.int64)
    codes[found.is_null().to_numpy(zero_copy_only=False)] = len(known) + np.arange(len(new))
    return pa.concat_arrays([known, new]), codes
