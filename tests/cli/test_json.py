"""`--json`: one JSON document alone on stdout, for every verb that has it."""

import json
from typing import Any

import pytest

from segctl.plan.seal import read_plan
from tests.cli.conftest import Cli

VERBS: tuple[tuple[str, ...], ...] = (
    ("validate",),
    ("plan",),
    ("refresh",),
    ("refresh", "--full"),
    ("next",),
    ("next", "germans"),
    ("verify",),
    ("list",),
    ("list", "--tag", "nothing"),
    ("show", "germans"),
    ("player", "anna"),
    ("explain", "germans", "anna"),
    ("explain", "picks", "emil"),
    ("attrition", "germans"),
    ("cost", "germans"),
    ("history", "germans"),
    ("history", "--player", "anna"),
    ("log", "germans"),
    ("versions", "germans"),
    ("versions", "germans", "--diff", "1"),
    ("deliver",),
    ("webhooks", "list"),
    ("webhooks", "failed"),
    ("archive", "list"),
    ("archive", "count"),
    ("where-used", "germans"),
    ("where-used", "country", "--deployed"),
    ("catalog", "list"),
    ("catalog", "show", "country"),
    ("catalog", "check"),
    ("audit", "log"),
    ("audit", "log", "germans"),
    ("audit", "verify"),
    ("audit", "checkpoint"),
)


def read(said: str) -> Any:
    assert "\x1b" not in said
    return json.loads(said)


@pytest.mark.parametrize("arguments", VERBS, ids=" ".join)
def test_json_stands_alone(deployed: Cli, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")

    said = deployed(*arguments, "--json")

    read(said.out)
    assert said.code == 0
    assert said.err == ""


@pytest.mark.parametrize("changes", [False, True], ids=["nothing to do", "something to do"])
def test_apply_prints_json_alone(deployed: Cli, changes: bool) -> None:  # noqa: FBT001
    if changes:
        deployed.casino.remove("british")

    said = deployed("apply", "--auto-approve", "--json")

    assert isinstance(read(said.out), dict)
    assert said.code == 0


def test_mistakes_are_json_too(deployed: Cli) -> None:
    deployed.casino.segment("broken", {"countri": "DE"})

    for verb in ("validate", "plan"):
        said = deployed(verb, "--json")

        assert said.code == 1
        assert "SEG101" in json.dumps(read(said.out))


def test_a_receipt_says_what_was_written(deployed: Cli) -> None:
    deployed.casino.remove("british")

    receipt = read(deployed("apply", "--auto-approve", "--json").out)

    assert receipt["serial"] == 2
    assert (receipt["joined"], receipt["left"]) == (0, 3)
    assert receipt["last_audit"] - receipt["first_audit"] == 1
    assert len(receipt["plan"]) == len(receipt["head"]) == 64


def test_a_plan_in_json_can_be_applied(deployed: Cli) -> None:
    deployed.casino.remove("british")

    text = deployed("plan", "--json").out
    deployed.casino.write("plan.json", text)

    assert read_plan(text, "plan.json").changes[0].address == "segment.british"
    assert deployed("apply", "plan.json").code == 0


def test_where_a_plan_was_saved_is_said_beside_its_json(deployed: Cli) -> None:
    deployed.casino.remove("british")

    said = deployed("plan", "--json", "-o", "one.json")

    assert read(said.out) == json.loads((deployed.casino.root / "one.json").read_text())
    assert "one.json" in said.err


def test_no_question_is_asked_with_json(deployed: Cli) -> None:
    deployed.casino.remove("british")
    before = deployed.casino.stored()

    said = deployed("apply", "--json")

    assert said.code == 1
    assert "--auto-approve" in said.err
    assert said.out == ""
    assert deployed.casino.stored() == before


def test_members_for_programs_are_lines_of_json(deployed: Cli) -> None:
    said = deployed("members", "germans", "--format", "jsonl")

    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [row["player_id"] for row in rows] == ["anna", "bert", "cara", "dora"]
    assert rows[0]["since"] == "2025-03-01T12:00:00Z"


def test_instants_in_json_have_one_form(deployed: Cli) -> None:
    listed = read(deployed("list", "--json").out)[0]["updated"]
    logged = read(deployed("audit", "log", "--json").out)[0]["at"]
    shown = read(deployed("show", "germans", "--json").out)["as_of"]
    member = json.loads(deployed("members", "germans", "--format", "jsonl").out.splitlines()[0])["since"]
    planned = read(deployed("plan", "--json").out)["as_of"]

    ends = {text[-6:] if text[-6] in "+-" else text[-1] for text in (listed, logged, shown, member, planned)}
    assert ends == {"Z"}
