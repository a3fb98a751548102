"""segctl export: three forms of file, and what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Cli

COLUMNS = ("--columns", "country,deposit_amount,last_login")


@pytest.fixture
def exporting(deployed: Cli) -> Cli:
    casino = deployed.casino
    casino.segment("formulas", type="players", players=["=1+1", "anna", "@cmd"])
    casino.sql("UPDATE players SET country = '=HYPERLINK(\"x\")' WHERE player_id = 'bert'")
    casino.apply()
    return deployed


def test_csv_has_no_formula(exporting: Cli) -> None:
    said = exporting("export", "formulas", "germans", "--to", "a/x.csv", *COLUMNS)

    assert (said.code, said.out) == (0, "Wrote 7 players to a/x.csv.\n")
    with Path("a/x.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["segment", "player_id", "since", "country", "deposit_amount", "last_login"]
    assert {row["player_id"] for row in rows if row["segment"] == "formulas"} == {"'=1+1", "anna", "'@cmd"}
    assert {row["country"] for row in rows} == {"", "DE", '\'=HYPERLINK("x")'}
    assert {row["player_id"]: row["deposit_amount"] for row in rows}["anna"] == "150.00"


def test_json_lines_have_exact_amounts_as_text(exporting: Cli) -> None:
    exporting("export", "germans", "--to", "x.jsonl", *COLUMNS)

    rows = [json.loads(line) for line in Path("x.jsonl").read_text().splitlines()]
    assert rows[0] == {
        "segment": "germans",
        "player_id": "anna",
        "since": "2025-03-01T12:00:00Z",
        "country": "DE",
        "deposit_amount": "150.00",
        "last_login": "2025-02-28T12:00:00Z",
    }


def test_parquet_has_types(exporting: Cli) -> None:
    exporting("export", "germans", "picks", "--to", "x.parquet", *COLUMNS)

    table = pq.read_table("x.parquet")
    assert [str(field.type) for field in table.schema] == [
        "string",
        "string",
        "timestamp[us, tz=UTC]",
        "string",
        "decimal128(38, 6)",
        "timestamp[us, tz=UTC]",
    ]
    assert table["segment"].to_pylist().count("picks") == 3


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--to", "x.xlsx"), ".parquet"),
        (("--to", "x.csv", "--joined-since", "2025-01-01", "--left-since", "2025-01-01"), "--left-since"),
        (("--to", "x.csv", "--joined-since", "soon"), "not an instant"),
        (("--to", "x.csv", "--columns", "email"), "--reveal"),
        (("--to", "x.csv", "--columns", "nonsense"), "segctl catalog list"),
    ],
)
def test_a_refused_export_writes_nothing(deployed: Cli, arguments: tuple[str, ...], word: str) -> None:
    said = deployed("export", "germans", *arguments)

    assert (said.code, said.out) == (1, "")
    assert word in said.err
    assert not list(Path().glob("x.*"))


def test_who_reveals_is_in_the_audit_log(deployed: Cli) -> None:
    said = deployed("export", "germans", "--to", "x.csv", "--columns", "email,country", "--reveal")

    assert said.code == 0
    assert "bert@example.com" in Path("x.csv").read_text()
    log = json.loads(deployed("audit", "log", "--limit", "1", "--json").out)
    assert "reveal" in json.dumps(log)
    assert "example.com" not in json.dumps(log)
    deployed("export", "germans", "--to", "y.csv", "--columns", "country", "--reveal")
    assert json.loads(deployed("audit", "log", "--limit", "1", "--json").out) == log


def test_a_day_begins_where_the_project_is(deployed: Cli) -> None:
    for day, count in (("2025-03-01", 4), ("2025-03-02", 0)):
        said = deployed("export", "germans", "--to", "x.csv", "--joined-since", day)
        assert said.out == f"Wrote {count} players to x.csv.\n"
