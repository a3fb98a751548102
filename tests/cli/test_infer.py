"""segctl catalog infer: from a database that segctl has never seen to members, and what is refused on the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from segctl.cli.main import run
from tests.cli.conftest import Said
from tests.conftest import CASES

SETTINGS = """\
name: shop
timezone: UTC
environments: {dev: {warehouse: "duckdb:///chinook.duckdb", state: "sqlite:///.segctl/state.db"}}
guards: {marketing: {email: {is_set: true}}}
"""
SEGMENT = """\
kind: Segment
name: loyal-brazilians
title: Customers from Brazil with 3 or more invoices
type: dynamic
rules:
  all:
    - country: Brazil
    - invoice_count: {gte: 3}
"""


@dataclass(frozen=True, slots=True)
class Shop:
    """Command lines in a folder with the Chinook database and nothing else."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Said:
        self.capture.readouterr()
        code = run(arguments)
        return Said(code, *self.capture.readouterr())


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shop:
    with duckdb.connect(tmp_path / "chinook.duckdb") as connection:
        connection.execute((CASES / "infer" / "chinook.sql").read_text())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path.parent))
    monkeypatch.delenv("SEGCTL_ENV", raising=False)
    return Shop(tmp_path, capsys)


def test_a_database_of_somebody_else_has_members_within_five_commands(shop: Shop) -> None:
    (shop.root / "segctl.yaml").write_text(SETTINGS)
    (shop.root / "segments").mkdir()
    said = shop(*("catalog", "infer", "-o", "segments/catalog.yaml", "--timezone", "UTC", "--currency", "USD"))
    assert said.code == 0
    assert said.out == (
        "Wrote segments/catalog.yaml: players in Customer, 16 fields (4 metrics), 1 event table, 9 tables left out.\n"
        "Next:  segctl validate && segctl catalog check\n"
    )
    (shop.root / "segments" / "loyal-brazilians.yaml").write_text(SEGMENT)

    assert shop("validate").code == 0
    assert (
        shop("catalog", "check").out == "The catalog agrees with the warehouse of dev: 2 tables and 20 columns.\n"
    )
    assert "+ loyal-brazilians" in shop("plan", "--as-of", "2026-06-01T00:00:00Z").out
    assert shop("apply", "--auto-approve", "--as-of", "2026-06-01T00:00:00Z").code == 0

    members = shop("members", "loyal-brazilians", "--format", "csv").out.splitlines()
    assert [line.partition(",")[0] for line in members[1:]] == ["3", "4"]


def test_without_a_file_the_catalog_alone_is_on_stdout(shop: Shop) -> None:
    said = shop("catalog", "infer", "--warehouse", "duckdb:///chinook.duckdb")

    assert said.code == 0
    assert said.out == (CASES / "infer" / "chinook.yaml").read_text()
    assert "2 things to decide, marked DECIDE in the file:" in said.err


def test_what_is_there_is_kept(shop: Shop) -> None:
    (shop.root / "catalog.yaml").write_text("mine")

    said = shop("catalog", "infer", "--warehouse", "duckdb:///chinook.duckdb", "-o", "catalog.yaml")

    assert said.code == 1
    assert "--force" in said.err
    assert (shop.root / "catalog.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--warehouse", "mysql://u:secret@db/shop"), ("of the kind `mysql`", "duckdb:///")),
        (("--warehouse", "duckdb:///gone.duckdb"), ("no warehouse at gone.duckdb",)),
        ((), ("There is no segctl.yaml", "segctl init")),
        (("--warehouse", "duckdb:///chinook.duckdb", "--player", "Custmer"), ("Did you mean `Customer`?",)),
        (("--warehouse", "duckdb:///chinook.duckdb", "--currency", "euro"), ("not a currency", "--currency EUR")),
        (("--warehouse", "duckdb:///chinook.duckdb", "--timezone", "Europe/Mlta"), ("Europe/Malta",)),
    ],
)
def test_what_cannot_be_done_says_what_can(shop: Shop, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    said = shop("catalog", "infer", *arguments)

    assert (said.code, said.out) == (1, "")
    assert "secret" not in said.err
    assert [word for word in words if word not in said.err] == []
