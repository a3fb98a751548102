"""Days as bits fold as days one by one do, wherever edges cut a day."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.members.columns import Numbers
from segctl.members.fold import distinct, distinct_days, sums
from segctl.members.tiles import arranged

BUCKETS, PLAYERS, WORD_DAYS = 4, 3, 63
Row = tuple[int, int, int]
rows = st.lists(
    st.tuples(st.integers(0, PLAYERS - 1), st.integers(0, BUCKETS - 1), st.integers(0, 130)), max_size=40
)


@given(rows)
def test_days_as_bits_count_as_days_one_by_one(one_by_one: list[Row]) -> None:
    runs = [*combinations_with_replacement(range(BUCKETS), 2), (2, 1)]
    words: dict[Row, int] = {}
    for player, bucket, day in one_by_one:
        key = player, bucket, day // WORD_DAYS
        words[key] = words.get(key, 0) | 1 << day % WORD_DAYS

    singly = {run: found.values.tolist() for run, found in distinct(*_tile(one_by_one), runs).items()}
    tile, numbers = _tile(list(words))
    bits = np.array([*words.values()], dtype=np.int64)[_order(list(words))]
    by_word = {run: found.values.tolist() for run, found in distinct_days(tile, numbers, bits, runs).items()}
    assert by_word == singly


@pytest.mark.parametrize("largest", [2**40, 2**60])
def test_sums_of_several_rows_a_bucket_are_exact(largest: int) -> None:
    places = np.zeros(9, dtype=np.int64)
    (tile,) = arranged(places, places, BUCKETS, PLAYERS, unique=False).tiles()
    found = sums(tile, Numbers(np.full(9, largest), None), [(0, BUCKETS - 1)])
    assert found[0, BUCKETS - 1].values.tolist() == [9 * largest, 0, 0]


def _tile(several: list[Row]):
    places, buckets, values = np.array(several, dtype=np.int64).reshape(-1, 3).T
    all_ = arranged(places, buckets, BUCKETS, PLAYERS, unique=False)
    (tile,) = all_.tiles()
    return tile, values[all_.order]


def _order(several: list[Row]):
    places, buckets, _ = np.array(several, dtype=np.int64).reshape(-1, 3).T
    return arranged(places, buckets, BUCKETS, PLAYERS, unique=False).order
