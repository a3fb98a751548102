"""A project in git: the commit that a plan was made from, and who applied it."""

import json
import subprocess

import pytest

from tests.cli.conftest import Cli
from tests.support.console import segctl


def git(cli: Cli, *arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=cli.casino.root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def committed(cli: Cli) -> str:
    git(cli, "init", "--quiet", "--initial-branch", "main")
    git(cli, "config", "user.name", "Ann Author")
    git(cli, "config", "user.email", "ann@example.org")
    cli.casino.write(".gitignore", ".segctl/\n*.duckdb\n")
    cli.casino.segment("germans", {"country": "DE"})
    git(cli, "add", ".")
    git(cli, "commit", "--quiet", "-m", "First")
    return git(cli, "rev-parse", "HEAD")


def test_a_plan_names_its_commit_and_whether_files_differ(cli: Cli) -> None:
    commit = committed(cli)

    assert cli.at("plan").out.startswith(
        f"dev · state 0 · as of 2025-03-01 12:00:00 UTC · commit {commit[:7]} (clean)\n"
    )
    cli.casino.segment("british", {"country": "GB"})
    assert f"commit {commit[:7]} (dirty)" in cli.at("plan").out
    plan = json.loads(cli.at("plan", "--json").out)
    assert plan["commit"] == {"id": commit, "dirty": True, "branch": "main", "author": "Ann Author"}


def test_the_log_names_who_applied_which_commit(cli: Cli) -> None:
    commit = committed(cli)

    cli.at("apply", "--auto-approve")

    log = json.loads(cli("audit", "log", "--json").out)
    assert {row["commit_id"] for row in log} == {commit}
    assert {row["actor"]["author"] for row in log} == {"Ann Author"}
    assert "Ann Author" in cli("show", "germans").out


def test_a_repository_without_a_commit_is_none(cli: Cli) -> None:
    git(cli, "init", "--quiet")
    cli.casino.segment("germans", {"country": "DE"})

    assert "no commit" in cli.at("plan").out


def test_without_git_there_is_no_commit(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(cli)
    monkeypatch.setenv("PATH", str(cli.casino.root))

    said = cli.at("plan")

    assert (said.code, "no commit" in said.out) == (0, True)


def test_a_project_may_be_a_folder_of_its_repository(cli: Cli) -> None:
    git(cli, "init", "--quiet", "..")
    git(cli, "add", ".")
    git(cli, "-c", "user.name=A\u2028B", "-c", "user.email=ann@example.org", "commit", "--quiet", "-m", "First")

    clean = json.loads(cli.at("plan", "--json").out)["commit"]
    cli.casino.write("../elsewhere.txt", "not ours")
    elsewhere = json.loads(cli.at("plan", "--json").out)["commit"]
    cli.casino.write("segments/new.yaml", "kind: Segment\nname: new\ntype: dynamic\nrules: {country: DE}\n")
    dirty = json.loads(cli.at("plan", "--json").out)["commit"]

    assert (clean["author"], clean["dirty"], elsewhere["dirty"], dirty["dirty"]) == (
        "A\u2028B",
        False,
        False,
        True,
    )


def test_a_detached_head_has_no_branch(cli: Cli) -> None:
    commit = committed(cli)
    git(cli, "checkout", "--quiet", "--detach")

    assert json.loads(cli.at("plan", "--json").out)["commit"] == {
        "id": commit,
        "dirty": False,
        "author": "Ann Author",
    }


def test_a_plan_is_applied_from_its_commit_again(cli: Cli) -> None:
    committed(cli)
    cli.at("plan", "-o", "plan.json")
    cli.casino.segment("germans", {"country": "GB"})

    refused = cli.at("apply", "plan.json")
    git(cli, "checkout", "--quiet", "--", "segments")

    assert (refused.code, cli.at("apply", "plan.json").code) == (1, 0)


@pytest.mark.parametrize("words", [("apply", "--auto-approve"), ("refresh",), ("run", "--once"), ("deliver",)])
def test_who_has_no_git_works_all_the_same(deployed: Cli, words: tuple[str, ...]) -> None:
    said = segctl(deployed.casino.root, *words, PATH=str(deployed.casino.root))

    assert said.returncode == 0, said.stderr
