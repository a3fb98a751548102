"""Refusals, mistakes and reports of bugs: they repeat no password, no id and no personal value."""

import sqlite3
from pathlib import Path

import duckdb
import psycopg
import pytest

from tests.cli.conftest import Cli
from tests.cli.test_canary import PASSWORD, edited, leaks, planted
from tests.support.postgres_world import write_tables
from tests.support.spark_world import write_parquet


@pytest.mark.parametrize(
    ("state", "warehouse"),
    [
        ("sqlite:///.segctl/state.db", f"postgresql://crm:{PASSWORD}@db/players"),
        ("sqlite:///.segctl/state.db", f"sc://127.0.0.1:1/;use_ssl=true;token={PASSWORD}?catalog=main"),
        ("sqlite:///.segctl/state.db", f"sc://127.0.0.1:port?token={PASSWORD}"),
        ("sqlite:///.segctl/state.db", f"duckdb:///missing.duckdb?password={PASSWORD}"),
        (f"postgresql://crm:{PASSWORD}@db/state", "duckdb:///warehouse.duckdb"),
        (f"postgresql://db/state?password={PASSWORD}", "duckdb:///warehouse.duckdb"),
        (f"sqlite:///.segctl/state.db?password={PASSWORD}", "duckdb:///warehouse.duckdb"),
    ],
)
def test_passwords_of_databases_are_not_repeated(
    cli: Cli, state: str, warehouse: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(reports))
    monkeypatch.setenv("CASINO_STATE", state)
    monkeypatch.setenv("CASINO_WAREHOUSE", warehouse)
    planted(cli.casino)

    for verb in (("plan",), ("apply", "--auto-approve"), ("refresh",), ("list",), ("audit", "log", "--json")):
        said = cli(*verb, "--env", "secret")

        assert leaks(said.out + said.err) == []
    assert [leaks(path.read_text()) for path in reports.iterdir()] == []


def test_a_report_of_a_bug_names_nobody(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(reports))
    planted(cli.casino)
    cli.casino.apply()
    with sqlite3.connect(cli.casino.state) as state:
        state.execute("UPDATE private SET content = CAST('{\"canary@example.org' AS BLOB)")
        state.execute("UPDATE player_chunk SET ids = CAST('canary-known' AS BLOB)")
        state.execute("UPDATE membership SET members = CAST('canary-known' AS BLOB)")
    edited(cli.casino)

    codes = [cli.at(*one).code for one in (("plan",), ("refresh",), ("apply", "--auto-approve"))]
    codes += [cli(*one).code for one in (("members", "listed"), ("player", "canary-known"))]

    assert 3 in codes
    assert [leaks(path.read_text()) for path in reports.iterdir()] == [[]] * len(list(reports.iterdir()))


@pytest.mark.parametrize(
    "facts",
    [
        "INSERT INTO players SELECT * FROM players WHERE player_id = 'canary-known'",
        "ALTER TABLE players ALTER vip_level TYPE VARCHAR USING 'canary@example.org'",
        "ALTER TABLE players ALTER email TYPE BLOB USING email::BLOB",
        "UPDATE payments SET amount = 9999999999999999",
    ],
)
def test_a_refused_warehouse_names_nobody(cli: Cli, facts: str) -> None:
    planted(cli.casino)
    cli.casino.segment("payers", {"all": [{"deposit_amount": {"gte": 1}}, {"vip_level": {"gte": 0}}]})
    cli.casino.sql(facts)

    said = cli.at("plan")

    assert leaks(said.out + said.err) == []


@pytest.mark.parametrize(
    "value",
    [
        "CAST(email AS INTEGER)",
        "strptime(email, '%Y')",
        "json_extract(email, '$.a')",
        "error(email)",
        "email::DATE",
    ],
)
def test_a_query_that_fails_names_nobody(cli: Cli, value: str) -> None:
    planted(cli.casino)
    query = f"SELECT player_id FROM players WHERE {value} IS NOT NULL AND player_id = 'canary-known'"
    cli.casino.segment("asked", type="sql", query=query)

    said = cli.at("plan")

    assert said.code == 1
    assert leaks(said.out + said.err) == []


