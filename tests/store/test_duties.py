"""Who has a duty: one worker at a time, for as long as its lease, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from segctl.base.errors import Refused
from segctl.store import duties
from segctl.store.duties import LEASE
from segctl.store.engine import open_state, reading, writing

SECOND = timedelta(seconds=1)


def beside(engine):
    return writing(engine, lock_timeout_seconds=5, beside=True)


def claimed(engine, worker, now, *, gone=False):
    with beside(engine) as connection:
        return duties.claim(connection, "refresh", worker, now, lambda _: gone) is not None


def test_a_duty_is_one_workers_until_its_lease_ends(engine, now):
    assert claimed(engine, "a", now)

    assert not claimed(engine, "b", now + LEASE - SECOND)
    assert claimed(engine, "b", now + LEASE)
    assert not claimed(engine, "a", now + LEASE + SECOND)


def test_a_worker_that_is_known_to_be_dead_has_nothing(engine, now):
    assert claimed(engine, "a", now)

    assert claimed(engine, "b", now + SECOND, gone=True)


def test_a_renewed_lease_holds_for_longer_and_a_lost_one_is_not_renewed(engine, now):
    assert claimed(engine, "a", now)
    with beside(engine) as connection:
        assert duties.renew(connection, "refresh", "a", now + LEASE - SECOND)

    assert not claimed(engine, "b", now + LEASE + SECOND)
    assert claimed(engine, "b", now + 2 * LEASE)
    with beside(engine) as connection:
        assert not duties.renew(connection, "refresh", "a", now + 2 * LEASE)
        assert duties.locked(connection, "refresh").worker == "b"


def test_who_lost_its_lease_writes_nothing(engine, now):
    assert claimed(engine, "a", now)
    assert claimed(engine, "b", now + LEASE)

    with writing(engine, lock_timeout_seconds=5) as connection:
        duties.refuse_lost(connection, "refresh", "b")
    with pytest.raises(Refused, match="Another worker"), writing(engine, lock_timeout_seconds=5) as connection:
        duties.refuse_lost(connection, "refresh", "a")


def test_what_is_written_of_a_duty_is_read(engine, now):
    with beside(engine) as connection:
        duties.see(connection, ["refresh", "deliver"], now)
        one = replace(
            duties.locked(connection, "refresh"),
            done_at=now,
            milliseconds=1234,
            full_at=now,
            failures=2,
            failing_since=now,
            outcome="why",
            next_at=now + SECOND,
        )
        duties.save(connection, one)

    with reading(engine) as connection:
        found = duties.everyone(connection)
    assert found["refresh"] == one
    assert (found["deliver"].seen_at, found["deliver"].worker, found["deliver"].failures) == (now, None, 0)


CLAIMING = """
from segctl.store import duties
print("ready", flush=True)
sys.stdin.readline()
with writing(engine, lock_timeout_seconds=30, beside=True) as connection:
    had = duties.claim(connection, "refresh", sys.argv[2], NOW, lambda _: False) is not None
print(had, flush=True)
"""


@pytest.mark.usefixtures("engine")
def test_of_many_processes_that_ask_at_once_one_has_it(url, child):
    workers = [child(CLAIMING, name) for name in "abcd"]
    assert [one.said() for one in workers] == ["ready"] * 4
    for one in workers:
        one.go_on()

    assert sorted(one.said() for one in workers) == ["False"] * 3 + ["True"]
    with reading(open_state(url)) as connection:
        assert duties.everyone(connection)["refresh"].worker in set("abcd")
