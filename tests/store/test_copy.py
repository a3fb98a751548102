"""A state moved from one database to another, either way."""

from __future__ import annotations

import pytest
from pyroaring import BitMap
from sqlalchemy import insert, select, update

from segctl.base.errors import Refused
from segctl.store import (
    audit,
    define,
    definitions,
    duties,
    history,
    membership,
    players,
    private,
    runs,
    state,
    verify,
)
from segctl.store.audit import Entry
from segctl.store.copy import copy
from segctl.store.define import Definition
from segctl.store.engine import open_state, reading, writing
from segctl.store.history import Change
from segctl.store.membership import Membership
from segctl.store.runs import Run
from segctl.store.state import ensure, head, upgrade
from segctl.store.tables import METADATA, OBJECT, STATE
from tests.support.postgres import database

IDS = [f"p_{i:06}" for i in range(70_000)]


@pytest.fixture
def target(request, tmp_path, postgres_server):
    """Another place for a state, where nothing is yet."""
    if getattr(request, "param", "postgres") == "sqlite":
        yield open_state(f"sqlite:///{tmp_path}/copy.db")
    else:
        with database(postgres_server) as address:
            yield open_state(address)


BOTH = pytest.mark.parametrize("target", ["sqlite", "postgres"], indirect=True)


def fill(engine, origin):
    """Several chunks of players, private values, two runs, more rows than are read at once."""
    with writing(engine, lock_timeout_seconds=1) as connection:
        at = state.advance(connection)
        players.append(connection, IDS)
        private.put(connection, {"d": bytes(range(256))})
        made = [
            Definition("segment", f"s{i:03}", f'{{"title":"é\\u0000🎰 {i}"}}', protected=i % 2 == 0)
            for i in range(120)
        ]
        written = define.create(connection, origin, made)
        held = [
            Membership(i + 1, at, origin.at, BitMap(range(i, 60_000, i + 1)), None, (1, 2)) for i in range(120)
        ]
        membership.save(connection, held)
        history.record(
            connection, at, origin.at, [Change(i + 1, "data", "joined", BitMap([i])) for i in range(120)]
        )
        runs.record(connection, Run(at, "apply", origin.at, origin.at, "Ann", "p1", joined=120))
        audit.append(connection, origin, [*(one.entry() for one in written), Entry("apply", detail={"é": "\x00"})])


def everything(engine):
    with reading(engine) as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key)).all()
            ]
            for table in METADATA.sorted_tables
        }


def copied(source, target, now, seconds=1.0):
    return copy(source, target, now, lock_timeout_seconds=seconds, doing="db copy by Ann")


@BOTH
@pytest.mark.parametrize("is_made", [False, True])
def test_a_copy_is_what_it_was_copied_from(engine, target, origin, now, is_made):
    fill(engine, origin)
    if is_made:
        upgrade(target, now)
    before = everything(engine)

    done = copied(engine, target, now)

    assert everything(target) == before == everything(engine)
    assert done.rows["object"] == 120
    assert done.rows["player_chunk"] == 2
    with reading(engine) as old, reading(target) as new:
        assert head(old) == head(new) == done.head
        assert verify.verify(new) == []


@BOTH
def test_what_workers_do_is_not_copied(engine, target, origin, now):
    fill(engine, origin)
    with writing(engine, lock_timeout_seconds=1, beside=True) as connection:
        duties.see(connection, ["deliver"], now)
        assert duties.claim(connection, "refresh", "elsewhere/x/1/a", now, lambda _: False)

    copied(engine, target, now)

    with reading(engine) as old, reading(target) as new:
        assert (set(duties.everyone(old)), duties.everyone(new)) == ({"deliver", "refresh"}, {})


@BOTH
def test_a_copy_goes_on_where_the_state_was(engine, target, origin, now):
    fill(engine, origin)
    copied(engine, target, now)

    with writing(target, lock_timeout_seconds=1) as connection:
        assert state.advance(connection, expected=1) == 2
        assert players.append(connection, ["q"]) == len(IDS)
        audit.append(connection, origin, [Entry("refresh")])

    with reading(target) as connection:
        assert verify.verify(connection) == []
        assert players.find(connection, IDS[66_000]) == 66_000
        assert runs.applied(connection, "p1").serial == 1


def test_what_holds_something_is_not_overwritten(engine, target, origin, now):
    fill(engine, origin)
    upgrade(target, now)
    with writing(target, lock_timeout_seconds=1) as connection:
        state.advance(connection)
    before = everything(target)

    with pytest.raises(Refused, match="is not empty") as refused:
        copied(engine, target, now)

    assert refused.value.help
    assert everything(target) == before


def test_a_state_is_not_copied_onto_itself(engine, origin, now):
    fill(engine, origin)

    with pytest.raises(Refused, match="is not empty"):
        copied(engine, engine, now)


def test_a_state_that_is_being_written_is_not_copied(engine, target, origin, now):
    fill(engine, origin)

    with (
        writing(engine, lock_timeout_seconds=1, doing="apply by Bob"),
        pytest.raises(Refused, match="is being written by") as refused,
    ):
        copied(engine, target, now, 0.1)

    assert "--lock-timeout" in refused.value.help[0]


def test_a_log_that_does_not_hold_is_not_copied(engine, target, origin, now):
    fill(engine, origin)
    upgrade(target, now)
    with writing(engine, lock_timeout_seconds=1) as connection:
        connection.execute(update(STATE).values(audit_hash="0" * 64))
    before = everything(target)

    with pytest.raises(Refused, match=r"audit log does not hold \(disagreements: 1\)"):
        copied(engine, target, now)

    assert everything(target) == before


def test_a_copy_that_is_not_the_same_is_not_kept(engine, target, origin, now, monkeypatch):
    fill(engine, origin)

    def forged(old, new):
        row = dict(old.execute(select(OBJECT)).mappings().first())
        new.execute(insert(OBJECT), {**row, "id": 999, "name": "forged"})

    monkeypatch.setattr("segctl.store.copy._copy_head", forged)

    with pytest.raises(Refused, match="is not what it was copied from"):
        copied(engine, target, now)

    upgrade(target, now)
    with reading(target) as connection:
        assert definitions.deployed(connection) == {}
        assert ensure(target, now).serial == 0
