"""Answers by bucket become features by window.

Buckets are taken from the newest to the oldest. In one bucket a player has one row, so adding a bucket is one
indexed addition, and a window is what was added up to its oldest bucket less what was added before its newest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segctl.members.columns import Bools, Floats, Numbers, Places, Single, Texts, chosen, placed

Run = tuple[int, int]
_HEADROOM = 2**61


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer's rows, ordered by bucket: whose they are, and where each bucket begins and ends.

    `order` takes any column of the answer into this order. Rows of unknown players are gone. `unique` says that a
    player has at most one row in a bucket (an answer by dimension has one for each value).
    """

    places: Places
    order: NDArray[np.int64]
    bounds: NDArray[np.int64]
    count: int
    unique: bool

    def rows(self, first: int, last: int) -> slice:
        """The rows of buckets `first` to `last`, both in."""
        return slice(int(self.bounds[first]), int(self.bounds[last + 1]))


def rows(
    places: Places,
    buckets: NDArray[Any],
    bucket_count: int,
    count: int,
    *,
    keep: Bools | None = None,
    unique: bool = True,
) -> Rows:
    """Rows by bucket. `places` is -1 for players that the run does not have; `keep` leaves others out."""
    known = places >= 0 if keep is None else (places >= 0) & keep
    order = np.argsort(buckets, kind="stable")
    order = order[known[order]]
    bounds = np.searchsorted(buckets[order], np.arange(bucket_count + 1))
    return Rows(places[order], order, bounds.astype(np.int64), count, unique)


def sums(answer: Rows, values: Numbers, runs: Iterable[Run]) -> Mapping[Run, Numbers]:
    """Exact sums by window; 0 where there is no event."""
    numbers = values.values if values.valid is None else np.where(values.valid, values.values, 0)
    numbers = _roomy(numbers[answer.order], len(answer.bounds))
    wanted = sorted(set(runs))
    marks = {first for first, _ in wanted} | {last + 1 for _, last in wanted}
    sum_from: dict[int, NDArray[Any]] = {}
    total = np.zeros(answer.count, dtype=numbers.dtype)
    for bucket in range(len(answer.bounds) - 2, min(marks) - 1, -1):
        if bucket + 1 in marks:
            sum_from[bucket + 1] = total.copy()
        here = answer.rows(bucket, bucket)
        if answer.unique:
            total[answer.places[here]] += numbers[here]
        else:
            np.add.at(total, answer.places[here], numbers[here])
    sum_from[min(marks)] = total
    return {run: Numbers(_difference(sum_from, run), None, values.scale) for run in wanted}


def _difference(sum_from: Mapping[int, NDArray[Any]], run: Run) -> NDArray[Any]:
    first, last = run
    if last + 1 not in sum_from or not sum_from[last + 1].any():
        return sum_from[first]
    return np.asarray(sum_from[first] - sum_from[last + 1])


def _roomy(numbers: NDArray[Any], buckets: int) -> NDArray[Any]:
    """The same numbers, as Python integers if their sums might not fit 64 bits."""
    if numbers.dtype == object or not len(numbers):
        return numbers
    largest = max(abs(int(numbers.max())), abs(int(numbers.min())))
    return numbers.astype(object) if largest > _HEADROOM // max(buckets, 1) else numbers


def extremes(answer: Rows, values: Single, run: Run, *, highest: bool) -> Single:
    """The lowest or highest value by window; missing where there is none."""
    assert isinstance(values, Numbers | Floats)  # noqa: S101 - the catalog allows numbers and times only
    best = np.zeros(answer.count, dtype=values.values.dtype)
    seen = np.zeros(answer.count, dtype=np.bool_)
    for bucket in range(run[0], run[1] + 1):
        part = answer.rows(bucket, bucket)
        places, mine = _present(answer.places[part], chosen(values, answer.order[part]))
        if not answer.unique:
            order = np.argsort(mine, kind="stable")
            order = order if highest else order[::-1]
            # of a player's several rows the last one written stays
            places, mine = places[order], mine[order]
        _keep_best(best, seen, places, mine, highest=highest)
    if isinstance(values, Floats):
        return Floats(best, seen)
    return Numbers(best, seen, values.scale)


def _present(places: Places, values: Single) -> tuple[Places, NDArray[Any]]:
    assert isinstance(values, Numbers | Floats)  # noqa: S101
    if values.valid is None:
        return places, values.values
    return places[values.valid], values.values[values.valid]


def _keep_best(best: NDArray[Any], seen: Bools, places: Places, values: NDArray[Any], *, highest: bool) -> None:
    held = best[places]
    better = ~seen[places] | (values > held if highest else values < held)
    best[places[better]] = values[better]
    seen[places] = True


def counts(places: Places, count: int) -> Numbers:
    """How many rows each player has."""
    return Numbers(np.bincount(places, minlength=count).astype(np.int64), None)


def distinct(answer: Rows, codes: NDArray[Any], run: Run) -> Numbers:
    """How many different codes each player has in a window; a code may stand in several buckets."""
    part = answer.rows(*run) if run[0] <= run[1] else slice(0, 0)
    pairs = np.unique(np.stack([answer.places[part], codes[answer.order[part]]]), axis=1)
    return counts(pairs[0], answer.count)


def nth(answer: Rows, ordinals: NDArray[Any], values: Single, run: Run, n: int) -> Single:
    """The value of the n-th event of each player in a window.

    Each bucket brings its first events at least up to the n-th; `ordinals` number them from 1 from either end,
    and -n counts from the end.
    """
    part = answer.rows(*run) if run[0] <= run[1] else slice(0, 0)
    rows_here = answer.order[part]
    places, within = answer.places[part], ordinals[rows_here]
    bucket = np.repeat(np.arange(len(answer.bounds) - 1), np.diff(answer.bounds))[part]
    order = np.lexsort((within, bucket if n > 0 else -bucket, places))
    ordered = places[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    rank = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.append(starts, len(ordered))))
    found = order[rank == abs(n) - 1]
    return placed(chosen(values, rows_here[found]), places[found], answer.count)


def key_mask(columns: Sequence[Texts], keys: Sequence[tuple[str, ...]]) -> Bools | None:
    """The rows whose dimension values are among those a feature names."""
    mask: Bools | None = None
    for texts, named in zip(columns, keys, strict=True):
        wanted = np.array([word in set(named) for word in texts.words.to_pylist()] + [False])
        here = np.asarray(wanted[texts.codes])
        mask = here if mask is None else mask & here
    return mask
