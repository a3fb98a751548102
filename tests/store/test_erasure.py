from __future__ import annotations

import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from pyroaring import BitMap
from sqlalchemy import select

from segctl.base.digest import canonical_json
from segctl.plan.private import VALUE
from segctl.store import erasure, forgotten, history, ledger, membership, players, private
from segctl.store.define import Definition, create
from segctl.store.engine import open_state, reading, writing
from segctl.store.erasure import traces
from segctl.store.forgotten import Forgotten, Hold
from segctl.store.history import Change
from segctl.store.membership import Membership
from segctl.store.state import ensure
from segctl.store.sweep import overwrite, sweep
from segctl.store.tables import TOUCHED

WHO = "erased-player-4711"


def test_a_forgotten_id_leaves_the_dictionary_and_its_number_is_not_given_again(engine):
    with writing(engine, lock_timeout_seconds=0) as connection:
        players.append(connection, ["ann", "bob", "cid"])
        players.erase(connection, 0)

        assert players.find(connection, "ann") is None
        assert players.find(connection, "bob") == 1
        assert players.names(connection, [0, 1, 2]) == [players.NOBODY, "bob", "cid"]
        assert players.append(connection, ["ann"]) == 3
        assert players.find(connection, "ann") == 3
        assert players.load(connection).to_pylist() == [None, "bob", "cid", "ann"]


def test_a_dictionary_may_hold_nobody_but_forgotten_players(engine):
    with writing(engine, lock_timeout_seconds=0) as connection:
        players.append(connection, ["ann"])
        players.erase(connection, 0)

        assert players.find(connection, "ann") is None
        assert players.size(connection) == 1
        assert players.append(connection, ["zoe"]) == 1
        assert players.find(connection, "zoe") == 1


@pytest.mark.parametrize("number", [1, players.CHUNK])
def test_nobody_is_forgotten_by_a_number_that_was_never_given(engine, number):
    with writing(engine, lock_timeout_seconds=0) as connection:
        players.append(connection, ["ann"])

        with pytest.raises(LookupError):
            players.erase(connection, number)


def test_a_chunk_in_the_middle_keeps_its_bounds(engine):
    ids = [f"p{n:06}" for n in range(players.CHUNK + 10)]
    with writing(engine, lock_timeout_seconds=0) as connection:
        players.append(connection, ids)
        players.erase(connection, 0)
        players.erase(connection, players.CHUNK - 1)

        assert players.find(connection, ids[0]) is None
        assert players.find(connection, ids[1]) == 1
        assert players.find(connection, ids[players.CHUNK]) == players.CHUNK


def test_a_player_leaves_members_lists_history_and_blobs_and_counts_stay(engine, origin, now):
    everyone = BitMap([0, 1, 2])
    with writing(engine, lock_timeout_seconds=0) as connection:
        made = create(connection, origin, [Definition("segment", name, "{}") for name in "ab"])
        first, second = objects = tuple(one.object_id for one in made)
        players.append(connection, ["ann", WHO, "zoe"])
        membership.save(
            connection,
            [
                Membership(first, 1, now, everyone, everyone, None),
                Membership(second, 1, now, BitMap([0, 1]), None, (10, 20)),
            ],
        )
        history.record(connection, 1, now, [Change(first, "data", "joined", everyone)])
        history.record(connection, 2, now, [Change(second, "clock", "joined", BitMap([0, 1]))])
        private.put(connection, {"a": canonical_json(["ann", WHO]).encode(), "b": canonical_json(WHO).encode()})
        private.put(connection, {"c": canonical_json([f"{WHO}0"]).encode(), "d": b"17"})

        found = traces(connection, WHO, 1)
        erasure.erase(connection, 3, found, WHO, 1)
        erasure.record(connection, 3, now, found.members)

        assert (found.members, found.listed, found.runs, found.blobs) == (
            (first, second),
            (first,),
            (1, 2),
            ("a", "b"),
        )
        held = membership.load(connection, objects)
        assert (held[first].members, held[first].listed) == (BitMap([0, 2]), BitMap([0, 2]))
        assert (held[second].members, held[second].since) == (BitMap([0]), (10,))
        assert [(one.cause, one.direction, one.count) for one in history.for_segment(connection, first)] == [
            ("erasure", "left", 1),
            ("data", "joined", 3),
        ]
        assert history.for_player(connection, 1) == []
        assert len(history.for_player(connection, 0)) == 2
        assert [len(joined) for _, joined, _ in history.backwards(connection, first)] == [0, 2]
        assert [json.loads(private.get(connection, mark)) for mark in "abc"] == [
            ["ann"],
            VALUE,
            [f"{WHO}0"],
        ]
        assert not any(
            getattr(traces(connection, WHO, 1), name) for name in ("members", "changes", "runs", "blobs")
        )


