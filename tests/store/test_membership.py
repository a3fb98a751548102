from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from segctl.store.define import Definition, create
from segctl.store.engine import writing
from segctl.store.membership import Membership, everyone, load, remove, save

NUMBERS = st.sets(st.integers(0, 2**32 - 1)).map(BitMap)


@pytest.fixture
def connection(engine, origin):
    with writing(engine, lock_timeout_seconds=0) as connection:
        create(connection, origin, [Definition("segment", name, "{}") for name in "abc"])
        yield connection


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(members=NUMBERS, listed=st.none() | NUMBERS)
def test_what_is_saved_is_loaded(connection, now, members, listed):
    saved = Membership(1, 7, now, members, listed)

    save(connection, [saved])

    assert load(connection, [1, 2]) == {1: saved}


def test_saving_replaces_and_removing_leaves_the_others(connection, now):
    save(connection, [Membership(i, 1, now, BitMap([i])) for i in (1, 2, 3)])

    save(connection, [Membership(2, 2, now, BitMap())])
    remove(connection, [1])

    assert {key: (one.serial, set(one.members)) for key, one in everyone(connection).items()} == {
        2: (2, set()),
        3: (1, {3}),
    }
