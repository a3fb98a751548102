"""Help: every verb and option is told, every verb has an example, and colour is where it may be."""

import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from segctl.cli.verbs import VERBS
from segctl.cli.verbs import command as command_line
from tests.cli.conftest import Cli
from tests.support.console import SEGCTL, environment, segctl


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    for verb in VERBS:
        command = command_line([verb]).commands[verb]
        inner = getattr(command, "commands", None)
        if inner is None:
            yield (verb,), command
        else:
            yield from (((verb, name), one) for name, one in inner.items())


COMMANDS = dict(commands())


def test_every_verb_is_in_the_help(cli: Cli) -> None:
    said = cli("--help")

    assert said.code == 0
    assert re.findall(r"^  ([a-z-]+)  ", said.out.partition("Commands:")[2], re.MULTILINE) == list(VERBS)
    assert cli("-h").out == said.out


@pytest.mark.parametrize("columns", ["30", "52", "60", "80", "200"])
def test_the_help_of_all_is_to_the_letter_what_typer_says(
    cli: Cli, columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    said = cli("--help").out
    command_line([]).main(["--help"], prog_name="segctl", standalone_mode=False)

    assert said == capsys.readouterr().out


@pytest.mark.parametrize("words", [(), ("audit",), ("catalog",)], ids=["segctl", "audit", "catalog"])
def test_a_list_of_verbs_is_not_cut_off(cli: Cli, words: tuple[str, ...]) -> None:
    lines = cli(*words, "--help").out.partition("Commands:")[2].splitlines()

    assert [line for line in lines if line.endswith("...")] == []


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_option_is_in_its_help_with_words(cli: Cli, words: tuple[str, ...]) -> None:
    said = cli(*words, "--help")

    assert said.code == 0
    for option in COMMANDS[words].params:
        assert getattr(option, "help", None), f"{option.name} says nothing of itself"
        for name in option.opts:
            assert not name.startswith("-") or name in said.out


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_verb_has_an_example(cli: Cli, words: tuple[str, ...]) -> None:
    said = cli(*words, "--help")

    examples = said.out.partition("Examples:\n")[2].splitlines()
    assert examples[0].split()[: len(words) + 1] == ["segctl", *words]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_options_of_examples_exist(cli: Cli, words: tuple[str, ...]) -> None:
    examples = cli(*words, "--help").out.partition("Examples:")[2].partition("\nOptions:")[0]
    params = COMMANDS[words].params
    known = {name for option in params for name in (*option.opts, *option.secondary_opts)}

    for line in examples.splitlines():
        if line.split()[: len(words) + 1] == ["segctl", *words]:
            assert set(re.findall(r"(?<=\s)(?:--[a-z-]+|-[a-z]\b)", line)) <= known


def test_the_version(cli: Cli) -> None:
    assert re.fullmatch(r"segctl \d+\.\d+\.\d+\n", cli("--version").out)


@pytest.mark.parametrize(
    ("variables", "arguments", "colour"),
    [
        ({}, (), False),
        ({"FORCE_COLOR": "1"}, (), True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, (), False),
        ({"FORCE_COLOR": "1"}, ("--no-color",), False),
        ({"NO_COLOR": ""}, (), False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, (), True),
    ],
)
def test_colour_by_who_says_so(
    deployed: Cli,
    variables: dict[str, str],
    arguments: tuple[str, ...],
    colour: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deployed.casino.remove("british")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    for verb in ("plan", "list"):
        assert ("\x1b[" in deployed(verb, *arguments).out) is colour


def test_a_reader_that_goes_away_is_no_error(deployed: Cli) -> None:
    casino = deployed.casino
    casino.write("segments/many.csv", "\n".join(f"p_{number}" for number in range(50_000)))
    casino.segment("many", type="players", players_file="many.csv")
    casino.apply()
    command = f"set -o pipefail; {SEGCTL} members many --format csv | head -1"

    found = subprocess.run(
        ["bash", "-c", command],
        cwd=casino.root,
        env=environment(casino.root),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (found.stdout, found.stderr, found.returncode) == ("player_id,since\n", "", 0)


@pytest.mark.parametrize("words", ["list", "--help", "--version"])
def test_a_full_disk_is_said_and_no_bug(deployed: Cli, words: str) -> None:
    command = f"{SEGCTL} {words} > /dev/full"
    root = deployed.casino.root

    found = subprocess.run(
        ["bash", "-c", command], cwd=root, env=environment(root), capture_output=True, text=True, check=False
    )

    assert found.returncode == 1
    assert "No space left" in found.stderr
    assert "bug" not in found.stderr


def test_a_terminal_without_utf_8_is_spoken_to(deployed: Cli) -> None:
    deployed.casino.segment("japanese", {"country": "JP"}, title="日本")
    deployed.casino.apply()

    said = segctl(deployed.casino.root, "list", PYTHONIOENCODING="ascii")

    assert said.returncode == 0
    assert "\\u65e5" in said.stdout
