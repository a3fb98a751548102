from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from segctl.store import players
from segctl.store.engine import writing
from segctl.store.players import append, find, load, names, size
from segctl.store.tables import PLAYER_CHUNK

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
BATCHES = st.lists(st.lists(TEXT, max_size=12), max_size=6)


@pytest.fixture
def connection(engine):
    with writing(engine, lock_timeout_seconds=0) as connection:
        yield connection


def test_numbers_follow_code_point_order(connection):
    first = append(connection, ["b", "é", "a", "😀", "\uffff", "007", "Z"])

    assert first == 0
    assert load(connection).to_pylist() == ["007", "Z", "a", "b", "é", "\uffff", "😀"]


def test_a_dictionary_without_players(connection):
    assert size(connection) == 0
    assert load(connection).to_pylist() == []
    assert find(connection, "a") is None
    assert names(connection, []) == []
    assert append(connection, []) == 0


def test_ids_are_any_text(connection):
    ids = ["", "007", "1e5", "É", "E\u0301", " ", "a\x00b", "x" * 500, "p_1\n"]
    append(connection, ids)

    assert sorted(load(connection).to_pylist()) == sorted(ids)
    assert names(connection, [find(connection, one) for one in ids]) == ids
    assert find(connection, "7") is None
    assert find(connection, "\udcff") is None


def test_arrow_ids_are_taken_as_they_are(connection):
    append(connection, pa.array(["b", "a"]))

    assert names(connection, [1, 0]) == ["b", "a"]


def test_chunks_are_filled_before_new_ones_begin(connection, monkeypatch):
    monkeypatch.setattr(players, "CHUNK", 4)
    for batch in (["a", "b", "c"], ["d", "e", "f", "g", "h", "i"], ["j"]):
        append(connection, batch)

    chunks = connection.execute(select(PLAYER_CHUNK).order_by(PLAYER_CHUNK.c.first)).all()

    assert [(one.first, one.count, one.low, one.high) for one in chunks] == [
        (0, 4, b"a", b"d"),
        (4, 4, b"e", b"h"),
        (8, 2, b"i", b"j"),
    ]


@pytest.mark.parametrize("ids", [["a", "a"], ["a", None]])
def test_ids_that_cannot_be_numbered_are_refused(connection, ids):
    with pytest.raises(ValueError, match="a player id"):
        append(connection, ids)


@pytest.mark.parametrize("number", [-1, 3, 2**40])
def test_a_number_that_nobody_has_is_an_error(connection, number):
    append(connection, ["a", "b", "c"])

    with pytest.raises(LookupError):
        names(connection, [0, number])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=BATCHES, data=st.data())
def test_laws_of_the_dictionary(connection, batches, data):
    known = []
    with pytest.MonkeyPatch.context() as patch, connection.begin_nested() as example:
        patch.setattr(players, "CHUNK", 4)
        for batch in batches:
            new = set(batch) - set(known)
            assert append(connection, sorted(new, reverse=True)) == len(known)
            known += sorted(new)

            # numbers given once stay, and load, find, names and size agree on them
            assert load(connection).to_pylist() == known
            assert size(connection) == len(known)
            assert [find(connection, one) for one in known] == list(range(len(known)))
        wanted = data.draw(st.lists(st.integers(0, len(known) - 1))) if known else []
        assert names(connection, wanted) == [known[number] for number in wanted]
        stranger = data.draw(TEXT.filter(lambda one: one not in known))
        assert find(connection, stranger) is None
        example.rollback()
