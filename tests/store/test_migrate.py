"""States of older formats, as they were stored, and what becomes of them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import select, update

from segctl.base.errors import Refused
from segctl.store import definitions, membership, players, runs
from segctl.store.engine import open_state, reading, writing
from segctl.store.format import FORMAT
from segctl.store.migrate import STEPS
from segctl.store.state import ensure, head, upgrade
from segctl.store.tables import METADATA, STATE
from segctl.store.verify import verify
from tests.support.catalog_of import catalog_of
from tests.support.postgres import database

THEN = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)
ON_POSTGRES = pytest.mark.parametrize("url", ["postgres"], indirect=True)


@pytest.fixture
def old(url, cases):
    """A state of format 1 with two segments, three players and one run."""
    stored(url, cases)
    return open_state(url)


def stored(url, cases):
    dialect = url.partition(":")[0]
    script = (cases / "states" / f"format-1.{dialect}.sql").read_text(encoding="utf-8")
    if dialect == "sqlite":
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.executescript(script)
        connection.close()
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(script)


def test_every_older_format_has_a_step():
    assert sorted(STEPS) == list(range(1, FORMAT))


def test_a_state_that_was_brought_up_is_as_a_new_one(old, now, tmp_path, postgres_server):
    upgrade(old, now)

    if old.dialect.name == "sqlite":
        fresh = open_state(f"sqlite:///{tmp_path}/new.db")
        upgrade(fresh, now)
        assert catalog_of(old) == catalog_of(fresh)
    else:
        with database(postgres_server) as address:
            fresh = open_state(address)
            upgrade(fresh, now)
            assert catalog_of(old) == catalog_of(fresh)
    assert len(catalog_of(old)) > 50


def test_a_state_that_was_brought_up_holds_what_it_held(old, now):
    assert upgrade(old, now) == 1

    at = ensure(old, now)
    with reading(old) as connection:
        assert (at.format, at.serial, at.created_at) == (FORMAT, 1, THEN)
        assert verify(connection) == []
        assert list(definitions.deployed(connection)) == ["segment.new", "segment.vip"]
        assert membership.load(connection, [1])[1].since is None
        assert players.names(connection, membership.load(connection, [1])[1].members) == ["p_1", "p_3"]
        assert [(run.serial, run.plan_id, run.joined) for run in runs.recent(connection, 5)] == [(1, "p1", 2)]


def test_a_step_that_fails_leaves_the_state_as_it_was(old, now, monkeypatch):
    def failing(connection):
        STEPS[1](connection)
        raise ZeroDivisionError

    before = catalog_of(old)
    monkeypatch.setattr("segctl.store.migrate.STEPS", {1: failing})

    with pytest.raises(ZeroDivisionError):
        upgrade(old, now)

    with reading(old) as connection:
        assert connection.execute(select(STATE.c.format)).scalar_one() == 1
    assert catalog_of(old) == before


def test_two_bring_it_up_together(old, child):
    script = (
        "sys.stdin.readline(); state.upgrade(engine, NOW); print(state.ensure(engine, NOW).format, flush=True)"
    )
    both = [child(script), child(script)]
    for process in both:
        process.go_on()

    assert [process.said() for process in both] == [str(FORMAT)] * 2
    with reading(old) as connection:
        assert head(connection).format == FORMAT


@ON_POSTGRES
def test_on_postgresql_nothing_is_made_or_brought_up_by_the_way(url, now, cases):
    with pytest.raises(Refused, match="There is no state in segctl_") as absent:
        ensure(open_state(url), now)
    stored(url, cases)
    with pytest.raises(Refused, match=f"has format 1, and this segctl works with {FORMAT}") as old:
        ensure(open_state(url), now)

    assert ["segctl db upgrade" in refused.value.help[0] for refused in (absent, old)] == [True, True]


def test_a_newer_format_is_not_brought_down(engine, now):
    with writing(engine, lock_timeout_seconds=0) as connection:
        connection.execute(update(STATE).values(format=FORMAT + 1))

    with pytest.raises(Refused, match="knows formats up to"):
        upgrade(engine, now)


@ON_POSTGRES
@pytest.mark.parametrize("foreign", ["CREATE TABLE segctl.state (id int)", "CREATE TABLE segctl.orders (id int)"])
def test_a_schema_of_something_else_is_left_alone(url, now, foreign):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA segctl")
        connection.execute(foreign)

    with pytest.raises(Refused, match="holds tables of something else"):
        upgrade(open_state(url), now)


@ON_POSTGRES
def test_a_schema_that_an_administrator_made_is_used(url, now):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA segctl")

    assert upgrade(open_state(url), now) == 0
    assert ensure(open_state(url), now).serial == 0


@ON_POSTGRES
def test_a_database_that_cannot_hold_every_text_is_refused(url, now):
    with psycopg.connect(url, autocommit=True) as connection:
        name = f"{connection.info.dbname}_latin"
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    try:
        with pytest.raises(Refused, match="encoded in LATIN1; a state needs UTF8"):
            upgrade(open_state(url.replace(url.partition("?")[0].rpartition("/")[2], name)), now)
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name}")


@ON_POSTGRES
def test_nothing_but_the_schema_is_touched(url, now):
    upgrade(open_state(url), now)

    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT schemaname, count(*) FROM pg_tables GROUP BY 1 ORDER BY 1").fetchall()
    assert [one for one in found if not one[0].startswith(("pg_", "information_"))] == [
        ("segctl", len(METADATA.tables))
    ]


def test_tables_are_those_that_are_defined(engine):
    found = {line.split()[1].removeprefix("segctl.") for line in catalog_of(engine) if line.startswith("column")}

    assert found == set(METADATA.tables)
