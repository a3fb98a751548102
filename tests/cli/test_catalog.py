"""segctl catalog on the command line: what is printed, and the exit codes."""

import json

import pytest

from tests.cli.conftest import Cli
from tests.support.casino_facts import SETTINGS


def test_a_catalog_that_agrees_says_with_what(cli: Cli) -> None:
    said = cli("catalog", "check")

    assert (said.code, said.err) == (0, "")
    assert said.out == "The catalog agrees with the warehouse of dev: 2 tables and 12 columns.\n"


def test_errors_are_shown_at_their_line_and_end_with_1(cli: Cli) -> None:
    cli.casino.sql("ALTER TABLE players DROP COLUMN country; ALTER TABLE payments ALTER amount TYPE DOUBLE")

    said = cli("catalog", "check")

    assert said.code == 1
    assert "error[SEG312]" in said.out
    assert "error[SEG314]" in said.out
    assert (
        "6 |   country: {column: country, type: string, title: Country}\n  |                     ^^^^^^^"
        in said.out
    )


def test_warnings_alone_end_with_0(cli: Cli) -> None:
    cli.casino.sql("UPDATE payments SET kind = 'bonus' WHERE player_id = 'anna'")

    said = cli("catalog", "check", "--json")

    assert said.code == 0
    found = json.loads(said.out)
    assert (found["errors"], found["warnings"]) == (0, 1)
    assert [one["code"] for one in found["diagnostics"]] == ["SEG320"]


@pytest.mark.parametrize("environment", ["dev", "copy"])
def test_the_warehouse_of_the_environment_is_compared(cli: Cli, environment: str) -> None:
    cli.casino.write(
        "segctl.yaml", SETTINGS + "  copy: {warehouse: 'duckdb:///gone.duckdb', state: 'sqlite:///x.db'}\n"
    )

    said = cli("catalog", "check", "--env", environment)

    assert said.code == (0 if environment == "dev" else 1)
    assert ("no warehouse at" in said.err) is (environment == "copy")


def test_a_catalog_with_mistakes_is_not_compared(cli: Cli) -> None:
    cli.casino.write("segments/catalog.yaml", "kind: Catalog\nname: x\n")

    said = cli("catalog", "check")

    assert said.code == 1
    assert "SEG103" in said.err


def test_personal_values_are_not_looked_into(cli: Cli) -> None:
    text = (cli.casino.root / "segments/catalog.yaml").read_text()
    cli.casino.write("segments/catalog.yaml", text.replace("pii: true,", "pii: true, values: [nobody],"))

    said = cli("catalog", "check")

    assert said.code == 0
    assert "example.com" not in said.out + said.err


def test_fields_of_a_group_are_listed(cli: Cli) -> None:
    text = (cli.casino.root / "segments/catalog.yaml").read_text()
    cli.casino.write("segments/catalog.yaml", text.replace("title: Country", "title: Country, group: Where"))

    said = cli("catalog", "list", "--group", "where", "--csv")

    assert said.out.splitlines()[1].startswith("Where,country,string,")
    assert len(said.out.splitlines()) == 2
