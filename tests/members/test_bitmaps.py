"""Packed bits become roaring bitmaps of the same numbers, however many stand in a container."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from segctl.members.bitmaps import Spots, bitmap, packed, unpacked

CONTAINER = 65_536
# how many members a container has: none, those around which the format changes, all
SIZES = (0, 1, 4095, 4096, 4097, 61_439, 61_440, 61_441, CONTAINER - 1, CONTAINER)


@pytest.mark.parametrize("first", [0, 3 * CONTAINER, 5, 3 * CONTAINER + 7])
@given(sizes=st.lists(st.sampled_from(SIZES), min_size=1, max_size=4), seed=st.integers(0, 99))
def test_a_bitmap_has_the_numbers_whose_bits_are_set(first: int, sizes: list[int], seed: int) -> None:
    choice = np.random.default_rng(seed)
    bits = np.concatenate([choice.permutation(CONTAINER) < size for size in sizes])[: -int(choice.integers(1, 99))]
    numbers = np.arange(first, first + len(bits))

    made = bitmap(packed(bits), numbers, len(bits))

    assert made == BitMap(numbers[bits].tolist())
    assert BitMap.deserialize(made.serialize()) == made


@given(seed=st.integers(0, 999), count=st.integers(1, 40), some=st.integers(0, 40))
def test_bits_of_some_places_are_set(seed: int, count: int, some: int) -> None:
    choice = np.random.default_rng(seed)
    before, places = choice.random(count) < 0.5, np.sort(choice.permutation(count)[:some])
    found = choice.random(len(places)) < 0.5
    held = packed(before)
    held.flags.writeable = False

    after = unpacked(Spots.of(places).put(held, found), count)

    before[places] = found
    assert after.tolist() == before.tolist()


def test_bits_that_stay_are_not_copied() -> None:
    held = packed(np.array([True, False, True]))

    assert Spots.of(np.array([0, 1])).put(held, np.array([True, False])) is held
