"""segctl insights: side by side, or a row for each of many segments."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def named(deployed: Cli) -> Cli:
    settings = deployed.casino.root / "segctl.yaml"
    settings.write_text(
        settings.read_text() + "insights: {deposit_amount: deposit_amount, deposit_count: deposit_count}\n"
    )
    return deployed


def test_segments_stand_side_by_side_in_80_columns(named: Cli) -> None:
    said = named("insights", "germans", "british", "picks", "--during", "100y")

    assert said.code == 0
    lines = said.out.splitlines()
    assert max(map(len, lines[: lines.index("")])) <= 80
    assert lines[0].split() == ["GERMANS", "BRITISH", "PICKS", "ALL", "PLAYERS"]
    row = next(line for line in lines if line.startswith("Deposited EUR"))
    assert row.split()[2:] == ["670.00", "5,010.00", "160.00", "5,930.00"]


def test_many_segments_are_a_row_each_as_in_csv(named: Cli) -> None:
    names = ("germans", "british", "picks", "snapshot")
    rows = list(csv.DictReader(io.StringIO(named("insights", *names, "--csv", "--sort", "-deposit_amount").out)))

    assert [row["segment"] for row in rows][:3] == ["all players", "british", "snapshot"]
    assert {row["segment"]: row["deposit_amount"] for row in rows}["germans"] == "670.00"
    assert json.loads(named("insights", *names, "--json").out)["segments"][3]["players"] == 3


def test_no_player_and_no_address_is_told(named: Cli) -> None:
    said = named("insights", "germans", "--json")

    assert "anna" not in said.out
    assert "example.com" not in said.out
