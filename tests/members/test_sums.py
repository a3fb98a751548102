"""Sums over members, held against Python's own arithmetic, slice by slice and part by part."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from segctl.members.columns import Flags, Floats, Numbers, Texts
from segctl.members.sums import Crowd, add_flags, add_sums, add_texts, places_of

INTEGERS = st.one_of(st.integers(-(2**62), 2**62), st.integers(-9, 9), st.sampled_from([2**70, -(2**63)]))
PLAYERS = st.lists(st.tuples(st.integers(0, 40), st.none() | INTEGERS), unique_by=lambda one: one[0], max_size=30)
SETS = st.lists(st.sets(st.integers(0, 50)), min_size=1, max_size=4)


def numbers(values, scale):
    valid = np.array([value is not None for value in values], dtype=np.bool_)
    known = [value or 0 for value in values]
    wide = any(abs(value) >= 2**63 for value in known)
    return Numbers(np.array(known, dtype=object if wide else np.int64), None if valid.all() else valid, scale)


@given(players=PLAYERS, sets=SETS, scale=st.integers(0, 4), cut=st.integers(0, 30), part=st.integers(0, 30))
def test_sums_are_exact_however_they_are_sliced(players, sets, scale, cut, part):
    players.sort()
    members = [BitMap(one) for one in sets]
    crowds = [Crowd() for _ in members]
    for mine in (players[:cut], players[cut:]):
        places = places_of(members, np.array([number for number, _ in mine], dtype=np.int64))
        values = [value for _, value in mine]
        parts = [(0, numbers(values[:part], scale)), (part, numbers(values[part:], scale))]
        add_sums("x", parts[: 2 if values[part:] else 1], len(mine), places, crowds)

    for one, crowd in zip(sets, crowds, strict=True):
        known = [value for number, value in players if number in one and value is not None]
        assert crowd.sums["x"].total == Decimal(sum(known)).scaleb(-scale)
        assert crowd.sums["x"].known == len(known)


def test_floating_point_is_told_as_it_is_written():
    crowd = Crowd()

    add_sums(
        "x", [(0, Floats(np.array([0.1, 0.2, 9.0]), np.array([True, True, False])))], 3, [np.arange(3)], [crowd]
    )

    assert (crowd.sums["x"].total, crowd.sums["x"].known) == (Decimal("0.30000000000000004"), 2)


def test_who_is_reached_has_every_flag():
    crowds = [Crowd(), Crowd()]
    both = [
        [(0, Flags(np.array([True, True, False, True]), None))],
        [(0, Flags(np.array([True, False, True, True]), np.array([True, True, True, False])))],
    ]

    add_flags("email", both, 4, [np.arange(4), np.array([1, 3])], crowds)
    add_flags("email", both, 4, [np.arange(4), np.array([1, 3])], crowds)

    assert [crowd.flags["email"] for crowd in crowds] == [2, 0]


def test_texts_are_counted_over_parts_with_words_of_their_own():
    crowd = Crowd()
    parts = [
        (0, Texts(np.array([0, 1, -1], dtype=np.int32), pa.array(["DE", "GB"]))),
        (3, Texts(np.array([0, 0], dtype=np.int32), pa.array(["GB"]))),
    ]

    add_texts("country", parts, [np.array([0, 1, 2, 4])], [crowd])

    assert crowd.texts["country"] == Counter({"DE": 1, "GB": 2})
