from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.store.ledger_page import (
    UNDIVIDED,
    Entry,
    decoded,
    divided,
    encoded,
    entries,
    merged,
    page_of_run,
    sought,
    without,
)

PLAYERS = st.integers(0, 9_000) | st.integers(2**31, 2**31 + 3)
RUN = st.dictionaries(
    st.tuples(st.integers(1, 3) | st.just(70_000), st.integers(0, 15)),
    st.sets(PLAYERS, min_size=1, max_size=5),
    min_size=1,
    max_size=4,
)
RUNS = st.lists(RUN, min_size=1, max_size=5)


def page(serial, run):
    moved = [(whose, kind, np.array(sorted(who), np.uint32)) for (whose, kind), who in run.items()]
    return page_of_run(serial, 1_000 * serial, moved)


def told(runs):
    found = {}
    for serial, run in enumerate(runs, 1):
        for (whose, kind), who in run.items():
            for player in who:
                found.setdefault(player, []).append(Entry(serial, 1_000 * serial, whose, kind))
    return {player: sorted(moves) for player, moves in found.items()}


def of_everybody(pages, players):
    return {player: sorted(entry for one in pages for entry in entries(one, player)) for player in players}


@given(RUNS)
def test_a_page_tells_of_each_player_what_their_runs_said(runs):
    stored = encoded(merged([page(serial, run) for serial, run in enumerate(runs, 1)]), UNDIVIDED)

    assert of_everybody([stored], told(runs)) == told(runs)
    assert entries(stored, 9_001) == entries(stored, 2**31 + 4) == entries(stored, 2**32 - 1) == []


@given(RUNS)
def test_divided_pages_tell_the_same_each_of_its_own_players(runs):
    pages = dict(divided(merged([page(serial, run) for serial, run in enumerate(runs, 1)])))

    assert of_everybody([encoded(one, number) for number, one in pages.items()], told(runs)) == told(runs)
    assert all(set(one.players // 4_096) == {number} for number, one in pages.items())


@given(RUNS, st.data())
def test_without_a_player_a_page_tells_of_all_others(runs, data):
    everybody = told(runs)
    gone = data.draw(st.sampled_from(sorted(everybody)))

    left = without(
        encoded(merged([page(serial, run) for serial, run in enumerate(runs, 1)]), UNDIVIDED), gone, UNDIVIDED
    )

    del everybody[gone]
    assert (left is None) == (not everybody)
    assert left is None or of_everybody([left], [*everybody, gone]) == {**everybody, gone: []}


def test_a_page_that_was_encoded_is_decoded():
    found = decoded(encoded(page(7, {(3, 2): {5, 70_000}, (1, 0): {6}}), UNDIVIDED))

    assert found.serials.tolist() == [7]
    assert found.players.tolist() == [5, 6, 70_000]
    assert found.objects.tolist() == [3, 1, 3]
    assert found.kinds.tolist() == [2, 0, 2]


@pytest.mark.parametrize("number", [0, 3])
def test_a_divided_page_loses_a_player_and_a_move_takes_six_bytes(number):
    first = number * 4_096
    stored = encoded(page(1, {(1, 1): {first, first + 4_095}, (2, 1): {first}}), number)

    left = without(stored, first, number)

    assert (len(stored), len(left)) == (28 + 3 * 6, 28 + 6)
    assert entries(left, first + 4_095) == [Entry(1, 1_000, 1, 1)]
    assert sought(first, number) in stored
    assert sought(first + 4_095, number) in left
