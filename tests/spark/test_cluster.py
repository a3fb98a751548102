"""A real Spark: the same members, also when an executor is killed, and what Sail does not have.

The whole language and random worlds; tables of a catalog; collations and char(n); statements that are stopped.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings

from segctl.base.errors import Refused
from segctl.model.catalog import EventColumn, EventTable
from segctl.model.rule import Compare, Test
from segctl.model.tables import StoredColumn
from segctl.model.time import BEGINNING, micros
from segctl.sql.questions import AskGrouped, AskMoments, AskPlayers, Measured
from segctl.sql.statements import WHOLE
from segctl.warehouse import spark as engine
from segctl.warehouse.look import look_at
from segctl.warehouse.read import open_warehouse
from segctl.warehouse.spark_session import Session, in_session
from tests.meaning.cases import answered
from tests.meaning.test_meaning import CASES
from tests.spark.cluster import WORKERS
from tests.support.engine import found_by_spark
from tests.support.engines import _spark
from tests.support.generate import World, entries, expected, worlds
from tests.test_differential import WORLDS
from tests.warehouse.test_spark import NOW, UTC_ZONE, said

pytestmark = pytest.mark.spark
SPARK_WORLDS = max(WORLDS // 10, 1)
ENDLESS = (
    "SELECT count(*) AS number FROM range(1000000) AS a CROSS JOIN range(1000000) AS b WHERE a.id * b.id % 7 = 3"
)


@pytest.fixture
def schema(spark_server: str) -> Iterator[tuple[Session, str]]:
    """A session that may write, and the address of a schema of its own."""
    name = f"s_{uuid4().hex[:12]}"
    with in_session(spark_server) as session:
        session.ask(f"CREATE SCHEMA {name}")
        session.spark.catalog.setCurrentDatabase(name)
        yield session, f"{spark_server}?catalog=spark_catalog&schema={name}"
        session.ask(f"DROP SCHEMA {name} CASCADE")


def test_it_is_spark(spark_server: str) -> None:
    with in_session(spark_server) as session:
        assert session.rows("SELECT version() AS v")[0][0].startswith("4.")


def test_the_whole_language_means_the_same(spark_server: str, tmp_path: Path) -> None:
    found = answered(CASES, partial(_spark, folder=tmp_path, server=spark_server))

    assert {case.says: found[case.says] for case in CASES} == {case.says: case.members for case in CASES}


@settings(
    max_examples=SPARK_WORLDS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=WORLDS == 50
)
@given(world=worlds())
def test_spark_finds_the_members_that_the_oracle_defines(spark_server: str, world: World) -> None:
    answer = found_by_spark(world, spark_server)

    assert answer.members == expected(world)
    assert answer.entered == entries(world)


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(world=worlds())
def test_slices_of_players_change_nothing(spark_server: str, world: World) -> None:
    assert found_by_spark(world, spark_server, slice_size=5).members == expected(world)


# an executor that is killed

STAKES = EventTable(
    "bets",
    "bets",
    "id",
    "player",
    "at",
    (EventColumn("stake", "money", "stake"), EventColumn("game", "string", "game")),
)
BETS = """
    CREATE VIEW bets AS SELECT id, concat('p', pmod(xxhash64(id), 20000)) AS player,
        timestamp_seconds(1700000000 + pmod(id, 30000000)) AS at, CAST(id % 1000 AS DECIMAL(12, 2)) / 7 AS stake,
        concat('game ', id % 50) AS game
    FROM range(0, 15000000, 1, 40)
