"""A plan tells what it would undo: deployed versions that came from elsewhere than these files."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_git import committed, git


@pytest.fixture
def two(cli: Cli) -> Cli:
    """`main` is deployed; on a branch, a colleague deploys an edit that main never had."""
    committed(cli)
    cli.at("apply", "--auto-approve")
    git(cli, "checkout", "-q", "-b", "hotfix")
    cli.casino.segment("germans", {"country": ["DE", "AT"]})
    git(cli, "commit", "-qam", "Austrians too")
    cli.casino.later(hours=1)
    return cli


def outside(cli: Cli) -> dict[str, tuple[int, bool]]:
    changes = json.loads(cli.at("plan", "--json").out)["changes"]
    return {
        one["address"]: (one["outside"]["version"], one["outside"]["dirty"]) for one in changes if "outside" in one
    }


def test_what_another_branch_deployed_is_told_before_it_is_undone(two: Cli) -> None:
    assert outside(two) == {}, "an edit upon what these files said is none of it"
    two.at("apply", "--auto-approve")
    git(two, "checkout", "-q", "main")

    assert outside(two) == {"segment.germans": (2, False)}
    assert "! changed outside of these files: version 2 by Ann Author, " in two.at("plan").out


def test_where_it_is_merged_it_is_not_outside(two: Cli) -> None:
    two.at("apply", "--auto-approve")
    git(two, "checkout", "-q", "main")
    git(two, "merge", "-q", "hotfix")
    two.casino.segment("germans", {"country": ["DE", "AT", "IT"]})

    assert outside(two) == {}


def test_edits_that_were_never_committed_are_outside(two: Cli) -> None:
    two.casino.segment("germans", {"country": ["DE", "GB"]})
    two.at("apply", "--auto-approve")
    git(two, "checkout", "-q", "--", ".")

    assert outside(two) == {"segment.germans": (2, True)}


def test_a_commit_that_was_never_pushed_is_outside_and_an_older_one_of_a_shallow_clone_is_not(
    two: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = two.casino.root
    two.at("apply", "--auto-approve")
    git(two, "checkout", "-q", "main")
    git(two, "clone", "-q", "--single-branch", "--branch", "main", root.as_uri(), str(tmp_path / "whole"))
    git(two, "checkout", "-q", "hotfix")
    git(two, "commit", "-q", "--allow-empty", "-m", "later")
    git(two, "clone", "-q", "--depth", "1", "--branch", "hotfix", root.as_uri(), str(tmp_path / "shallow"))
    for name, expected in (("whole", {"segment.germans": (2, False)}), ("shallow", {})):
        there = tmp_path / name
        (there / ".segctl").symlink_to(root / ".segctl")
        (there / "warehouse.duckdb").symlink_to(root / "warehouse.duckdb")
        (there / "segments/germans.yaml").write_text(
            "kind: Segment\nname: germans\ntype: dynamic\nrules: {country: IT}\n"
        )
        monkeypatch.chdir(there)
        assert outside(two) == expected, name


def test_without_git_nothing_is_said(deployed: Cli) -> None:
    deployed.casino.segment("germans", {"country": "GB"})

    assert outside(deployed) == {}
