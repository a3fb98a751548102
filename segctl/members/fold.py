"""Rows by bucket become features by window, for the players of one tile.

Buckets are taken from the newest to the oldest. In one bucket a player has one row, so adding a bucket is one
indexed addition, and a window is what was added up to its oldest bucket less what was added before its newest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segctl.members.columns import Bools, Floats, Numbers, Places, Single, chosen
from segctl.members.tiles import Rows

Run = tuple[int, int]
_HEADROOM = 2**61


def sums(rows: Rows, values: Numbers, runs: Iterable[Run]) -> Mapping[Run, Numbers]:
    """Exact sums by window; 0 where there is no event."""
    numbers = values.values if values.valid is None else np.where(values.valid, values.values, 0)
    numbers = _roomy(numbers, len(rows.bounds) if rows.unique else np.bincount(rows.places).max(initial=0))
    wanted = sorted(set(runs))
    marks = {first for first, _ in wanted} | {last + 1 for _, last in wanted}
    sum_from: dict[int, NDArray[Any]] = {}
    total = np.zeros(rows.count, dtype=numbers.dtype)
    noted: NDArray[Any] | None = None
    for bucket in range(len(rows.bounds) - 2, min(marks) - 1, -1):
        if bucket + 1 in marks:
            noted = _noted(total) if noted is None else noted
            sum_from[bucket + 1] = noted
        here = rows.bucket(bucket)
        if here.start == here.stop:
            continue
        noted = None
        if rows.unique:
            total[rows.places[here]] += numbers[here]
        else:
            np.add.at(total, rows.places[here], numbers[here])
    sum_from[min(marks)] = total if noted is None else noted
    newest = len(rows.bounds) - 1
    return {run: Numbers(_difference(sum_from, run, newest), None, values.scale) for run in wanted}


def _noted(total: NDArray[Any]) -> NDArray[Any]:
    """The sums so far, which several windows may share: so nobody may write over them."""
    found = total.copy()
    found.flags.writeable = False
    return found


def _difference(sum_from: Mapping[int, NDArray[Any]], run: Run, newest: int) -> NDArray[Any]:
    first, last = run
    if last + 1 == newest:
        return sum_from[first]
    return np.asarray(sum_from[first] - sum_from[last + 1])


def _roomy(numbers: NDArray[Any], several: int) -> NDArray[Any]:
    """The same numbers, as Python integers if sums of so many might not fit 64 bits."""
    if numbers.dtype == object or not len(numbers):
        return numbers
    largest = max(abs(int(numbers.max())), abs(int(numbers.min())))
    return numbers.astype(object) if largest > _HEADROOM // max(several, 1) else numbers


def extremes(rows: Rows, values: Single, run: Run, *, highest: bool) -> Single:
    """The lowest or highest value by window; missing where there is none."""
    assert isinstance(values, Numbers | Floats)  # noqa: S101 - the catalog allows numbers and times only
    best = np.zeros(rows.count, dtype=values.values.dtype)
    seen = np.zeros(rows.count, dtype=np.bool_)
    for bucket in range(run[0], run[1] + 1):
        part = rows.bucket(bucket)
        places, mine = _present(rows.places[part], chosen(values, part))
        if not rows.unique:
            order = np.argsort(mine, kind="stable")
            order = order if highest else order[::-1]
            # of a player's several rows the last one written stays
            places, mine = places[order], mine[order]
        _keep_best(best, seen, places, mine, highest=highest)
    if isinstance(values, Floats):
        return Floats(best, seen)
    return Numbers(best, seen, values.scale)


def _present(places: NDArray[Any], values: Single) -> tuple[NDArray[Any], NDArray[Any]]:
    assert isinstance(values, Numbers | Floats)  # noqa: S101
    if values.valid is None:
        return places, values.values
    return places[values.valid], values.values[values.valid]


def _keep_best(
    best: NDArray[Any], seen: Bools, places: NDArray[Any], values: NDArray[Any], *, highest: bool
) -> None:
    held = best[places]
    better = ~seen[places] | (values > held if highest else values < held)
    best[places[better]] = values[better]
    seen[places] = True


def distinct(rows: Rows, codes: NDArray[Any], runs: Iterable[Run]) -> Mapping[Run, Numbers]:
    """How many different codes each player has in each window; a code may stand in several buckets.

    One sort serves all windows: of each player's code the newest bucket up to a window's end says whether it
    stands in the window.
    """
    buckets = len(rows.bounds) - 1
    kinds = int(codes.max(initial=0)) + 1
    keys = (rows.places * kinds + codes) * buckets + rows.buckets()
    keys.sort()
    pairs, bucket = np.divmod(keys, buckets)
    found: dict[Run, Numbers] = {}
    wanted = sorted(set(runs))
    for last in {last for _, last in wanted}:
        newest = _newest(pairs, bucket, last)
        cells = bucket[newest] * rows.count + pairs[newest] // kinds
        by_bucket = np.bincount(cells, minlength=rows.count * buckets).reshape(buckets, rows.count)
        counted = np.zeros(rows.count, dtype=np.int64)
        starts = {first for first, end in wanted if end == last}
        found |= {(first, last): Numbers(counted.copy(), None) for first in starts if first > last}
        for first in range(last, min(starts) - 1, -1):
            counted += by_bucket[first]
            if first in starts:
                found[first, last] = Numbers(counted.copy(), None)
    return found


def distinct_days(
    rows: Rows, words: NDArray[Any], days: NDArray[np.int64], runs: Iterable[Run]
) -> Mapping[Run, Numbers]:
    """How many different days each player has in each window, where days are the bits of numbered words.

    An edge inside of a day leaves it in several buckets: it counts in the newest up to a window's end.
    """
    buckets, first_word = len(rows.bounds) - 1, int(words.min(initial=0))
    pairs = rows.places * (int(words.max(initial=0)) - first_word + 1) + (words - first_word)
    bucket = rows.buckets()
    order = np.argsort(pairs * buckets + (buckets - 1 - bucket))
    pairs, bucket, days = pairs[order], bucket[order], days[order]
    found: dict[Run, Numbers] = {}
    wanted = sorted(set(runs))
    for last in {last for _, last in wanted}:
        kept = slice(None) if last == buckets - 1 else np.flatnonzero(bucket <= last)
        number = np.zeros(len(order), dtype=np.int64)
        number[order[kept]] = np.bitwise_count(_first_seen(pairs[kept], days[kept]))
        found |= sums(rows, Numbers(number, None), [run for run in wanted if run[1] == last])
    return found


def _first_seen(pairs: NDArray[Any], bits: NDArray[np.int64]) -> NDArray[np.int64]:
    """The bits that no row before has of the same pair of player and word, which stand together."""
    found = bits.copy()
    back, again = 1, np.flatnonzero(pairs[1:] == pairs[:-1]) + 1
    while len(again):
        found[again] &= ~bits[again - back]
        back += 1
        again = again[again >= back]
        again = again[pairs[again] == pairs[again - back]]
    return found


def _newest(pairs: NDArray[Any], bucket: NDArray[Any], last: int) -> NDArray[Any]:
    """Of each pair of player and code the row with the newest bucket up to `last`. Rows are sorted."""
    kept = np.flatnonzero(bucket <= last)
    ends = np.flatnonzero(np.diff(pairs[kept], append=-1))
    return kept[ends]


def in_order(rows: Rows, ordinals: NDArray[Any], run: Run, *, forward: bool) -> InOrder:
    """The events of each player in a window, from the first one on, or else from the last one back.

    Each bucket brings its first events, or its last; `ordinals` number them from 1 from that end.
    """
    part = rows.run(*run)
    places, within, bucket = rows.places[part], ordinals[part], rows.buckets()[part]
    order = np.lexsort((within, bucket if forward else -bucket, places))
    ordered = places[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    numbers = np.diff(np.append(starts, len(ordered)))
    return InOrder(order + part.start, ordered, starts, numbers)


@dataclass(frozen=True, slots=True)
class InOrder:
    """Rows of a tile by player and, of each, in order; by player where his begin, and how many he has."""

    rows: NDArray[Any]
    places: NDArray[Any]
    starts: NDArray[Any]
    numbers: NDArray[Any]

    def nth(self, n: int) -> tuple[NDArray[Any], Places]:
        """The n-th row of each player who has so many, and whose it is."""
        at = self.starts[self.numbers >= n] + n - 1
        return self.rows[at], self.places[at]

    def up_to(self, n: int) -> tuple[NDArray[Any], Places, NDArray[Any]]:
        """Of each player's rows up to the n-th the last one, whose it is, and how many they are."""
        numbers = np.minimum(self.numbers, n)
        at = self.starts + numbers - 1
        return self.rows[at], self.places[at], numbers
