from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from segctl.store.define import Definition, create
from segctl.store.engine import writing
from segctl.store.erasure import record as record_erasure
from segctl.store.history import Change, record
from segctl.store.past import members_at
from segctl.store.tables import CHANGE

NOW = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)


@pytest.fixture
def connection(engine, origin):
    with writing(engine, lock_timeout_seconds=0) as connection:
        create(connection, origin, [Definition("segment", name, "{}") for name in "ab"])
        yield connection


def changes_between(before, after):
    """For two causes, beside another segment that moves the other way."""
    joined, left = after - before, before - after
    half = BitMap(list(joined)[::2])
    return [
        Change(1, "data", "joined", half),
        Change(1, "clock", "joined", joined - half),
        Change(1, "data", "left", left),
        Change(2, "data", "joined", left),
    ]


def hour(count):
    return NOW + timedelta(hours=count)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(runs=st.lists(st.sets(st.integers(0, 12)), max_size=8), instants=st.lists(st.integers(0, 2), min_size=8))
def test_the_members_of_every_instant_are_those_that_were_recorded(connection, runs, instants):
    recording = connection.begin_nested()
    seen, members, at = [(NOW, BitMap())], BitMap(), NOW
    for serial, (players, step) in enumerate(zip(runs, instants, strict=False), 1):
        after, at = BitMap(players), at + timedelta(hours=step)
        record(connection, serial, at, changes_between(members, after))
        members = after
        seen.append((at, members))

    for instant, _ in seen:
        expected = [then for when, then in seen if when <= instant][-1]
        found = members_at(connection, 1, members, instant)
        assert (found.members, found.size) == (expected, len(expected))
    recording.rollback()


def test_who_was_forgotten_is_counted_and_not_named(connection):
    record(connection, 1, hour(1), [Change(1, "data", "joined", BitMap([1, 2, 3]))])
    connection.execute(CHANGE.update().values(players=BitMap([1, 2]).serialize()))
    record_erasure(connection, 2, hour(2), [1])

    before, after = (members_at(connection, 1, BitMap([1, 2]), hour(at)) for at in (1, 2))

    assert (before.members, before.size, before.forgotten) == (BitMap([1, 2]), 3, 1)
    assert (after.members, after.size, after.forgotten) == (BitMap([1, 2]), 2, 0)
