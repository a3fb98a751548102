"""A role with the grants that are printed, and no others: what it can do, and what it cannot."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from psycopg import errors
from pyroaring import BitMap

from segctl.base.errors import Refused
from segctl.store import audit, define, definitions, history, membership, players, private, runs, state
from segctl.store.audit import Entry
from segctl.store.define import Definition
from segctl.store.engine import open_state, reading, writing
from segctl.store.grants import grants
from segctl.store.history import Change
from segctl.store.membership import Membership
from segctl.store.runs import Run
from segctl.store.state import ensure, upgrade
from segctl.store.verify import verify
from tests.support.postgres import database
from tests.support.postgres import url as address_with


@pytest.fixture(params=["writer", "reader"])
def role(request, each_server, now):
    """The address of a state for a role with just its grants, and which role it is."""
    with database(each_server) as address:
        upgrade(open_state(address), now)
        name = f'{request.param}-"{address.partition("?")[0][-6:]}"'
        quoted = '"' + name.replace('"', '""') + '"'
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {quoted} LOGIN")
            for line in grants(name, reader=request.param == "reader"):
                connection.execute(line)
        yield address_with(address, user=name), request.param
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP OWNED BY {quoted}; DROP ROLE {quoted}")


def write_everything(engine, origin):
    with writing(engine, lock_timeout_seconds=1) as connection:
        at = state.advance(connection)
        players.append(connection, ["p_1", "p_2"])
        players.append(connection, ["p_3"])
        private.put(connection, {"d": b"x", "e": b"y"})
        private.erase(connection, ["e"])
        written = define.create(connection, origin, [Definition("segment", name, "{}") for name in "abc"])
        written += define.update(connection, origin, [Definition("segment", "b", '{"x":1}')])
        membership.save(connection, [Membership(1, at, origin.at, BitMap([0, 2]))])
        membership.save(connection, [Membership(1, at, origin.at, BitMap([0]))])
        history.record(connection, at, origin.at, [Change(1, "data", "joined", BitMap([0]))])
        runs.record(connection, Run(at, "apply", origin.at, origin.at, "Ann", "p1"))
        audit.append(connection, origin, [*(one.entry() for one in written), Entry("apply")])
        later = replace(origin, serial=2)
        gone = define.archive(connection, later, ["segment.c"])
        audit.append(connection, later, [one.entry() for one in gone])


def read_everything(engine, now):
    ensure(engine, now)
    with reading(engine) as connection:
        assert verify(connection) == []
        return (
            list(definitions.deployed(connection)),
            players.size(connection),
            len(audit.log(connection, limit=50)),
        )


def test_a_writer_writes_and_a_reader_reads(role, origin, now):
    address, kind = role
    engine = open_state(address)
    if kind == "writer":
        write_everything(engine, origin)

        assert read_everything(engine, now) == (["segment.a", "segment.b"], 3, 6)
        return
    with pytest.raises(Refused, match="does not let this role do that") as refused:
        write_everything(engine, origin)

    assert "segctl db grants" in refused.value.help[0]
    assert read_everything(engine, now) == ([], 0, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE segctl.audit SET at = 'x'",
        "DELETE FROM segctl.audit",
        "TRUNCATE segctl.audit",
        "INSERT INTO segctl.audit SELECT * FROM segctl.audit",
        "INSERT INTO segctl.audit (serial, action, actor, detail) VALUES (1, 'a', '{}', '{}')",
        "UPDATE segctl.state SET audit_seq = 0",
        "UPDATE segctl.state SET audit_hash = 'x'",
        "UPDATE segctl.state SET lineage = 'x'",
        "UPDATE segctl.version SET body = 'x'",
        "DELETE FROM segctl.version",
        "UPDATE segctl.change SET at = 'x'",
        "DELETE FROM segctl.change",
        "DELETE FROM segctl.state",
        "DELETE FROM segctl.object",
        "DELETE FROM segctl.run",
        "UPDATE segctl.run SET author = 'x'",
        "ALTER TABLE segctl.audit DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_no_update ON segctl.audit",
        "DROP TABLE segctl.audit",
        "DROP SCHEMA segctl CASCADE",
        "CREATE TABLE segctl.mine (id int)",
        "CREATE OR REPLACE FUNCTION segctl.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
    ],
)
def test_neither_can_touch_what_was_told(role, statement):
    address, _ = role
    with psycopg.connect(address, autocommit=True) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement)


def test_neither_can_bring_a_state_up(each_server, now):
    with database(each_server) as address:
        name = f"nobody_{address.partition('?')[0][-16:]}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {name} LOGIN")
        with pytest.raises(Refused, match="does not let this role"):
            upgrade(open_state(address_with(address, user=name)), now)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP ROLE {name}")


@pytest.mark.parametrize(
    "given", ["GRANT CREATE ON DATABASE {db} TO {role}", "CREATE SCHEMA segctl AUTHORIZATION {role}"]
)
def test_an_owner_needs_no_more_than_a_schema_of_its_own(each_server, now, origin, given):
    with database(each_server) as address:
        name = address.partition("?")[0][-23:].rpartition("/")[2]
        role = f"owner_{name}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {role} LOGIN")
            connection.execute(given.format(db=connection.info.dbname, role=role))
        engine = open_state(address_with(address, user=role))

        assert upgrade(engine, now) == 0
        write_everything(engine, origin)

        assert read_everything(engine, now) == (["segment.a", "segment.b"], 3, 6)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")