"""
QUESTION = AskGrouped(
    STAKES,
    (1_707_500_000_000_000, micros(NOW)),
    lifetime=True,
    keys=(),
    filters=(Compare("game", (Test("contains", "4"),)), None),
    measures=(Measured("sum", 0, "stake"), Measured("count", 1), Measured("max", 1, "stake")),
)


def test_an_executor_that_is_killed_changes_no_answer(schema: tuple[Session, str]) -> None:
    session, address = schema
    session.ask(BETS)
    with open_warehouse(address, UTC_ZONE) as read, ThreadPoolExecutor(1) as worker:
        whole = _rows(read(QUESTION, WHOLE))
        again = worker.submit(read, QUESTION, WHOLE)
        (first, *_) = before = executors()
        started = {pid: _ticks(pid) for pid in before}
        while any(_ticks(pid) - started[pid] < 50 for pid in before):
            assert not again.done(), "the question is answered before anybody was killed"
        os.kill(first, signal.SIGKILL)
        killed_meanwhile = not again.done()
        answer = _rows(again.result())

    assert killed_meanwhile
    assert first not in executors()
    assert len(whole) > 20_000
    assert answer == whole


def _rows(answer: object) -> list[tuple[object, ...]]:
    return sorted(tuple(row.values()) for row in answer.to_pylist())  # type: ignore[attr-defined]


def executors() -> list[int]:
    """The processes that the workers started and that live."""
    workers = {int(pid) for pid in os.environ[WORKERS].split(",")}
    processes = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    stats = {pid: stat for pid in processes if (stat := _stat(pid))}
    return sorted(pid for pid, (state, parent, *_) in stats.items() if int(parent) in workers and state != "Z")


def _ticks(pid: int) -> int:
    """How long a process has worked, in hundredths of a second; a dead one not at all."""
    stat = _stat(pid)
    return int(stat[11]) if stat else 0


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


# tables of a catalog

TYPES = {
    "id CHAR(6)": ("text", "char(6)"),
    "v VARCHAR(9)": ("text", "varchar(9)"),
    "s STRING COLLATE UNICODE_CI": ("text", "string collate UNICODE_CI"),
    "y TINYINT": ("integer", "tinyint"),
    "b BIGINT": ("integer", "bigint"),
    "d DECIMAL(12, 2)": ("decimal", "decimal(12,2)"),
    "e DECIMAL(9, 0)": ("integer", "decimal(9,0)"),
    "f FLOAT": ("float", "float"),
    "o BOOLEAN": ("boolean", "boolean"),
    "a DATE": ("date", "date"),
    "t TIMESTAMP": ("instant", "timestamp"),
    "n TIMESTAMP_NTZ": ("naive", "timestamp_ntz"),
    "l ARRAY<STRING>": ("texts", "array<string>"),
    "m MAP<STRING, INT>": ("other", "map<string,int>"),
    "x BINARY": ("other", "binary"),
}


def test_columns_are_told_as_spark_spells_them(schema: tuple[Session, str]) -> None:
    session, address = schema
    session.ask(f"CREATE TABLE kinds ({', '.join(TYPES)}) USING parquet")

    with look_at(address) as look:
        (table,) = look.tables().tables

    assert table.name == "kinds"
    named = ((declared.partition(" ")[0], *told) for declared, told in TYPES.items())
    assert table.columns == tuple(StoredColumn(name, kind, spelled) for name, kind, spelled in named)  # type: ignore[arg-type]


def test_text_is_compared_by_its_bytes_and_char_without_its_blanks(schema: tuple[Session, str]) -> None:
    session, address = schema
    session.ask("CREATE TABLE players (id CHAR(6)) USING parquet")
    session.ask("INSERT INTO players VALUES ('a'), ('b')")
    session.ask(
        "CREATE TABLE bets (id INT, player CHAR(6), at TIMESTAMP, game STRING COLLATE UNICODE_CI) USING parquet"
    )
    session.ask(
        "INSERT INTO bets VALUES (1, 'a', TIMESTAMP '2025-01-01', 'Poker'), (2, 'b', TIMESTAMP '2025-01-01', 'poker')"
    )
    bets = EventTable("bets", "bets", "id", "player", "at", (EventColumn("game", "string", "game"),))

    with open_warehouse(address, UTC_ZONE) as read:
        assert sorted(read(AskPlayers("players", "id", ()), WHOLE)["player"].to_pylist()) == ["a", "b"]
        for test in (
            Test("eq", "poker"),
            Test("in", ("poker", "x")),
            Test("contains", "pok"),
            Test("starts_with", "p"),
        ):
            answer = read(AskMoments(bets, Compare("game", (test,)), BEGINNING, micros(NOW)), WHOLE)
            assert answer["player"].to_pylist() == ["b"]


def test_tables_of_another_schema_are_named_with_it(schema: tuple[Session, str], spark_server: str) -> None:
    session, address = schema
    session.ask("CREATE TABLE players (id STRING) USING parquet")
    session.ask("INSERT INTO players VALUES ('a')")
    name = address.rpartition("=")[2]

    with open_warehouse(spark_server, UTC_ZONE) as read:
        assert read(AskPlayers(f"{name}.players", "id", ()), WHOLE)["player"].to_pylist() == ["a"]
    with look_at(spark_server, [f"{name}.players", f"{name}.bets"]) as look:
        assert [table.name for table in look.tables().tables] == [f"{name}.players"]


@pytest.mark.parametrize(
    ("options", "word"),
    [("?catalog=nowhere", "nowhere"), ("?schema=nowhere", "nowhere")],
)
def test_a_catalog_that_is_not_there_is_named(spark_server: str, options: str, word: str) -> None:
    with pytest.raises(Refused) as refusal, open_warehouse(f"{spark_server}{options}", UTC_ZONE):
        pass

    assert word in said(refusal)


# what is stopped


def test_a_statement_that_takes_too_long_is_stopped(
    schema: tuple[Session, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, address = schema
    session.ask(f"CREATE VIEW endless AS {ENDLESS}")
    monkeypatch.setattr(engine, "QUERY_SECONDS", 3.0)

    with open_warehouse(address, UTC_ZONE) as read:
        with pytest.raises(Refused) as refusal:
            read.rows("SELECT number FROM endless", NOW)
        assert read.rows("SELECT 'the session goes on'", NOW).to_pylist() == ["the session goes on"]

    assert "3 seconds" in said(refusal)


def test_ctrl_c_stops_what_runs(spark_server: str) -> None:
    """In a process of its own, since the signal is for the whole of one."""
    script = Path(__file__).parent / "interrupted.py"
    command = [sys.executable, str(script), spark_server, ENDLESS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        started = sum(map(_ticks, executors()))
        while sum(map(_ticks, executors())) - started < 50:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        try:
            assert process.communicate(timeout=60)[0] == "interrupted\n1\n"
        finally:
            process.kill()
