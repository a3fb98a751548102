"""Approvals at the command line: given, kept, found again, refused, and written into the audit log."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_git import git
from tests.support.casino_facts import SETTINGS

POLICIES = """
approvals:
  groups: {leads: [ann@example.org, bob@example.org]}
  keys: {bob@example.org: bob.key.pub}
  policies:
    - {name: segments, when: {kind: [segment]}, from: [leads], max_age: 7d}
"""


@pytest.fixture
def governed(cli: Cli) -> Cli:
    """A casino in git with a policy. Ann edits."""
    cli.casino.write("segctl.yaml", SETTINGS + POLICIES)
    cli.casino.write(".gitignore", ".segctl/\n*.duckdb\n")
    cli.casino.segment("germans", {"country": "DE"})
    git(cli, "init", "-q", "-b", "main")
    am(cli, "ann")
    git(cli, "add", ".")
    git(cli, "commit", "-q", "-m", "First")
    return cli


def words(text: str) -> str:
    return " ".join(text.replace("\n  = ", " ").split())


def am(cli: Cli, name: str) -> None:
    git(cli, "config", "user.name", name.capitalize())
    git(cli, "config", "user.email", f"{name}@example.org")


def test_a_plan_tells_what_it_needs_and_apply_refuses_without(governed: Cli) -> None:
    said = governed.at("plan")
    assert "    segments: 1 approval by leads, for germans\n" in said.out

    refused = governed.at("apply", "--auto-approve")
    assert refused.code == 1
    assert "Nothing was applied: 1 policy asks for approvals." in words(refused.err)
    assert "segctl approve" in words(refused.err)


def test_an_approved_plan_is_applied_and_the_log_names_who_approved(governed: Cli) -> None:
    governed.at("plan", "-o", "one.json")
    am(governed, "bob")

    said = governed("approve", "one.json", "-m", "as agreed")

    assert said.code == 0, said.err
    assert "Approved by bob@example.org, as a claim" in words(said.err)
    am(governed, "ann")
    applied = governed.at("apply", "one.json")
    assert applied.code == 0, applied.err
    (run,) = [row for row in json.loads(governed("audit", "log", "--json").out) if row["action"] == "apply"]
    (approval,) = run["detail"]["approvals"]
    assert (approval["by"], approval["reason"], approval["evidence"]) == ("bob@example.org", "as agreed", "claim")
    assert governed("audit", "verify").code == 0


def test_it_holds_for_the_same_plan_made_again(governed: Cli) -> None:
    governed.at("plan", "-o", "one.json")
    am(governed, "bob")
    governed("approve", "one.json")
    governed.casino.later(hours=2)

    assert governed.at("apply", "--auto-approve").code == 0


def test_it_does_not_hold_for_another_plan(governed: Cli) -> None:
    governed.at("plan", "-o", "one.json")
    am(governed, "bob")
    governed("approve", "one.json")
    am(governed, "ann")
    governed.casino.segment("germans", {"country": ["DE", "GB"]})

    said = governed.at("apply", "--auto-approve")

    assert said.code == 1
    assert "does not count: it approves another plan" in words(said.err)


def test_who_made_the_change_cannot_approve_it(governed: Cli) -> None:
    governed.at("plan", "-o", "one.json")

    said = governed("approve", "one.json")

    assert said.code == 1
    assert "ann@example.org made these changes" in words(said.err)


def test_edits_that_are_not_committed_are_their_authors(governed: Cli) -> None:
    am(governed, "bob")
    governed.casino.segment("germans", {"country": "GB"})
    governed.at("plan", "-o", "one.json")

    assert "bob@example.org made these changes" in words(governed("approve", "one.json").err)


def test_a_stranger_does_not_count(governed: Cli) -> None:
    governed.at("plan", "-o", "one.json")
    am(governed, "eve")
    governed("approve", "one.json")
    am(governed, "ann")

    said = governed.at("apply", "one.json")

    assert said.code == 1
    assert "who gives it is not among those who may" in words(said.err)


def test_signatures_are_evidence_where_they_are_asked_for(governed: Cli) -> None:
    governed("audit", "keygen", "bob.key")
    governed.casino.write("segctl.yaml", SETTINGS + POLICIES.replace("max_age: 7d", "signed: true"))
    governed.at("plan", "-o", "one.json")
    am(governed, "bob")
    governed("approve", "one.json")
    assert "not signed by the key" in words(governed.at("apply", "one.json").err)

    governed("approve", "one.json", "--key", "bob.key")
    am(governed, "ann")
    assert governed.at("apply", "one.json").code == 0
    (run,) = [row for row in json.loads(governed("audit", "log", "--json").out) if row["action"] == "apply"]
    assert run["detail"]["approvals"][0]["evidence"] == "signature"


def test_an_edited_approval_is_no_signed_one(governed: Cli) -> None:
    governed("audit", "keygen", "bob.key")
    governed.casino.write("segctl.yaml", SETTINGS + POLICIES.replace("max_age: 7d", "signed: true"))
    governed.at("plan", "-o", "one.json")
    am(governed, "bob")
    governed("approve", "one.json", "--key", "bob.key", "-m", "yes")
    (file,) = (governed.casino.root / "plans/approvals").iterdir()
    file.write_text(file.read_text().replace('"reason":"yes"', '"reason":"YES"'))

    assert "not signed by the key" in words(governed.at("apply", "one.json").err)


def test_a_ci_system_vouches_for_who_runs_it(governed: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    governed.casino.write("segctl.yaml", SETTINGS + POLICIES.replace("[leads]", "['github:octo']"))
    governed.at("plan", "-o", "one.json")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_ACTOR", "octo")

    said = governed("approve", "one.json")

    assert "Approved by github:octo" in words(said.err)
    assert governed.at("apply", "one.json").code == 0


def test_an_approval_may_be_kept_elsewhere(governed: Cli, tmp_path: Path) -> None:
    governed.at("plan", "-o", "one.json")
    am(governed, "bob")
    governed("approve", "one.json")
    (file,) = (governed.casino.root / "plans/approvals").iterdir()
    elsewhere = file.rename(tmp_path / "bob.approval")

    assert governed.at("apply", "one.json").code == 1
    assert governed.at("apply", "one.json", "--approval", elsewhere).code == 0


def test_a_file_that_is_no_approval_is_refused_by_name(governed: Cli) -> None:
    governed.casino.write("plans/approvals/x.approval", "yes, please\n")

    said = governed.at("apply", "--auto-approve")

    assert said.code == 1
    assert "plans/approvals/x.approval cannot be read as an approval" in words(said.err)


def test_the_numbers_that_were_approved_are_held_against_those_of_now(governed: Cli) -> None:
    governed.at("plan", "-o", "one.json")
    am(governed, "bob")
    governed("approve", "one.json", "--tolerance", "0")
    am(governed, "ann")
    governed.casino.sql(
        "INSERT INTO players SELECT 'x' || i, 'DE', 0, NULL, NULL, TIMESTAMPTZ '2025-01-01 00:00+00' FROM range(11) t(i)"
    )

    said = governed.at("apply", "one.json")

    assert said.code == 1
    assert "+4 -0 players were approved, and now it is +15 -0" in words(said.err)


def test_plans_are_listed_with_their_approvals(governed: Cli) -> None:
    assert "No plan is saved" in words(governed("plans", "list").out + governed("plans", "list").err)
    governed.at("plan", "-o", "plans/")
    am(governed, "bob")
    (file,) = (governed.casino.root / "plans").glob("*.json")
    governed("approve", file)
    governed.casino.write("plans/broken.json", "{}")

    said = governed("plans", "list", "--json")

    (row,) = json.loads(said.out)
    assert (row["file"], row["changes"], row["joining"], row["approvals"], row["needed"]) == (
        f"plans/{file.name}", 2, 4, 1, 1,
    )  # fmt: skip
    assert "broken.json is not a segctl plan" in words(said.err)


def test_without_an_address_nobody_approves(governed: Cli) -> None:
    governed.at("plan", "-o", "one.json")
    for key in ("user.name", "user.email"):
        subprocess.run(["git", "config", "--unset", key], cwd=governed.casino.root, check=True)

    said = governed("approve", "one.json")

    assert said.code == 1
    assert "git config user.email" in words(said.err)
