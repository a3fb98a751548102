"""PostgreSQL as a warehouse: what is read of its types, that nothing is written, and what is said when it fails."""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest

from segctl.base.errors import Refused
from segctl.members.facts import facts, texts
from segctl.members.read import Read
from segctl.model.catalog import EventColumn, EventTable
from segctl.model.operators import FieldType
from segctl.model.rule import Compare, Group, Test
from segctl.model.time import BEGINNING, micros
from segctl.sql.questions import AskMoments, AskPlayers, AskRows, AskSlices
from segctl.sql.statements import WHOLE, Slice
from segctl.warehouse import postgres as postgres_module
from segctl.warehouse import postgres_link
from segctl.warehouse.check.types import READS
from segctl.warehouse.look import look_at
from segctl.warehouse.postgres_link import linked
from segctl.warehouse.postgres_links import LINKS, all_linked
from segctl.warehouse.read import open_warehouse
from tests.support.postgres import url

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
PLAYERS = AskPlayers("players", "id", ())
SECRET = "s3cr3t-Passw0rd"


def run(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def reading(address: str) -> Iterator[Read]:
    with open_warehouse(address, UTC_ZONE) as read:
        yield read


def value(address: str, stored: str, kind: FieldType, timezone: str | None = None) -> Any:
    """What a run reads of a value, written in SQL with its type."""
    run(address, f"DROP TABLE IF EXISTS t; CREATE TABLE t AS SELECT 1 AS id, {stored} AS c")
    with reading(address) as read:
        answer = read(AskRows("t", "id", "1", (("c", timezone),)), WHOLE)["c0"]
    if kind == "list":
        return texts(answer, "t.c")
    return facts(answer, kind, "t.c", timezone=timezone or "UTC")[0]


@pytest.mark.parametrize(
    ("stored", "kind", "read"),
    [
        ("'DE'::char(5)", "string", "DE"),
        ("'ß😀'::varchar", "string", "ß😀"),
        ("'de'::name", "string", "de"),
        ("'00000000-0000-0000-0000-00000000000a'::uuid", "string", "00000000-0000-0000-0000-00000000000a"),
        ("ARRAY['a', NULL, 'b']::varchar[]", "list", ("a", "b")),
        ("ARRAY[['a', 'b'], ['c', 'd']]", "list", ("a", "b", "c", "d")),
        ("7::smallint", "integer", 7),
        ("9223372036854775807", "integer", 2**63 - 1),
        ("12::numeric(30, 0)", "integer", 12),
        ("0.1::real::float8::numeric(10, 1)", "number", 0.1),
        ("'NaN'::float8", "number", None),
        ("'NaN'::numeric", "number", None),
        ("'Infinity'::float8", "number", float("inf")),
        ("1e-400::numeric", "number", 0.0),
        ("12345678901234567890.12::numeric", "money", Decimal("12345678901234567890.12")),
        ("-0.5::numeric(12, 4)", "money", Decimal("-0.5")),
        ("19::int", "money", Decimal(19)),
        ("'infinity'::date", "date", date.max),
        ("'-infinity'::date", "date", date.min),
        ("'0044-03-15 BC'::date", "date", date.min),
        ("'infinity'::timestamptz", "datetime", datetime.max.replace(tzinfo=UTC)),
        ("'-infinity'::timestamp", "datetime", datetime.min.replace(tzinfo=UTC)),
        ("'2025-03-30 12:00+02'::timestamptz", "datetime", datetime(2025, 3, 30, 10, tzinfo=UTC)),
        ("NULL::timestamptz", "datetime", None),
        ("true", "boolean", True),
    ],
)
def test_what_is_stored_is_read_as_its_type(postgres: str, stored: str, kind: FieldType, read: Any) -> None:
    assert value(postgres, stored, kind) == read


def test_a_naive_time_is_of_its_declared_zone(postgres: str) -> None:
    read = value(postgres, "timestamp '2025-07-01 12:00'", "datetime", "Europe/Berlin")

    assert read == datetime(2025, 7, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "stored",
    ["'{}'::json", "'{}'::jsonb", "'12.50'::money", "'1 day'::interval", "'\\x00'::bytea", "'{1}'::int[]"],
)
def test_a_type_that_is_none_of_the_catalog_is_refused_by_name(postgres: str, stored: str) -> None:
    with pytest.raises(Refused, match=r"t\.c is .*which segctl does not read") as refusal:
        value(postgres, stored, "money")

    assert refusal.value.help


@pytest.mark.parametrize("stored", ["'NaN'::numeric", "1.5::float8", "repeat('9', 60)::numeric"])
def test_money_that_is_not_exact_is_refused(postgres: str, stored: str) -> None:
    with pytest.raises(Refused, match="declared as money"):
        value(postgres, stored, "money")


STORED = (
    *("text", "varchar(9)", "char(3)", "name", "uuid", "mood", "words", "smallint", "int", "bigint"),
    *(
        "numeric(9,2)",
        "numeric(9,0)",
        "numeric(5,-2)",
        "numeric",
        "amount",
        "real",
        "float8",
        "boolean",
        "date",
        "timestamp(3)",
    ),
    *("timestamptz", "text[]", "mood[]", "varchar(3)[]", "int[]", "json", "jsonb", "money", "bytea", "time"),
    *("interval", "inet", "oid", "int4range", "bit(3)", "xid"),
)


@pytest.mark.parametrize("kind", [kind for kind in READS if kind != "list"])
def test_the_check_reads_what_a_run_reads(postgres: str, kind: FieldType) -> None:
    """A type passes the check if, and only if, members can be made of it."""
    run(
        postgres,
        "CREATE TYPE mood AS ENUM ('x')",
        "CREATE DOMAIN words AS varchar(9)",
        "CREATE DOMAIN amount AS numeric(9,2)",
        *(f"CREATE TABLE t{i} (c {stored})" for i, stored in enumerate(STORED)),
    )
    with look_at(postgres) as look:
        tables = look.tables()
    kinds = {i: tables.table(f"t{i}").columns[0].kind for i in range(len(STORED))}  # type: ignore[union-attr]

    with reading(postgres) as read:
        readable = {STORED[i]: _readable(read, f"t{i}", kind) for i in range(len(STORED))}

    assert readable == {STORED[i]: kinds[i] in READS[kind] for i in range(len(STORED))}


def _readable(read: Read, table: str, kind: FieldType) -> bool:
    try:
        answer = read(AskRows(table, "c", "", (("c", None),)), WHOLE)
        facts(answer["c0"], kind, "t.c", timezone="UTC")
    except Refused:
        return False
    return True


def test_text_is_compared_as_it_is_stored(postgres: str) -> None:
    """An enumeration does not know every word, and blanks at the end of char(n) are not stored."""
    run(
        postgres,
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        "CREATE TABLE players (id uuid PRIMARY KEY)",
        "CREATE TABLE bets (id int, player uuid, at timestamptz, mood mood, land char(4))",
        "INSERT INTO players VALUES ('00000000-0000-0000-0000-000000000001'), ('00000000-0000-0000-0000-000000000002')",
        "INSERT INTO bets SELECT 1, id, '2025-01-01', 'ok', 'DE' FROM players LIMIT 1",
    )
    columns = (EventColumn("mood", "string", "mood"), EventColumn("land", "string", "land"))
    bets = EventTable("bets", "bets", "id", "player", "at", columns)
    where = Group("all", (Compare("mood", (Test("in", ("ok", "furious")),)), Compare("land", (Test("eq", "DE"),))))

    with reading(postgres) as read:
        answer = read(AskMoments(bets, where, BEGINNING, micros(NOW)), WHOLE)

    assert answer["player"].to_pylist() == ["00000000-0000-0000-0000-000000000001"]


def test_a_condition_may_list_more_values_than_there_are_parameters(postgres: str) -> None:
    run(
        postgres,
        "CREATE TABLE bets AS SELECT n AS id, n::text AS player, timestamptz '2025-01-01' AS at, 'g' || n AS game "
        "FROM generate_series(1, 3) AS n",
    )
    bets = EventTable("bets", "bets", "id", "player", "at", (EventColumn("game", "string", "game"),))
    games = tuple(f"g{number}" for number in range(2, 70_000))

    with reading(postgres) as read:
        inside = read(AskMoments(bets, Compare("game", (Test("in", games),)), BEGINNING, micros(NOW)), WHOLE)
        outside = read(AskMoments(bets, Compare("game", (Test("not_in", games),)), BEGINNING, micros(NOW)), WHOLE)

    assert sorted(inside["player"].to_pylist()) == ["2", "3"]
    assert outside["player"].to_pylist() == ["1"]


def test_names_without_a_schema_are_those_of_public(postgres: str) -> None:
    run(
        postgres,
        "CREATE TABLE players (id text)",
        "CREATE SCHEMA other CREATE TABLE players (id text)",
        "INSERT INTO players VALUES ('a')",
        "INSERT INTO other.players VALUES ('b')",
        "CREATE FUNCTION starts_with(varchar, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    )
    run(postgres, f"ALTER DATABASE {postgres.rpartition('/')[2].partition('?')[0]} SET search_path = other")

    with reading(postgres) as read:
        assert read(PLAYERS, WHOLE)["player"].to_pylist() == ["a"]
        assert read(replace(PLAYERS, table="other.players"), WHOLE)["player"].to_pylist() == ["b"]


def test_a_run_sees_one_moment(postgres: str) -> None:
    run(postgres, "CREATE TABLE players (id text)", "INSERT INTO players VALUES ('a')")

    with reading(postgres) as read:
        read(PLAYERS, WHOLE)
        run(postgres, "INSERT INTO players VALUES ('b')")
        assert read(PLAYERS, WHOLE)["player"].to_pylist() == ["a"]

    with reading(postgres) as read:
        assert sorted(read(PLAYERS, WHOLE)["player"].to_pylist()) == ["a", "b"]


@pytest.mark.parametrize("bound", [NOW, date(2025, 3, 1), "a", 1, [1, 2]])
def test_all_connections_of_a_run_see_one_moment_whatever_is_bound(postgres: str, bound: Any) -> None:
    run(postgres, "CREATE TABLE players (id text)", "INSERT INTO players VALUES ('a')")
    everybody = "SELECT count(*) AS n FROM players"
    settings = "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"

    with all_linked(postgres) as links:
        links.first.ask("SELECT $1 IS NULL", [bound])
        links.open()
        links.tell([(everybody, [])])
        assert len(links.all) == LINKS
        assert links.ask(everybody, [])["n"].to_pylist() == [1]
        run(postgres, "INSERT INTO players VALUES ('b')")
        for link in links.all:
            link.ask("SELECT $1 IS NULL", [bound])
            assert link.rows(everybody) == [(1,)]
            assert link.rows(settings) == [("repeatable read", "on")]


def test_only_what_is_asked_alone_is_not_divided_by_the_server(postgres: str) -> None:
    workers = "SELECT current_setting('max_parallel_workers_per_gather') AS of_one, 1 + $1 AS two"
    address = f"{postgres}{'&' if '?' in postgres else '?'}options=-c%20max_parallel_workers_per_gather%3D5"

    with all_linked(address) as links:
        links.open()
        links.tell([(workers, [number]) for number in range(3)], alone=True)
        links.tell([(workers, [number]) for number in range(3, 6)])
        found = [links.ask(workers, [number])["of_one"].to_pylist() for number in range(6)]
        untold = [links.ask(workers, [9], alone=alone)["of_one"].to_pylist() for alone in (True, False, True)]

    assert found == [["0"]] * 3 + [["5"]] * 3
    assert untold == [["0"], ["5"], ["0"]]


@pytest.mark.parametrize("key", ["text", "bigint", "uuid", "char(40)", "numeric(9,0)", "numeric"])
def test_slices_of_players_hold_everybody_once(postgres: str, key: str) -> None:
    """Whatever the keys are, and though another table stores them as another text."""
    id_ = "md5(n::text)::uuid" if key == "uuid" else "n"
    run(
        postgres,
        f"CREATE TABLE players AS SELECT ({id_})::{key} AS id FROM generate_series(1, 25) AS n",
        "CREATE TABLE vips AS SELECT id::varchar AS id FROM players"
        if key == "text"
        else "CREATE VIEW vips AS TABLE players",
    )

    with reading(postgres) as read:
        lows = read(AskSlices("players", "id", 7), WHOLE)["player"].to_pylist()
        slices = [Slice(low, high) for low, high in pairwise([*lows, None])]
        for table in ("players", "vips"):
            found = [read(AskPlayers(table, "id", ()), part)["player"].to_pylist() for part in slices]
            assert [len(ids) for ids in found] == [7, 7, 7, 4]
            assert len({id_ for ids in found for id_ in ids}) == 25


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_the_zone_of_the_server_does_not_matter(postgres: str, zone: str) -> None:
    run(postgres, f"ALTER DATABASE {postgres.rpartition('/')[2].partition('?')[0]} SET timezone = '{zone}'")

    assert value(postgres, "timestamp '2025-07-01 12:00'", "datetime") == datetime(2025, 7, 1, 12, tzinfo=UTC)


# a role that may read


@pytest.fixture
def reader(postgres: str) -> Iterator[str]:
    """The address for a role that may read `players`, and `secrets` not."""
    name = f"reader_{uuid4().hex[:8]}"
    run(
        postgres,
        f"CREATE ROLE {name} LOGIN PASSWORD '{SECRET}'",
        "CREATE TABLE players (id text PRIMARY KEY)",
        "INSERT INTO players VALUES ('a')",
        "CREATE TABLE secrets (id text)",
        "CREATE SEQUENCE tickets",
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT ON players TO {name}",
    )
    yield url(postgres, user=name, password=SECRET)
    run(postgres, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


def test_a_role_with_select_is_enough(reader: str) -> None:
    with reading(reader) as read:
        assert read(PLAYERS, WHOLE)["player"].to_pylist() == ["a"]
        assert read.rows("SELECT id FROM players WHERE :as_of > '2025-01-01'", NOW).to_pylist() == ["a"]
    with look_at(reader) as look:
        tables = look.tables()

    assert [table.name for table in tables.tables] == ["players"]
    assert tables.unreadable == ("secrets",)


WRITES = ("DELETE FROM players", "CREATE TABLE other (id int)", "SELECT nextval('tickets')", "TRUNCATE players")


@pytest.mark.parametrize("statement", [*WRITES, "CREATE TEMP TABLE other (id int)"])
def test_nothing_can_be_written(reader: str, postgres: str, statement: str) -> None:
    for address in (reader, postgres):
        with linked(address) as link, pytest.raises(Refused, match=r"read-only|permission denied"):
            link.ask(statement)
    with psycopg.connect(postgres) as connection:
        assert connection.execute("SELECT count(*) FROM players").fetchone() == (1,)


# what is said when it fails


def said(refusal: pytest.ExceptionInfo[Refused]) -> str:
    assert refusal.value.help, "a refusal names the way out"
    text = "\n".join((refusal.value.message, *refusal.value.help))
    assert SECRET not in text
    assert SECRET not in str(refusal.getrepr(chain=True)).replace(f"reader = '{SECRET}'", "")
    return text


def test_a_table_that_may_not_be_read_names_the_grant(reader: str) -> None:
    with reading(reader) as read, pytest.raises(Refused) as refusal:
        read(replace(PLAYERS, table="secrets"), WHOLE)

    assert "secrets" in said(refusal)
    assert "GRANT SELECT" in said(refusal)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"host": "/nowhere"}, "No such file"),
        ({"host": "127.0.0.1", "port": "1"}, "refused"),
        ({"dbname": "no_such_database"}, "no_such_database"),
        ({"user": "no_such_role"}, "no_such_role"),
        ({"host": "no.such.host.invalid"}, "segctl.yaml"),
        ({"no_such_option": "1"}, "segctl.yaml"),
    ],
)
def test_a_server_that_does_not_let_in_is_named(postgres: str, changed: dict[str, str], word: str) -> None:
    with pytest.raises(Refused) as refusal, reading(url(postgres, password=SECRET, **changed)):
        pass

    assert word in said(refusal)


