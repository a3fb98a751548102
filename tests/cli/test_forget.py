"""segctl forget: the question, the certificate, exit codes, and what is never printed."""

import json

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_prompt import on_a_terminal


def certificates(cli: Cli) -> dict[str, str]:
    return {path.name: path.read_text() for path in cli.casino.root.glob("forget-*.json")}


def test_a_player_is_forgotten_and_a_certificate_written(deployed: Cli) -> None:
    said = deployed("forget", "anna", "--auto-approve", "--reason", "CS-4411")

    assert said.code == 0, said.err
    assert "Forgotten as state 2: removed from 2 segments, 1 list, " in said.out
    assert "segments/picks.yaml:5" in said.out
    assert "The warehouse still has the player" in said.out
    [(name, text)] = certificates(deployed).items()
    certificate = json.loads(text)
    assert name == f"forget-{certificate['player']['hmac_sha256'][:12]}.json"
    assert name in said.out
    assert (certificate["reason"], certificate["state"]["serial"]) == ("CS-4411", 2)
    assert certificate["removed"] == {"segments": 2, "lists": 1, "history": 2, "values": 0}
    assert certificate["remaining"]["files"] == [{"file": "segments/picks.yaml", "line": 5}]
    assert "anna" not in said.out + said.err + text
    row = json.loads(deployed("audit", "log", "--json", "--limit", 1).out)[0]
    assert (row["action"], row["seq"], row["hash"]) == ("forget", *certificate["audit"].values())
    assert deployed("audit", "verify").code == 0


def test_json_is_the_certificate_and_o_names_its_file(deployed: Cli) -> None:
    said = deployed("forget", "anna", "--auto-approve", "--json", "-o", "gdpr/anna-case.json")

    assert said.code == 0
    assert json.loads(said.out) == json.loads((deployed.casino.root / "gdpr/anna-case.json").read_text())
    assert "gdpr/anna-case.json" in said.err
    assert certificates(deployed) == {}


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_nobody_is_forgotten_where_nobody_answers(deployed: Cli, arguments: tuple[str, ...]) -> None:
    before = deployed.casino.stored()

    said = deployed("forget", "anna", *arguments)

    assert said.code == 1
    assert "segctl forget PLAYER --auto-approve" in said.err
    assert deployed.casino.stored() == before


@pytest.mark.parametrize(("answer", "code"), [("yes\n", 0), ("y\n", 1), ("\n", 1), ("\x03", 130)])
def test_only_yes_forgets(deployed: Cli, answer: str, code: int) -> None:
    found, said = on_a_terminal(deployed.casino.root, answer, "forget", "anna")

    assert found == code
    assert "takes the player out of 2 segments, 1 list, 2 entries of the history" in said
    assert "segments/picks.yaml:5" in said
    assert ("anna" in deployed.casino.members("germans")) == (answer != "yes\n")


def test_an_unknown_player_is_refused(deployed: Cli) -> None:
    said = deployed("forget", "zoe", "--auto-approve")

    assert said.code == 1
    assert "Refused: No player `zoe`" in said.err
    assert certificates(deployed) == {}


def test_a_folder_is_no_certificate(deployed: Cli) -> None:
    before = deployed.casino.stored()

    said = deployed("forget", "anna", "--auto-approve", "-o", "segments")

    assert said.code == 1
    assert "segments is a folder" in said.err
    assert deployed.casino.stored() == before


def test_the_same_command_again_tells_what_is_left(deployed: Cli) -> None:
    deployed("forget", "anna", "--auto-approve")
    first = certificates(deployed)

    again = deployed("forget", "anna", "--auto-approve")

    assert again.code == 0
    assert "Forgotten before, as state 2" in again.out
    assert certificates(deployed) == first


def test_a_forgotten_player_is_nobody_to_those_who_ask(deployed: Cli) -> None:
    deployed("forget", "ghost", "--auto-approve")

    assert deployed("player", "ghost").code == 1
    assert deployed("history", "--player", "ghost").code == 1
    assert "ghost" not in deployed("members", "picks", "--format", "csv").out
    assert "erasure" in deployed("history", "picks").out
    assert deployed("show", "picks").code == 0
    assert "forget" in deployed().out
