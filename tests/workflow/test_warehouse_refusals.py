"""A warehouse that contradicts the catalog, or is not there, stops a run before anything is written."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.casino import Casino, refused


def deployed(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.segment("payers", {"deposit_amount": {"gte": 1}})
    casino.apply()
    casino.later(days=1)
    casino.segment(
        "germans", {"all": [{"country": "DE"}, {"vip_level": {"gte": 1}}, {"deposit_count": {"gte": 0}}]}
    )


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP TABLE payments", ("payments", "catalog.yaml")),
        ("DROP TABLE players", ("players", "catalog.yaml")),
        ("ALTER TABLE players DROP COLUMN vip_level", ("vip_level", "catalog.yaml")),
        ("ALTER TABLE payments RENAME COLUMN occurred_at TO at_", ("occurred_at", "catalog.yaml")),
        ("INSERT INTO players SELECT * FROM players WHERE player_id = 'anna'", ("not unique", "11", "10")),
        ("ALTER TABLE players ALTER vip_level TYPE VARCHAR", ("vip_level", "integer")),
        ("ALTER TABLE players ALTER vip_level TYPE DOUBLE", ("vip_level", "integer")),
        ("ALTER TABLE players ALTER country TYPE INTEGER USING 1", ("country", "string")),
        ("ALTER TABLE payments ALTER occurred_at TYPE VARCHAR", ("occurred_at", "string", "catalog.yaml")),
    ],
)
def test_what_the_catalog_does_not_say_is_refused(casino: Casino, statement: str, words: tuple[str, ...]) -> None:
    deployed(casino)
    casino.sql(statement)

    with refused(casino, *words):
        casino.apply()


@pytest.mark.parametrize(
    "column",
    [
        "players.last_login_at",
        "payments.occurred_at",
    ],
)
def test_a_time_without_a_zone_is_refused(casino: Casino, column: str) -> None:
    deployed(casino)
    table, _, name = column.partition(".")
    casino.segment("awake", {"all": [{"last_login": {"within": "7d"}}, {"deposit_count": {"gte": 1}}]})
    casino.sql(f"ALTER TABLE {table} ALTER {name} TYPE TIMESTAMP")

    with refused(casino, name):
        casino.apply()


@pytest.mark.parametrize("statement", ["DROP TABLE payments", "ALTER TABLE players DROP COLUMN country"])
def test_a_refresh_is_refused_as_well(casino: Casino, statement: str) -> None:
    deployed(casino)
    casino.sql(statement)

    with refused(casino, "catalog"):
        casino.refresh()


def test_money_in_floating_point_is_refused(casino: Casino) -> None:
    deployed(casino)
    casino.sql("ALTER TABLE payments ALTER amount TYPE DOUBLE")

    with refused(casino, "payments", "amount"):
        casino.refresh()


def test_a_missing_warehouse_is_named(casino: Casino) -> None:
    deployed(casino)
    (casino.root / "warehouse.duckdb").unlink()

    with refused(casino, "warehouse.duckdb", "segctl.yaml"):
        casino.apply()


def test_a_file_of_something_else_is_named(casino: Casino) -> None:
    deployed(casino)
    (casino.root / "warehouse.duckdb").write_text("player_id,country\n")

    with refused(casino, "warehouse.duckdb", "not a DuckDB file"):
        casino.apply()


def test_what_no_engine_reads_is_named_by_its_kind(casino: Casino) -> None:
    deployed(casino)
    settings = casino.root / "segctl.yaml"
    settings.write_text(settings.read_text().replace("duckdb:///warehouse.duckdb", "mysql://db/players"))

    with refused(casino, "`mysql`", "duckdb:///"):
        casino.apply()


@contextmanager
def writer(casino: Casino) -> Iterator[int]:
    """Another process that has the warehouse open for writing; its id."""
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read(); c.close()"
    command = [sys.executable, "-c", code, str(casino.root / "warehouse.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process.pid
        process.communicate()


def test_a_warehouse_that_is_being_written_names_the_writer(
    casino: Casino, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(casino)
    monkeypatch.setattr("segctl.warehouse.duckdb.LOCK_WAIT_SECONDS", 0.2)

    with writer(casino) as process, refused(casino, "warehouse.duckdb", f"process {process}"):
        casino.apply()

    casino.apply()


def test_a_plan_without_changes_asks_no_warehouse(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    (casino.root / "warehouse.duckdb").unlink()

    assert casino.plan().empty


def test_only_the_tables_that_rules_use_are_asked_for(casino: Casino) -> None:
    casino.sql("DROP TABLE payments")
    casino.segment("germans", {"country": "DE"})

    casino.apply()

    assert casino.members("germans") == {"anna", "bert", "cara", "dora"}


def test_facts_of_players_without_a_row_are_left_out(casino: Casino) -> None:
    casino.deposit("nobody", 10)
    casino.sql("INSERT INTO players VALUES (NULL, 'DE', 1, NULL, NULL, ?)", casino.now)
    casino.segment("payers", {"any": [{"deposit_amount": {"gte": 1}}, {"country": "DE"}]})

    casino.apply()

    assert casino.members("payers") == {"anna", "bert", "cara", "dora", "emil", "gwen", "hugo"}
