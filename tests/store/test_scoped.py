"""Row-level security: a role of one brand tries to read the other's members, in every way it could."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg import errors
from pyroaring import BitMap

from segctl.store import define, definitions, history, membership, outbox, players, runs, state
from segctl.store.define import Definition
from segctl.store.engine import open_state, reading, writing
from segctl.store.grants import grants
from segctl.store.history import Change
from segctl.store.membership import Membership
from segctl.store.origin import Origin
from segctl.store.runs import Run
from segctl.store.state import upgrade
from tests.support.postgres import database
from tests.support.postgres import url as address_with

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SCOPES = {
    "aurora": {"brand": {"eq": "aurora"}},
    "borealis": {"brand": {"eq": "borealis"}},
    "both": {"brand": {"in": ["aurora", "borealis"]}},
    "aurora-eu": {"brand": {"eq": "aurora"}, "region": {"eq": "EU"}},
    "aurora-us": {"brand": {"eq": "aurora"}, "region": {"eq": "US"}},
    "open": None,
    "odd": {"brand": {"contains": "aurora"}},
}
TABLES = ("membership", "change", "outbox")


@pytest.fixture
def address(each_server: str) -> Iterator[str]:
    """A state with a segment for each scope, each with one member, and a guard."""
    with database(each_server) as found:
        engine = open_state(found)
        upgrade(engine, NOW)
        with writing(engine, lock_timeout_seconds=1) as connection:
            at = state.advance(connection)
            origin = Origin(at, NOW, "Ann")
            players.append(connection, [f"p_{number}" for number in range(len(SCOPES) + 1)])
            made = [
                Definition(
                    "segment",
                    name,
                    json.dumps({"type": "dynamic", **({"scope": scope} if scope else {})}),
                    notify=True,
                )
                for name, scope in SCOPES.items()
            ]
            define.create(connection, origin, [*made, Definition("guard", "marketing", "{}")])
            changes = [Change(number + 1, "data", "joined", BitMap([number])) for number in range(len(SCOPES) + 1)]
            membership.save(connection, [Membership(one.object_id, at, NOW, one.players) for one in changes])
            history.record(connection, at, NOW, changes)
            outbox.put(connection, at, NOW, changes)
            runs.record(connection, Run(at, "apply", NOW, NOW, "Ann", "p1"))
        yield found


@contextmanager
def reader(address: str, *scope: str) -> Iterator[str]:
    """The address for a role that is held to a scope."""
    name = f"reader_{address.partition('?')[0][-6:]}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE ROLE "{name}" LOGIN')
        for line in grants(name, reader=True, scope=scope):
            connection.execute(line)
    try:
        yield address_with(address, user=name)
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f'DROP OWNED BY "{name}"; DROP ROLE "{name}"')


def seen(address: str) -> dict[str, set[str]]:
    """The names of the objects of which a role sees a row, by table."""
    found = {}
    with psycopg.connect(address) as connection:
        for table in TABLES:
            rows = connection.execute(
                f"SELECT o.name FROM segctl.{table} t JOIN segctl.object o ON o.id = t.object_id"
            )
            found[table] = {name for (name,) in rows}
    return found


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        (("brand=aurora",), {"aurora", "aurora-eu", "aurora-us"}),
        (("brand=borealis",), {"borealis"}),
        (("brand=aurora", "brand=borealis"), {"aurora", "borealis", "both", "aurora-eu", "aurora-us"}),
        (("brand=aurora", "region=EU"), {"aurora-eu"}),
        (("brand=nobody",), set()),
        (("region=EU",), {"aurora-eu"}),
    ],
)
def test_a_role_sees_members_within_its_scope_alone(address: str, scope: tuple[str, ...], names: set[str]) -> None:
    with reader(address, *scope) as mine:
        assert seen(mine) == dict.fromkeys(TABLES, names)


def test_who_is_held_to_nothing_sees_everything_and_so_does_the_owner(address: str) -> None:
    everything = {*SCOPES, "marketing"}

    assert seen(address) == dict.fromkeys(TABLES, everything)
    with reader(address) as mine:
        assert seen(mine) == dict.fromkeys(TABLES, everything)


def test_what_the_role_reads_by_segctl_is_the_same(address: str) -> None:
    with reader(address, "brand=borealis") as mine, reading(open_state(mine)) as connection:
        deployed = {
            one.name: one.count for one in definitions.deployed(connection).values() if one.count is not None
        }
        assert deployed == {"borealis": 1}
        held = membership.everyone(connection)
        assert [players.names(connection, one.members) for one in held.values()] == [["p_1"]]


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT content FROM segctl.private",
        "SELECT players FROM segctl.touched",
        "SELECT moves FROM segctl.ledger",
        "SELECT player FROM segctl.forgotten",
        "ALTER TABLE segctl.membership DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE segctl.membership NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY scoped ON segctl.membership",
        "CREATE POLICY mine ON segctl.membership USING (true)",
        "CREATE OR REPLACE FUNCTION segctl.sees(bigint, name) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "UPDATE segctl.version SET body = '{}'",
        "CREATE ROLE somebody; SET ROLE somebody",
        "SET SESSION AUTHORIZATION postgres",
    ],
)  # fmt: skip
def test_it_cannot_go_around(address: str, attempt: str) -> None:
    with reader(address, "brand=borealis") as mine, psycopg.connect(mine) as connection:
        with pytest.raises(errors.Error):
            connection.execute(attempt)
        connection.rollback()
    with reader(address, "brand=borealis") as mine:
        assert seen(mine)["membership"] == {"borealis"}


def test_asking_without_row_security_is_an_error_and_no_way_around(address: str) -> None:
    with reader(address, "brand=borealis") as mine, psycopg.connect(mine) as connection:
        connection.execute("SET row_security = off")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT members FROM segctl.membership")


def test_no_function_of_its_own_sees_the_rows_that_are_left_out(address: str) -> None:
    spying = "CREATE FUNCTION pg_temp.spy(bytea) RETURNS boolean COST 0.0000001 LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', length($1); RETURN true; END $$"
    with reader(address, "brand=borealis") as mine, psycopg.connect(mine) as connection:
        told: list[str] = []
        connection.add_notice_handler(lambda notice: told.append(str(notice.message_primary)))
        connection.execute(spying)
        rows = connection.execute("SELECT count(*) FROM segctl.membership WHERE pg_temp.spy(members)").fetchone()

        assert rows == (1,)
        assert len(told) == 1


def test_a_scope_that_changes_changes_who_sees(address: str) -> None:
    with writing(open_state(address), lock_timeout_seconds=1) as connection:
        at = state.advance(connection)
        body = json.dumps({"type": "dynamic", "scope": SCOPES["borealis"]})
        define.update(connection, Origin(at, NOW, "Ann"), [Definition("segment", "aurora", body)])

    with reader(address, "brand=borealis") as mine:
        assert seen(mine)["membership"] == {"aurora", "borealis"}


@pytest.mark.parametrize("scope", ["brand", "=x", "brand=", f"brand={'x' * 60}"])
def test_what_is_no_scope(scope: str) -> None:
    with pytest.raises(ValueError, match="is no scope"):
        grants("r", reader=True, scope=[scope])


def test_a_scope_is_for_readers() -> None:
    with pytest.raises(ValueError, match="for readers"):
        grants("r", reader=False, scope=["brand=aurora"])
