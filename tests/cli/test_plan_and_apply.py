"""plan, apply and show of a plan: what people read, what is saved where, and who is asked."""

import re
import subprocess
import sys

import pytest

from segctl.plan.seal import read_plan
from tests.cli.conftest import Cli


def edits(cli: Cli) -> None:
    cli.casino.segment("germans", {"all": [{"country": "DE"}, {"vip_level": {"gte": 1}}]}, title="Germans")
    cli.casino.segment("everyone", {"none": [{"country": "XX"}]})
    cli.casino.segment("italians", {"country": "IT"})
    cli.casino.segment("snapshot", {"vip_level": {"gte": 4}}, type="static")
    cli.casino.remove("british")


def test_the_summary_line_is_a_public_interface(deployed: Cli) -> None:
    edits(deployed)

    said = deployed.at("plan")

    assert re.findall(r"^Plan: .*$", said.out, re.MULTILINE) == [
        "Plan: 2 to create, 1 to update, 1 to replace, 1 to archive. Players: +12 joining, -6 leaving."
    ]
    assert said.out.startswith("dev · state 1 · as of 2025-03-01 12:00:00 UTC · no commit\n")
    assert said.out.splitlines()[-1] == "To make it real:  segctl apply"


def test_thousands_have_separators(cli: Cli) -> None:
    ids = "\n".join(f"p_{number}" for number in range(12_548))
    cli.casino.write("segments/many.csv", ids)
    cli.casino.segment("many", type="players", players_file="many.csv")
    assert "Plan: 2 to create. Players: +12,548 joining.\n" in cli.at("plan").out
    cli.casino.apply()
    cli.casino.remove("many")

    assert "Plan: 1 to archive. Players: -12,548 leaving.\n" in cli.at("plan").out


def test_nothing_to_do_is_said(deployed: Cli) -> None:
    said = deployed.at("plan")

    assert said.out.splitlines()[-1] == "No changes. 4 segments are as declared."
    assert deployed.at("apply").out.splitlines()[-1] == "No changes. 4 segments are as declared."


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("plans/", r"plans/2025-03-01-[0-9a-f]{7}\.json"),
        ("segments", r"segments/2025-03-01-[0-9a-f]{7}\.json"),
        ("one.json", r"one\.json"),
        ("one", "one"),
        ("v1.2/", r"v1\.2/2025-03-01-[0-9a-f]{7}\.json"),
    ],
)
def test_a_plan_is_saved_and_its_name_told(deployed: Cli, target: str, name: str) -> None:
    edits(deployed)

    said = deployed.at("plan", "-o", target)

    found = re.search(rf"^Saved ({name})\. To do exactly this:  segctl apply \1$", said.out, re.MULTILINE)
    assert found is not None, said.out
    plan = read_plan((deployed.casino.root / found[1]).read_text(), found[1])
    assert found[1].startswith("one") or plan.id[:7] in found[1]


def test_a_saved_plan_is_shown_as_it_was(deployed: Cli) -> None:
    edits(deployed)
    planned = deployed.at("plan", "-o", "one.json")

    shown = deployed("show", "one.json")

    assert shown.out.splitlines()[:-1] == planned.out.splitlines()[:-1]
    assert shown.out.splitlines()[-1] == "To do exactly this:  segctl apply one.json"


def test_a_saved_plan_asks_nothing(deployed: Cli) -> None:
    edits(deployed)
    deployed.at("plan", "-o", "one.json")

    said = deployed.at("apply", "one.json")

    assert said.code == 0
    assert re.match(
        r"Applied [0-9a-f]{7} as state 2 in \d+\.\d s: 2 created, 1 updated, 1 replaced, 1 archived\."
        r" \+12 joined, -6 left\.\nAudit \d+\u2013\d+ · head [0-9a-f]{4}…[0-9a-f]{2}\n",
        said.out,
    )
    assert "segctl list" in said.out


def test_nobody_to_ask_is_a_refusal(deployed: Cli) -> None:
    edits(deployed)
    before = deployed.casino.stored()

    said = deployed.at("apply")

    assert said.code == 1
    assert "Plan: 2 to create" in said.out
    assert "Nobody is here to answer" in said.err
    assert "--auto-approve" in said.err
    assert deployed.casino.stored() == before


def test_the_future_cannot_be_written(deployed: Cli) -> None:
    edits(deployed)
    before = deployed.casino.stored()
    later = ("--as-of", "2999-01-01T00:00:00Z")

    assert deployed("plan", *later).code == 0
    for verb in (("apply", "--auto-approve"), ("refresh",)):
        said = deployed(*verb, *later)

        assert said.code == 1
        assert "future" in said.err
    assert deployed.casino.stored() == before


def test_a_plan_without_changes_is_told_at_a_glance(deployed: Cli) -> None:
    script = f"""
import sys
from segctl.cli.main import run
assert run(["plan", "--as-of", "{deployed.casino.now.isoformat()}"]) == 0
print(sorted({{"sqlalchemy", "git", "numpy", "pyarrow", "pyroaring", "duckdb", "rich"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=deployed.casino.root, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-2:] == ["No changes. 4 segments are as declared.", "[]"]
