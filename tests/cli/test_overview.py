"""The audit log, segctl alone, init and docs."""

import json
import sqlite3
from pathlib import Path

import pytest

from segctl.base.codes import CODES
from tests.cli.conftest import Cli


def test_the_audit_log_is_read_by_address(deployed: Cli) -> None:
    deployed.casino.remove("british")
    deployed.casino.apply()

    rows = json.loads(deployed("audit", "log", "british", "--json").out)

    assert [row["action"] for row in rows] == ["archive", "create"]
    assert json.loads(deployed("audit", "log", "catalog.small", "--json").out)[0]["action"] == "create"
    assert len(json.loads(deployed("audit", "log", "--json", "--limit", "3").out)) == 3


def test_verify_finds_an_edited_row_by_its_number(deployed: Cli) -> None:
    intact = deployed("audit", "verify")
    with sqlite3.connect(deployed.casino.state) as state:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            state.execute('UPDATE audit SET actor = \'{"author": "Eve"}\' WHERE seq = 3')
        for (name,) in state.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            state.execute(f"DROP TRIGGER {name}")
        state.execute('UPDATE audit SET actor = \'{"author": "Eve"}\' WHERE seq = 3')

    said = deployed("audit", "verify")

    assert (intact.code, said.code) == (0, 1)
    assert "intact" in intact.out
    assert "row 3" in said.out
    assert json.loads(deployed("audit", "verify", "--json").out)["findings"][0]["seq"] == 3


def test_segctl_alone_shows_where_things_stand(deployed: Cli) -> None:
    said = deployed().out
    assert "small-casino · dev" in said
    assert "4 segments with 13 memberships, state 1" in said
    assert said.splitlines()[-1] == "Next:  segctl refresh"

    deployed.casino.remove("british")
    assert deployed().out.splitlines()[-1] == "Next:  segctl plan"
    deployed.casino.segment("broken", {"countri": "DE"})
    assert deployed().out.splitlines()[-1] == "Next:  segctl validate"


def test_segctl_alone_outside_a_project_says_how_to_begin(
    cli: Cli, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    said = cli()

    assert said.code == 0
    assert all(word in said.out for word in ("segctl demo", "segctl init", "segctl --help"))


def test_init_makes_a_project_without_mistakes(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")

    made, checked, again = cli("init"), cli("validate"), cli("init")

    assert (made.code, checked.code, again.code) == (0, 0, 1)
    assert "segctl validate" in made.out
    assert checked.out.startswith("No mistakes in ")
    assert "would be overwritten" in " ".join(again.err.split())
    assert cli("init", "inner", "--warehouse", "postgresql://u:hunter2@db/x").code == 1


@pytest.mark.parametrize("code", ["SEG101", "seg109"])
def test_docs_explains_a_code(cli: Cli, code: str) -> None:
    said = cli("docs", code)

    assert said.code == 0
    assert code.upper() in said.out


def test_docs_lists_all_codes(cli: Cli) -> None:
    assert [line.split()[0] for line in cli("docs").out.splitlines()] == sorted(CODES)
