from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from segctl.store.define import Definition, create
from segctl.store.engine import writing
from segctl.store.history import CAUSES, Change, Move, Summary, for_player, for_segment, record, since, since_each

NOW = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)


@pytest.fixture
def connection(engine, origin):
    with writing(engine, lock_timeout_seconds=0) as connection:
        create(connection, origin, [Definition("segment", name, "{}") for name in "abc"])
        yield connection


def hour(count):
    return NOW + timedelta(hours=count)


def test_the_history_of_a_segment_newest_first(connection):
    record(connection, 1, hour(1), [Change(1, "definition", "joined", BitMap([1, 2, 3]))])
    record(
        connection, 2, hour(2), [Change(1, "data", "left", BitMap([1])), Change(2, "data", "joined", BitMap([1]))]
    )

    assert for_segment(connection, 1) == [
        Summary(2, hour(2), "data", "left", 1),
        Summary(1, hour(1), "definition", "joined", 3),
    ]
    assert [found.serial for found in for_segment(connection, 1, since=hour(2))] == [2]
    assert [found.serial for found in for_segment(connection, 1, limit=1)] == [2]
    assert for_segment(connection, 3) == []


def test_the_history_of_a_player_newest_first(connection):
    record(
        connection,
        1,
        hour(1),
        [Change(1, "data", "joined", BitMap([7])), Change(2, "data", "joined", BitMap([8]))],
    )
    record(connection, 2, hour(2), [Change(1, "clock", "left", BitMap([8]))])
    both = [Change(1, "definition", "joined", BitMap([7])), Change(1, "data", "left", BitMap([7]))]
    record(connection, 3, hour(3), both)

    assert for_player(connection, 7) == [
        Move(1, 3, hour(3), "joined", "definition"),
        Move(1, 3, hour(3), "left", "data"),
        Move(1, 1, hour(1), "joined", "data"),
    ]
    assert for_player(connection, 7, limit=1) == [Move(1, 3, hour(3), "joined", "definition")]
    assert for_player(connection, 9) == []


def test_nothing_is_kept_of_what_moved_nobody(connection):
    record(connection, 1, hour(1), [Change(1, "data", "joined", BitMap())])
    record(connection, 2, hour(2), [])

    assert for_segment(connection, 1) == []


def test_since_each_gives_the_last_join(connection):
    record(connection, 1, hour(1), [Change(1, "data", "joined", BitMap([1, 2, 3]))])
    record(connection, 2, hour(2), [Change(1, "data", "left", BitMap([2]))])
    record(connection, 3, hour(3), [Change(1, "data", "joined", BitMap([2]))])

    found = list(since_each(connection, 1, BitMap([1, 2, 9])))

    assert found == [(hour(3), BitMap([2])), (hour(1), BitMap([1]))]


MOVES = st.lists(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.sampled_from(CAUSES),
            st.sampled_from(["joined", "left"]),
            st.sets(st.integers(0, 9)),
        ),
        unique_by=lambda change: change[:3],
        max_size=6,
    ),
    max_size=6,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=MOVES)
def test_histories_of_segments_and_players_tell_the_same(connection, runs):
    with connection.begin_nested() as example:
        for serial, changes in enumerate(runs, 1):
            record(connection, serial, hour(serial), [Change(*what, BitMap(who)) for *what, who in changes])

        told = [
            (serial, *what, player)
            for serial, changes in enumerate(runs, 1)
            for *what, who in changes
            for player in who
        ]
        by_player = [
            (move.serial, move.object_id, move.cause, move.direction, player)
            for player in range(10)
            for move in for_player(connection, player)
        ]
        by_segment = sum(found.count for key in (1, 2, 3) for found in for_segment(connection, key))
        joins = {
            (key, player): hour(max(serials))
            for key in (1, 2, 3)
            for player in range(10)
            if (serials := [s for s, k, _, way, p in told if (k, way, p) == (key, "joined", player)])
        }

        assert sorted(by_player) == sorted(told)
        assert by_segment == len(told)
        for key in (1, 2, 3):
            for player in range(10):
                assert since(connection, key, player) == joins.get((key, player))
        example.rollback()
