"""A player's history by the ledger, beside the changes that it was made from."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from pyroaring import BitMap
from sqlalchemy import delete, func, select

from segctl.store import history, ledger
from segctl.store.define import Definition, create
from segctl.store.engine import writing
from segctl.store.history import Change, Move, for_player, record
from segctl.store.tables import CHANGE, LEDGER, TOUCHED

NOW = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)
EVERYBODY = range(0, 20_000, 400)


@pytest.fixture
def connection(engine, origin):
    with writing(engine, lock_timeout_seconds=0) as connection:
        create(connection, origin, [Definition("segment", name, "{}") for name in "abc"])
        yield connection


@pytest.fixture(params=["narrow", "wide", "both"])
def told(connection, request, monkeypatch):
    """Sixty runs, the moves by player, newest first. What is wide is not entered; of `both` every other run is."""
    monkeypatch.setattr(ledger, "MOST_MOVES", {"narrow": 1_000, "wide": 0, "both": 40}[request.param])
    choice = random.Random(3)
    moves = []
    for serial in range(1, 61):
        changes = [
            Change(key, cause, way, BitMap(choice.sample(EVERYBODY, 12 if serial % 2 else 2)))
            for key in (1, 2)
            for cause, way in (("data", "joined"), ("definition", "left"))
        ]
        record(connection, serial, NOW + timedelta(hours=serial), changes)
        moves += [
            (player, Move(one.object_id, serial, NOW + timedelta(hours=serial), one.direction, one.cause))
            for one in changes
            for player in one.players
        ]
    moves.sort(key=lambda one: (-one[1].serial, one[1].cause != "definition", one[1].object_id))
    return {player: [move for who, move in moves if who == player] for player in EVERYBODY}


def pages(connection):
    query = select(LEDGER.c.page, func.sum(LEDGER.c.count)).group_by(LEDGER.c.page)
    return {page: int(count) for page, count in connection.execute(query)}


def test_a_player_s_history_is_what_the_runs_said(connection, told):
    assert {player: for_player(connection, player) for player in told} == told
    assert for_player(connection, 401) == for_player(connection, 10**9) == []


@pytest.mark.parametrize("limit", [1, 5])
def test_the_newest_moves_are_enough(connection, told, limit):
    assert all(for_player(connection, player, limit=limit) == moves[:limit] for player, moves in told.items())


@pytest.mark.parametrize("told", ["narrow"], indirect=True)
def test_pages_of_runs_become_pages_of_players_when_they_hold_enough(connection, told):
    found = pages(connection)

    assert sorted(found) == [-1, 0, 1, 2, 3, 4]
    assert found[-1] < 512
    assert sum(found.values()) == sum(map(len, told.values()))
    assert not connection.execute(select(TOUCHED)).all()


def test_they_do_so_too_after_many_runs(connection):
    for serial in range(1, 300):
        record(connection, serial, NOW, [Change(1, "data", "joined", BitMap([7]))])

    assert pages(connection) == {-1: 299 - 256, 0: 256}
    assert [move.serial for move in for_player(connection, 7)] == list(range(299, 0, -1))


def test_a_ledger_that_is_made_later_says_the_same(connection, told):
    entered = set(connection.execute(select(TOUCHED.c.serial)).scalars())
    connection.execute(delete(LEDGER))
    serials = set(connection.execute(select(CHANGE.c.serial)).scalars()) - entered
    touched = [{"serial": serial, "players": BitMap(EVERYBODY).serialize()} for serial in serials]
    if touched:
        connection.execute(TOUCHED.insert(), touched)

    ledger.build(connection, history.kind)

    assert {player: for_player(connection, player) for player in told} == told
    assert set(connection.execute(select(TOUCHED.c.serial)).scalars()) == entered


@pytest.mark.parametrize("told", ["narrow"], indirect=True)
def test_who_is_forgotten_stands_on_no_page(connection, told):
    gone = EVERYBODY[3]

    ledger.forget(connection, gone)

    assert for_player(connection, gone) == []
    assert all(for_player(connection, player) == moves for player, moves in told.items() if player != gone)
    assert sum(pages(connection).values()) == sum(map(len, told.values())) - len(told[gone])


def test_a_page_that_had_nobody_else_is_gone(connection):
    record(connection, 1, NOW, [Change(1, "data", "joined", BitMap([7]))])

    ledger.forget(connection, 7)

    assert pages(connection) == {}
