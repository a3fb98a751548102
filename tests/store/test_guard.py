"""Tables that tell what happened are appended to and never changed, whoever asks and however."""

from __future__ import annotations

import psycopg
import pytest
from pyroaring import BitMap
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from segctl.store import history
from segctl.store.audit import Entry, append, seal
from segctl.store.define import Definition, create
from segctl.store.engine import reading, writing
from segctl.store.history import Change
from segctl.store.origin import Origin
from segctl.store.tables import AUDIT, CHANGE
from segctl.store.verify import verify

ON_POSTGRES = pytest.mark.parametrize("url", ["postgres"], indirect=True)
ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
TABLES = ("audit", "version", "change")
# what texts may hold: quotes, controls, signs beyond the BMP, separators of lines, combining marks, much of it
HOSTILE = (
    "",
    "plain",
    "it's \"quoted\" and 'quoted' and $$ and \\ and \\u0041 and \\\\",
    "".join(map(chr, range(1, 0x20))),
    "\x7f\x80\x9f\xa0\xad",
    "\u2028\u2029\u200b\u202e\ufeff\ufffe\uffff",
    "e\u0301 é ß İ ﬀ 美咲 🎰👩‍👩‍👧 \U0010ffff",
    "{}[]:,null,NULL,\t\r\n\b\f/",
    "%s %(x)s :name ? {0}",
    "x" * 100_000,
    "🎰" * 20_000,
)


@pytest.fixture
def told(engine, origin):
    """A state with a row in each guarded table."""
    with writing(engine, lock_timeout_seconds=1) as connection:
        written = create(connection, origin, [Definition("segment", "vip", "{}")])
        history.record(connection, 1, origin.at, [Change(1, "data", "joined", BitMap([1, 2]))])
        append(connection, origin, [one.entry() for one in written])
    return engine


def named(engine, table):
    return f"segctl.{table}" if engine.dialect.name == "postgresql" else f'"{table}"'


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET at = 'x'", "UPDATE {} SET serial = serial", "DELETE FROM {}"]
)
def test_rows_cannot_be_changed(told, table, statement):
    with (
        pytest.raises(DatabaseError, match=f"{table} is append-only"),
        writing(told, lock_timeout_seconds=1) as connection,
    ):
        connection.exec_driver_sql(statement.format(named(told, table)))


@ON_POSTGRES
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE {}",
        "TRUNCATE {} CASCADE",
        "UPDATE {} SET at = 'x' WHERE false",
        "MERGE INTO {} t USING (VALUES (1)) v (one) ON true WHEN MATCHED THEN DELETE",
    ],
)
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_rows_cannot_be_changed_in_other_ways(told, url, table, statement, role):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"SET session_replication_role = {role}")
        with pytest.raises(psycopg.Error, match=f"{table} is append-only"):
            connection.execute(statement.format(named(told, table)))


@ON_POSTGRES
def test_truncating_what_is_referred_to_is_refused(told, url):
    with psycopg.connect(url, autocommit=True) as connection, pytest.raises(psycopg.Error, match="append-only"):
        connection.execute("TRUNCATE segctl.object CASCADE")
    with reading(told) as connection:
        assert verify(connection) == []


@ON_SQLITE
@pytest.mark.parametrize("table", TABLES)
def test_a_row_cannot_be_replaced(told, table):
    with (
        pytest.raises(DatabaseError, match=f"{table} is append-only"),
        writing(told, lock_timeout_seconds=1) as connection,
    ):
        connection.exec_driver_sql(f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}"')


def test_erasure_may_rewrite_the_players_of_a_change(told):
    with writing(told, lock_timeout_seconds=1) as connection:
        connection.execute(update(CHANGE).values(players=BitMap([2]).serialize(), count=1))

    with reading(told) as connection:
        assert [one.count for one in history.for_segment(connection, 1)] == [1]


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_what_the_database_seals_is_what_python_seals(engine, origin, hostile):
    at = Origin(1, origin.at, hostile, plan_id=hostile, commit_id=hostile, actor={hostile: [hostile, None, 1.5]})
    entries = [
        Entry(hostile, hostile, hostile, hostile, {hostile: {"deep": [hostile, 1, True, None]}}),
        Entry("refresh"),
    ]
    with writing(engine, lock_timeout_seconds=1) as connection:
        append(connection, at, entries)
        append(connection, Origin(2, origin.at, "Ann"), [Entry("refresh")])

    with reading(engine) as connection:
        rows = connection.execute(select(AUDIT).order_by(AUDIT.c.seq)).all()
        assert verify(connection) == []
    assert [row.hash for row in rows] == [seal(row) for row in rows]
    assert (rows[0].action, rows[0].address, rows[0].plan_id) == (hostile, hostile, hostile)
    assert [row.plan_id for row in rows[1:]] == [hostile, None]


def test_many_rows_at_once(engine, origin):
    with writing(engine, lock_timeout_seconds=1) as connection:
        done = append(connection, origin, (Entry("create", f"segment.s{i}", None, "d") for i in range(2_000)))

    assert (done.first, done.last) == (1, 2_000)
    with reading(engine) as connection:
        assert [one.problem for one in verify(connection) if one.seq is not None] == []


@ON_POSTGRES
def test_a_function_of_the_owner_cannot_be_called_by_everybody(engine, url):
    with psycopg.connect(url, autocommit=True) as connection:
        role = f"{connection.info.dbname}_n"
        connection.execute(f"CREATE ROLE {role}; GRANT USAGE ON SCHEMA segctl TO {role}; SET ROLE {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT segctl.append_audit(1, 'p', 'c', 'a', '{}', '{}', '{}', '{}', '{}')")
        connection.execute(f"RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}")
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM segctl.audit")).scalar_one() == 0
