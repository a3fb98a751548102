"""The demo: a made-up casino, the shipped library over it, and the first commands, in one go."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def demo(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    said = cli("demo", "--players", "500", "--as-of", "2025-03-01T00:00:00Z")
    assert said.code == 0, said.err
    assert "Plan: 57 to create." in said.out
    assert said.out.splitlines()[-1].endswith("cd segctl-demo && segctl plan")
    monkeypatch.chdir(tmp_path / "empty/segctl-demo")
    return cli


def test_the_library_is_planned_applied_refreshed_and_archived(demo: Cli) -> None:
    assert demo("plan", "--detailed-exitcode").code == 0
    refreshed = json.loads(demo("refresh", "--as-of", "2025-03-08T00:00:00Z", "--json").out)
    causes = {row["cause"] for row in json.loads(demo("history", "new-players", "--json").out)}
    assert refreshed["left"] > 0
    assert causes == {"definition", "clock"}

    for path in Path("segments").rglob("vip-quiet.yaml"):
        path.unlink()
    catalog = Path("segments/catalog.yaml")
    catalog.write_text(catalog.read_text().replace("title: VIP level", "title: Level"))

    assert demo("plan", "--detailed-exitcode").code == 2
    assert demo("apply", "--auto-approve").code == 0
    assert demo("plan", "--detailed-exitcode").code == 0
    assert demo("audit", "verify").code == 0


def test_every_segment_of_the_library_is_explained_and_counted(demo: Cli) -> None:
    listed = {row["name"]: row["players"] for row in json.loads(demo("list", "--json").out)}
    at = ("--at", "2025-03-01T00:00:00Z", "--json")
    for name, players in listed.items():
        steps = json.loads(demo("attrition", name, *at).out)
        members = demo("members", name, "--format", "csv").out.split("\n")[1:-1]
        player = members[0].partition(",")[0] if members else "p_499"
        told = json.loads(demo("explain", name, player, *at).out)

        assert steps["members"] == players, name
        assert told["in"] == bool(members), name


def test_a_project_with_another_warehouse_is_left_alone(cli: Cli) -> None:
    before = (cli.casino.root / "warehouse.duckdb").read_bytes()

    said = cli("demo", "--players", "10", "--as-of", "2025-03-01T00:00:00Z")

    assert said.code in {0, 1}
    assert (cli.casino.root / "warehouse.duckdb").read_bytes() == before
    assert "bug" not in said.err
