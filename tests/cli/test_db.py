"""segctl db: the state as a database, on the command line."""

from __future__ import annotations

import json

import psycopg
import pytest

from segctl.store.format import FORMAT
from tests.cli.conftest import Cli
from tests.support.postgres import url as address_with


@pytest.fixture
def both(deployed: Cli, postgres: str, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A casino with a state in SQLite, and an environment `secret` whose state may be made on PostgreSQL."""
    monkeypatch.setenv("CASINO_WAREHOUSE", "duckdb:///warehouse.duckdb")
    monkeypatch.setenv("CASINO_STATE", postgres)
    return deployed


def test_status_tells_what_the_state_is(deployed: Cli) -> None:
    said = deployed("db", "status")
    data = json.loads(deployed("db", "status", "--json").out)

    assert said.code == 0
    assert [word for word in ("state", "SQLite") if word in said.out] == ["state", "SQLite"]
    assert "It is up to date." in said.out
    assert (data["engine"], data["format"], data["upgrade"], data["serial"]) == ("sqlite", FORMAT, None, 1)
    assert data["tables"]["object"] == {"rows": 5, "bytes": None}
    assert data["bytes"] > 10_000


def test_status_of_a_state_that_is_not_there_makes_none(cli: Cli) -> None:
    said = cli("db", "status")

    assert "There is no state yet" in said.out
    assert json.loads(cli("db", "status", "--json").out)["upgrade"] == "make"
    assert not cli.casino.state.exists()


def test_a_state_on_postgresql_is_made_and_then_used(both: Cli) -> None:
    refused = both("list", "--env", "secret")
    status = both("db", "status", "--env", "secret")
    made = both("db", "upgrade", "--env", "secret")
    again = both("db", "upgrade", "--env", "secret", "--json")
    data = json.loads(both("db", "status", "--env", "secret", "--json").out)

    assert refused.code == 1
    assert "segctl db upgrade" in refused.err
    assert "There is no state yet" in status.out
    assert f"format {FORMAT}" in made.out
    assert made.out.startswith("Made the state ")
    assert json.loads(again.out)["before"] == FORMAT
    assert (data["engine"], data["serial"], data["upgrade"]) == ("postgresql", 0, None)
    assert data["server"].startswith("18")
    assert data["tables"]["state"]["bytes"] > 0
    assert both("list", "--env", "secret").code == 0


def test_a_state_is_moved_and_the_project_goes_on_with_it(both: Cli) -> None:
    before = both("list", "--json").out
    log = both("audit", "log", "--json").out
    moved = both("db", "copy", "dev", "secret")

    assert moved.code == 0, moved.err
    assert "verifies" in moved.out
    assert "segctl.yaml" in moved.out
    assert both("list", "--json", "--env", "secret").out == before
    assert both("audit", "log", "--json", "--env", "secret").out == log
    assert both("audit", "verify", "--env", "secret").code == 0
    assert both.at("plan", "--detailed-exitcode", "--env", "secret").code == 0
    assert both.at("refresh", "--env", "secret").code == 0


def test_a_state_comes_back(both: Cli) -> None:
    both("db", "copy", "dev", "${CASINO_STATE}")
    back = both("db", "copy", "secret", "sqlite:///back.db", "--json")

    data = json.loads(back.out)
    assert data["to"] == str(both.casino.root / "back.db")
    assert data["rows"]["object"] == 5
    assert data["serial"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere", "secret"), "neither an environment of segctl.yaml nor an address"),
        (("dev", "dev"), "is not empty"),
        (("sqlite:///none.db", "secret"), "There is no state in"),
        (("dev", "mysql://u:hunter2@h/d"), "cannot have an address"),
    ],
)
def test_copies_that_cannot_be_are_refused(both: Cli, words: tuple[str, str], said: str) -> None:
    refused = both("db", "copy", *words)

    assert refused.code == 1
    assert said in refused.err
    assert "hunter2" not in refused.err


def test_grants_are_printed_for_a_role(cli: Cli) -> None:
    writer = cli("db", "grants", "--role", 'crm"writer')
    reader = cli("db", "grants", "--role", "crm", "--reader")

    assert 'GRANT SELECT ON ALL TABLES IN SCHEMA segctl TO "crm""writer";' in writer.out.splitlines()
    assert "append_audit(" in writer.out
    assert len(reader.out.splitlines()) == 2


def test_a_role_with_the_printed_grants_applies_and_refreshes(
    both: Cli, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    both("db", "upgrade", "--env", "secret")
    role = f"w_{postgres.partition('?')[0][-8:]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN")
        for line in both("db", "grants", "--role", role).out.splitlines():
            connection.execute(line)
    monkeypatch.setenv("CASINO_STATE", address_with(postgres, user=role))

    said = [
        both.at(*words, "--env", "secret")
        for words in (("plan", "-o", "plan.json"), ("apply", "plan.json"), ("refresh",))
    ]
    said += [both(*words, "--env", "secret") for words in (("members", "germans"), ("audit", "verify"))]
    upgraded = both("db", "upgrade", "--env", "secret")

    assert [one.code for one in (*said, upgraded)] == [0] * 6, [one.err for one in said]
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
