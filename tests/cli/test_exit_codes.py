"""Exit codes: 0 done, 1 a mistake, a refusal or wrong usage, 2 changes where asked, 3 a bug."""

import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.support.console import segctl

READING = (
    ("list",),
    ("show", "germans"),
    ("members", "germans"),
    ("player", "anna"),
    ("history", "germans"),
    ("audit", "log"),
    ("audit", "verify"),
    ("audit", "checkpoint"),
    ("audit", "prove", "1"),
    ("audit", "export"),
    (),
)


def test_detailed_exit_codes_tell_changes_from_none(deployed: Cli) -> None:
    assert deployed("plan", "--detailed-exitcode").code == 0
    assert deployed("plan").code == 0

    deployed.casino.remove("british")

    assert deployed("plan", "--detailed-exitcode").code == 2
    assert deployed("plan").code == 0


def test_mistakes_are_1_also_where_2_means_changes(deployed: Cli) -> None:
    deployed.casino.segment("broken", {"countri": "DE"})

    said = deployed("plan", "--detailed-exitcode")

    assert said.code == 1
    assert "SEG101" in said.err
    assert "Nothing was planned." in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("bogus",),
        ("plan", "--bogus"),
        ("plan", "too", "many"),
        ("show",),
        ("members", "germans", "--limit", "x"),
        ("members", "germans", "--limit", "0"),
        ("members", "germans", "--offset", "-1"),
        ("members", "germans", "--format", "xml"),
        ("plan", "--as-of"),
        ("plan", "--as-of", "yesterday"),
        ("plan", "--as-of", "2025-03-01"),
        ("apply", "--lock-timeout", "-1"),
        ("history",),
        ("history", "germans", "--player", "anna"),
        ("audit",),
        ("audit", "bogus"),
        ("list", "--sort", "bogus"),
        ("show", "nobody"),
        ("show", "missing.json"),
        ("apply", "missing.json"),
        ("player", "nobody"),
        ("members", "nobody"),
        ("plan", "--env", "nowhere"),
        ("init", "--timezone", "Europe/Atlantis"),
        ("docs", "SEG999"),
    ],
    ids=" ".join,
)
def test_wrong_usage_and_refusals_are_1(deployed: Cli, arguments: tuple[str, ...]) -> None:
    said = deployed(*arguments)

    assert said.code == 1
    assert said.err.strip()
    assert said.out == "" or arguments == ("audit",)
    assert "Traceback" not in said.err


@pytest.mark.parametrize("arguments", READING, ids=lambda one: " ".join(one) or "segctl")
def test_a_broken_segctl_yaml_is_shown_and_no_bug(deployed: Cli, arguments: tuple[str, ...]) -> None:
    settings = deployed.casino.root / "segctl.yaml"
    settings.write_text(settings.read_text().replace("UTC", "Mars/Olympus"))

    said = deployed(*arguments)

    assert "SEG401" in said.out + said.err
    assert said.code == (1 if arguments else 0)
    assert "bug" not in said.err


def test_a_rename_that_cannot_be_does_not_break_the_overview(deployed: Cli) -> None:
    deployed.casino.segment("new", {"country": "IT"}, renamed_from="nothing")

    said = deployed()

    assert said.code == 1
    assert "SEG109" in said.err


@pytest.mark.parametrize(
    "arguments", [("list",), ("plan",), ("refresh",), ("apply",), ("show", "x")], ids=" ".join
)
def test_outside_a_project_the_way_in_is_named(
    cli: Cli, arguments: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    said = cli(*arguments)

    assert said.code == 1
    assert "segctl.yaml" in said.err
    assert "segctl init" in said.err


def test_a_bug_is_3_and_leaves_a_report_without_values(
    deployed: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(reports))
    with sqlite3.connect(deployed.casino.state) as state:
        state.execute("DELETE FROM player_chunk")

    said = deployed("members", "germans", "--offset", "1")

    (report,) = reports.iterdir()
    assert said.code == 3
    assert "not your mistake" in said.err
    assert str(report) in said.err
    assert "verb members" in report.read_text()
    assert "germans" not in report.read_text()


def test_what_libraries_leave_behind_is_not_told(deployed: Cli) -> None:
    said = segctl(deployed.casino.root, "refresh", "--json")

    assert (said.returncode, said.stderr) == (0, "")