@pytest.mark.parametrize("address", [f"postgresql://u:{SECRET}%zz@h/d", f"postgresql://u:{SECRET}@h:port/d"])
def test_an_address_that_is_none_does_not_tell_the_password(address: str) -> None:
    with pytest.raises(Refused) as refusal, reading(address):
        pass

    assert "segctl.yaml" in said(refusal)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        (AskPlayers("nobody", "id", ()), "table nobody"),
        (AskPlayers("other.players", "id", ()), "table other.players"),
        (AskPlayers("players", "key", ()), "column key of players"),
    ],
)
def test_what_the_catalog_says_and_the_database_has_not(reader: str, question: AskPlayers, word: str) -> None:
    with reading(reader) as read, pytest.raises(Refused) as refusal:
        read(question, WHOLE)

    assert word in said(refusal)
    assert "catalog" in said(refusal)


def test_a_statement_that_takes_too_long_is_stopped(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_module, "QUERY_SECONDS", 0.2)
    endless = "SELECT count(*)::text FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b"

    with reading(postgres) as read, pytest.raises(Refused) as refusal:
        read.rows(endless, NOW)

    assert "stopped a statement" in said(refusal)


def test_a_locked_table_is_told(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_link, "_SET", postgres_link._SET + ", set_config('lock_timeout', '100ms', true)")
    run(postgres, "CREATE TABLE players (id text)")
    with psycopg.connect(postgres) as writer:
        writer.execute("LOCK players IN ACCESS EXCLUSIVE MODE")

        with reading(postgres) as read, pytest.raises(Refused) as refusal:
            read(PLAYERS, WHOLE)

    assert "locked" in said(refusal)


