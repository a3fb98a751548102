from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from segctl.store.contained import container, contains, head_length, in_container
from segctl.store.define import Definition, create
from segctl.store.engine import writing
from segctl.store.history import Change, Move, for_player, record

NOW = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)
EDGES = [0, 1, 4095, 4096, 65_535, 65_536, 65_537, 131_071, 1_000_000, 2**32 - 1]


def shape(kind: str) -> BitMap:
    """Arrays, bits and runs, on both sides of the borders between containers."""
    match kind:
        case "empty":
            return BitMap()
        case "array":
            return BitMap(EDGES)
        case "longest array":
            return BitMap(range(0, 2 * 4096, 2))
        case "bits":
            return BitMap(range(0, 3 * 65_536, 3))
        case "runs":
            return BitMap(range(60_000, 140_000))
        case _:
            bits = BitMap(range(60_000, 140_000)) | BitMap(EDGES)
            bits.run_optimize()
            return bits


KINDS = ("empty", "array", "longest array", "bits", "runs", "optimized")


@pytest.mark.parametrize("kind", KINDS)
def test_the_bytes_say_what_the_bitmap_says(kind):
    players = shape(kind)
    stored = players.serialize()

    for number in {*EDGES, *range(59_990, 60_010), *range(139_990, 140_010), *range(8_180, 8_200)}:
        assert contains(stored, number) == (number in players), number


@pytest.mark.parametrize("kind", KINDS)
def test_a_head_is_enough_to_find_the_container_or_to_say_that_it_is_not(kind):
    players = shape(kind)
    stored = players.serialize()

    for number in (0, 1, 8_190, 60_001, 65_537, 1_000_000):
        place = container(stored[: head_length(number)], number)
        part = b"" if place is None else stored[place.start : place.start + place.length]
        assert (place is not None and in_container(part, place, number)) == (number in players)
        cut = container(stored[:8], number)
        assert cut is None or cut.form == "bitmap" or not stored[4]


@given(st.sets(st.integers(0, 200_000), max_size=200), st.integers(0, 200_000))
def test_any_number_in_any_bitmap(players, other):
    stored = BitMap(players).serialize()

    assert all(contains(stored, number) for number in players)
    assert contains(stored, other) == (other in players)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=6), st.sampled_from(EDGES))
def test_a_player_s_history_finds_them_in_every_kind_of_bitmap(engine, origin, kinds, number):
    with writing(engine, lock_timeout_seconds=0) as connection:
        made = connection.begin_nested()
        create(connection, origin, [Definition("segment", f"s{at}", "{}") for at in range(len(kinds))])
        changes = [Change(at + 1, "data", "joined", shape(kind)) for at, kind in enumerate(kinds)]
        record(connection, 1, NOW, changes)

        found = for_player(connection, number)

        made.rollback()
    expected = [at + 1 for at, kind in enumerate(kinds) if number in shape(kind)]
    assert found == [Move(at, 1, NOW, "joined", "data") for at in expected]


def test_many_runs_are_all_looked_through(engine, origin):
    with writing(engine, lock_timeout_seconds=0) as connection:
        create(connection, origin, [Definition("segment", "s", "{}")])
        for serial in range(1, 902):
            players = BitMap([1]) if serial % 300 == 1 else BitMap([2, 70_000])
            record(connection, serial, NOW, [Change(1, "data", "joined", players)])

        assert [move.serial for move in for_player(connection, 1)] == [901, 601, 301, 1]
        assert [move.serial for move in for_player(connection, 1, limit=2)] == [901, 601]
        assert for_player(connection, 3) == []
