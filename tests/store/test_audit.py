from __future__ import annotations

from dataclasses import replace

from segctl.store.audit import Appended, Entry, append, log
from segctl.store.engine import reading, writing
from segctl.store.state import genesis, head


def test_what_is_appended_is_logged_newest_first(engine, origin, now):
    with writing(engine, lock_timeout_seconds=0) as connection:
        first = append(
            connection, origin, [Entry("create", "segment.a", None, "d1", {"joined": 3}), Entry("refresh")]
        )
        second = append(connection, replace(origin, serial=2), [Entry("update", "segment.a", "d1", "d2")])

    with reading(engine) as connection:
        rows = log(connection, limit=10)
        at = head(connection)
    assert (first.first, first.last) == (1, 2)
    assert (second.first, second.last) == (3, 3)
    assert [(row.seq, row.serial, row.action, row.address, row.before, row.after) for row in rows] == [
        (3, 2, "update", "segment.a", "d1", "d2"),
        (2, 1, "refresh", None, None, None),
        (1, 1, "create", "segment.a", None, "d1"),
    ]
    assert rows[2].actor == {"author": "Ann", "email": "ann@example.com"}
    assert (rows[2].detail, rows[2].plan_id, rows[2].commit_id) == ({"joined": 3}, "p1", "c1")
    # PostgreSQL tells the time itself
    assert rows[2].at == now if engine.dialect.name == "sqlite" else rows[0].at >= rows[2].at > now
    assert [row.previous for row in rows] == [rows[1].hash, rows[2].hash, genesis(at.lineage)]
    assert (at.audit_seq, at.audit_hash) == (3, rows[0].hash)


def test_pages_of_the_log(engine, origin):
    with writing(engine, lock_timeout_seconds=0) as connection:
        append(connection, origin, [Entry("refresh", f"segment.{'ab'[i % 2]}") for i in range(10)])

    with reading(engine) as connection:
        assert [row.seq for row in log(connection, limit=3)] == [10, 9, 8]
        assert [row.seq for row in log(connection, limit=3, before=8)] == [7, 6, 5]
        assert [row.seq for row in log(connection, limit=3, before=8, address="segment.a")] == [7, 5, 3]


def test_no_entries_leave_the_log_as_it_is(engine, origin):
    with writing(engine, lock_timeout_seconds=0) as connection:
        appended = append(connection, origin, [])

        assert appended == Appended(1, 0, head(connection).audit_hash)
        assert log(connection, limit=1) == []