@pytest.mark.parametrize(
    "value", ["CAST(email AS INTEGER)", "email::DATE", "email::JSON", "1 / (length(email) - 21)"]
)
def test_a_query_that_fails_on_postgresql_names_nobody(
    cli: Cli, postgres: str, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    planted(cli.casino)
    with (
        duckdb.connect(str(cli.casino.root / "warehouse.duckdb")) as source,
        psycopg.connect(postgres) as target,
        target.cursor() as cursor,
    ):
        names = ("players", "payments")
        write_tables(cursor, {name: source.sql(f"SELECT * FROM {name}").to_arrow_table() for name in names})
    monkeypatch.setenv("CASINO_WAREHOUSE", postgres.replace("//postgres@", f"//postgres:{PASSWORD}@"))
    monkeypatch.setenv("CASINO_STATE", "sqlite:///.segctl/state.db")
    query = f"SELECT player_id FROM players WHERE {value} IS NOT NULL AND player_id = 'canary-known'"
    cli.casino.segment("asked", type="sql", query=query)

    said = [cli.at("plan", "--env", "secret"), cli("catalog", "check", "--env", "secret")]
    (cli.casino.root / "segments/asked.yaml").unlink()
    said.append(cli.at("apply", "--auto-approve", "--env", "secret"))

    assert [one.code for one in said] == [1, 0, 0]
    assert [leaks(one.out + one.err) for one in said] == [[], [], []]


@pytest.mark.parametrize("value", ["CAST(email AS INT)", "CAST(email AS DATE)", "1 / (length(email) - 21)"])
def test_a_query_that_fails_on_spark_names_nobody(
    cli: Cli, spark_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    planted(cli.casino)
    with duckdb.connect(str(cli.casino.root / "warehouse.duckdb")) as source:
        names = ("players", "payments")
        tables = {name: source.sql(f"SELECT * FROM {name}").to_arrow_table() for name in names}
    (tmp_path / "lake").mkdir()
    write_parquet(tmp_path / "lake", tables)
    monkeypatch.setenv("CASINO_WAREHOUSE", f"{spark_server}?parquet={tmp_path / 'lake'}&x-trace={PASSWORD}")
    monkeypatch.setenv("CASINO_STATE", "sqlite:///.segctl/state.db")
    query = f"SELECT player_id FROM players WHERE {value} IS NOT NULL AND player_id = 'canary-known'"
    cli.casino.segment("asked", type="sql", query=query)

    said = [cli.at("plan", "--env", "secret")]
    (cli.casino.root / "segments/asked.yaml").unlink()
    said.append(cli.at("apply", "--auto-approve", "--env", "secret"))

    assert [one.code for one in said] == [1, 0]
    assert [leaks(one.out + one.err) for one in said] == [[], []]


FORMS = ["text", "json", "github"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "rule",
    [
        {"all": [{"email": "canary@example.org"}, {"countri": "DE"}]},
        {"email": {"eqq": "canary@example.org"}},
        {"email": {"before": "canary@example.org"}},
    ],
    ids=["beside", "an operator", "a value"],
)
def test_a_mistake_at_personal_data_does_not_repeat_it(cli: Cli, form: str, rule: dict[str, object]) -> None:
    cli.casino.segment("broken", rule)

    said = cli("validate", "--format", form)

    assert said.code == 1
    assert leaks(said.out + said.err) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_mistake_beside_a_list_does_not_repeat_its_ids(cli: Cli, form: str) -> None:
    text = "kind: Segment\nname: broken\ntype: players\nplayers: [canary-listed, canary-known]\ntitel: x\n"
    cli.casino.write("segments/broken.yaml", text)

    said = cli("validate", "--format", form)

    assert said.code == 1
    assert leaks(said.out + said.err) == []