def test_a_connection_that_is_cut_is_told(postgres: str) -> None:
    run(postgres, "CREATE TABLE players (id text)")
    with reading(postgres) as read:
        read(PLAYERS, WHOLE)
        run(
            postgres,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'segctl' AND datname = current_database()",
        )

        with pytest.raises(Refused) as refusal:
            read(PLAYERS, WHOLE)

    assert "broke off" in said(refusal)
    assert "again" in said(refusal)


def test_a_value_that_does_not_fit_is_not_quoted(postgres: str) -> None:
    run(postgres, f"CREATE TABLE t AS SELECT 1 AS id, now() AS at, '{SECRET}'::text AS score")
    events = EventTable("t", "t", "id", "id", "at", (EventColumn("score", "number", "score"),))
    where = Compare("score", (Test("gt", 1.0),))

    with reading(postgres) as read, pytest.raises(Refused) as refusal:
        read(AskMoments(events, where, BEGINNING, micros(datetime.now(UTC))), WHOLE)

    assert "cannot be read as the catalog says" in refusal.value.message
    assert SECRET not in refusal.value.message


def test_without_the_drivers_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(Refused) as refusal, reading("postgresql://u@h/d"):
        pass

    assert "pip install 'segctl[postgres]'" in said(refusal)


def test_ctrl_c_cancels_what_runs(postgres: str) -> None:
    """In a process of its own, since the signal is for the whole of one."""
    code = """
import sys
from segctl.warehouse.postgres_link import linked
from segctl.warehouse.postgres_links import LINKS, all_linked
with linked(sys.argv[1]) as link:
    print("open", flush=True)
    try:
        link.ask("SELECT pg_sleep(600)::text AS slept")
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""
    command = [sys.executable, "-c", code, postgres]
    with (
        psycopg.connect(postgres, autocommit=True) as other,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        while not _running(other):
            pass
        process.send_signal(signal.SIGINT)
        try:
            assert process.communicate(timeout=30)[0] == "interrupted\n"
        finally:
            process.kill()
        assert not _running(other)


def _running(connection: psycopg.Connection) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()"
    row = connection.execute(query).fetchone()
    return row is not None and row[0] > 0
