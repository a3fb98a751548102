"""segctl fmt: what it writes, what it only tells, and what it leaves alone."""

from __future__ import annotations

import stat
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

UNTIDY = "name:  vip\nkind: Segment   # what it is\ntype: dynamic\nrules:\n    vip_level: { gte: 3 }\n"
TIDY = "kind: Segment   # what it is\nname: vip\ntype: dynamic\nrules:\n  vip_level: {gte: 3}\n"


@pytest.fixture
def untidy(cli: Cli) -> Path:
    return cli.casino.write("segments/value/vip.yaml", UNTIDY)


def test_it_writes_what_is_not_in_form_and_names_it(cli: Cli, untidy: Path) -> None:
    said = cli("fmt")

    assert said.code == 0
    assert untidy.read_text() == TIDY
    assert "  ~ segments/value/vip.yaml\n" in said.out
    assert cli("fmt").out.endswith("files are in form. Nothing to change.\n")


def test_a_check_writes_nothing_and_fails_with_the_command(cli: Cli, untidy: Path) -> None:
    said = cli("fmt", "--check", "segments/value")

    assert said.code == 1
    assert untidy.read_text() == UNTIDY
    assert "1 of 1 file would change. To write them:  segctl fmt segments/value" in said.out


def test_a_diff_shows_and_writes_nothing(cli: Cli, untidy: Path) -> None:
    said = cli("fmt", "--diff", untidy)

    assert said.code == 0
    assert untidy.read_text() == UNTIDY
    assert "-    vip_level: { gte: 3 }\n+  vip_level: {gte: 3}\n" in said.out


def test_a_file_with_mistakes_is_left_alone_and_told(cli: Cli, untidy: Path) -> None:
    broken = cli.casino.write("segments/broken.yaml", "kind: [x\n")

    said = cli("fmt")

    assert said.code == 1
    assert "SEG002" in said.err
    assert "left alone" in said.err
    assert broken.read_text() == "kind: [x\n"
    assert untidy.read_text() == TIDY


def test_a_personal_value_is_not_repeated_with_a_mistake(cli: Cli) -> None:
    broken = "kind: Segment\nname: x\nrules: {email: anna@example.com, [\n"
    cli.casino.write("segments/broken.yaml", broken)

    for arguments in ((), ("segments/broken.yaml",)):
        said = cli("fmt", *arguments)

        assert "SEG002" in said.err
        assert "anna@example.com" not in said.err


def test_what_the_project_means_stays(cli: Cli, untidy: Path) -> None:
    before = cli.casino.loaded().project.segments
    cli.casino.apply()
    cli("fmt")

    assert cli.casino.loaded().project.segments == before
    assert cli("plan", "--detailed-exitcode").code == 0
    assert untidy.read_text() == TIDY


def test_permissions_stay(cli: Cli, untidy: Path) -> None:
    untidy.chmod(0o640)

    cli("fmt")

    assert stat.S_IMODE(untidy.stat().st_mode) == 0o640


@pytest.mark.parametrize("name", ["nowhere.yaml", "link.yaml"])
def test_what_is_no_plain_file_is_refused(cli: Cli, untidy: Path, name: str) -> None:
    (cli.casino.root / "link.yaml").symlink_to(untidy)

    said = cli("fmt", name)

    assert said.code == 1
    assert f"{name} " in said.err
    assert untidy.read_text() == UNTIDY


def test_signs_in_a_diff_do_not_act_on_a_terminal(cli: Cli) -> None:
    cli.casino.write("segments/x.yaml", "name:  x\nkind: Segment\ntitle: '::error::x'\n")

    assert "::error" not in cli("fmt", "--diff").out


def test_a_new_project_is_in_form(cli: Cli) -> None:
    cli("init", "new")

    assert cli("fmt", "--check", "-C", "new").code == 0


def test_a_thousand_files_take_seconds(cli: Cli) -> None:
    for number in range(1000):
        cli.casino.write(f"segments/many/s{number}.yaml", UNTIDY.replace("vip", f"s{number}"))

    started = time.perf_counter()
    said = cli("fmt")

    assert "1,000 of 1,002 files changed." in said.out
    assert time.perf_counter() - started < 10