def test_a_player_leaves_a_run_that_was_too_wide_for_the_ledger(engine, origin, now, monkeypatch):
    monkeypatch.setattr(ledger, "MOST_MOVES", 0)
    everyone = BitMap([0, 1, 2])
    with writing(engine, lock_timeout_seconds=0) as connection:
        first, second = (
            one.object_id
            for one in create(connection, origin, [Definition("segment", name, "{}") for name in "ab"])
        )
        players.append(connection, ["ann", WHO, "zoe"])
        history.record(connection, 1, now, [Change(key, "data", "joined", everyone) for key in (first, second)])
        history.record(connection, 2, now, [Change(first, "data", "left", BitMap([1]))])
        wide = list(connection.execute(select(TOUCHED.c.serial)).scalars())

        found = traces(connection, WHO, 1)
        erasure.erase(connection, 3, found, WHO, 1)

        assert (wide, found.runs) == ([1], (1, 2))
        assert history.for_player(connection, 1) == []
        assert [len(history.for_player(connection, other)) for other in (0, 2)] == [2, 2]
        (touched,) = connection.execute(select(TOUCHED.c.players)).scalars()
        assert BitMap.deserialize(touched) == BitMap([0, 2])


def test_what_outlives_a_player_is_kept_and_added_to(engine, now):
    one = Forgotten("h1", None, 4, now, (Hold(7, "out", date(2026, 1, 2)), Hold(8, "in")), frozenset("ab"))
    again = Forgotten("h1", None, 9, now + timedelta(days=1), (Hold(7, "out"),), frozenset("c"))
    with writing(engine, lock_timeout_seconds=0) as connection:
        forgotten.keep(connection, one)
        assert forgotten.everyone(connection) == [one]
        forgotten.welcome(connection, {"h1": 12, "h2": 13})
        assert forgotten.of(connection, "h1").number == 12
        forgotten.keep(connection, again)

        found = forgotten.of(connection, "h1")

    assert (found.number, found.serial, found.lists) == (None, 9, frozenset("abc"))
    assert set(found.holds) == {*one.holds, *again.holds}


def test_the_bytes_of_an_id_leave_the_file(tmp_path, now):
    path = tmp_path / "erased.db"
    engine = made_at(path, now)
    with writing(engine, lock_timeout_seconds=0) as connection:
        private.put(connection, {"a": canonical_json([WHO]).encode()})
    for start in range(3):  # each leaves an older copy behind
        with writing(engine, lock_timeout_seconds=0) as connection:
            private.put(connection, {f"b{start}": canonical_json([WHO] * 2_000).encode()})
            private.erase(connection, [f"b{start}"])
    assert WHO in everything(path)

    with writing(engine, lock_timeout_seconds=0) as connection:
        overwrite(connection)
        erasure.erase(connection, 1, traces(connection, WHO, None), WHO, None)
    swept = sweep(engine)

    assert swept
    assert WHO not in everything(path)


def test_a_reader_of_an_older_snapshot_keeps_the_sweep_waiting(tmp_path, now):
    path = tmp_path / "read.db"
    engine = made_at(path, now)
    with writing(engine, lock_timeout_seconds=0) as connection:
        private.put(connection, {"a": b"1"})
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM private").fetchall()

    swept = sweep(engine)
    reader.close()

    assert not swept
    assert sweep(engine)
    with reading(engine) as connection:
        assert private.get(connection, "a") == b"1"


def made_at(path: Path, now):
    """Erased bytes are looked for in a SQLite file, whatever other tests of the state run on."""
    engine = open_state(f"sqlite:///{path}")
    ensure(engine, now)
    return engine


def everything(path: Path) -> str:
    """The file and what stands beside it: the log, and its index."""
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*")).decode("latin-1")
