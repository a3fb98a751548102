"""segctl plan --base: what a branch brings, and nothing that was there before; under the settings of the base."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Said
from tests.support.casino import CATALOG
from tests.support.casino_facts import SETTINGS

EVIL = SETTINGS.replace("warehouse: duckdb:///warehouse.duckdb", "warehouse: duckdb:///evil.duckdb")


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True)
    return os.fsdecode(done.stdout).strip()


@pytest.fixture
def branch(cli: Cli) -> Cli:
    """A commit with two segments, of which one is deployed; then a branch."""
    root = cli.casino.root
    cli.casino.write(".gitignore", ".segctl/\n*.duckdb\n")
    cli.casino.segment("germans", {"country": "DE"})
    cli.casino.apply()
    cli.casino.segment("british", {"country": "GB"})
    for words in (("init", "-q", "-b", "main"), ("config", "user.name", "Ann"), ("config", "user.email", "a@b.c")):
        git(root, *words)
    commit(cli, "base")
    git(root, "checkout", "-q", "-b", "branch")
    return cli


def commit(cli: Cli, message: str) -> str:
    git(cli.casino.root, "add", "-A")
    git(cli.casino.root, "commit", "-q", "-m", message)
    return git(cli.casino.root, "rev-parse", "HEAD")


def changes(said: Said) -> list[str]:
    return [f"{'+'.join(one['actions'])} {one['address']}" for one in json.loads(said.out)["changes"]]


def planned(cli: Cli, base: str = "main") -> list[str]:
    return changes(cli.at("plan", "--base", base, "--json"))


def test_what_the_base_has_too_is_left_out(branch: Cli) -> None:
    assert changes(branch.at("plan", "--json")) == ["create segment.british"]
    assert planned(branch) == []

    branch.casino.segment("italians", {"country": "IT"})
    branch.casino.segment("germans", {"country": ["DE", "AT"]})

    assert planned(branch) == ["update segment.germans", "create segment.italians"]


def test_what_is_taken_away_is_archived_and_a_rename_is_one(branch: Cli) -> None:
    branch.casino.remove("germans")
    assert planned(branch) == ["archive segment.germans"]

    branch.casino.segment("de", {"country": "DE"}, renamed_from="germans")
    assert planned(branch) == ["rename segment.de"]


def test_what_a_change_needs_and_the_state_lacks_comes_with_it(branch: Cli) -> None:
    catalog = CATALOG + "  deposit_max: {of: payments, max: amount}\n"
    branch.casino.write("segments/catalog.yaml", catalog)
    commit(branch, "a field")
    git(branch.casino.root, "branch", "-f", "main")

    branch.casino.segment("both", {"any": [{"in_segment": "british"}, {"country": "IT"}]})
    assert planned(branch) == ["create segment.both", "create segment.british"]

    branch.casino.segment("both", {"deposit_max": {"gte": 100}})
    assert planned(branch) == ["update catalog.small", "create segment.both"]


def test_a_guard_that_is_not_deployed_yet_comes_with_what_it_guards(branch: Cli) -> None:
    branch.casino.write("segctl.yaml", SETTINGS + "guards: {marketing: {vip_level: {gte: 1}}}\n")
    commit(branch, "a guard")
    git(branch.casino.root, "branch", "-f", "main")
    branch.casino.segment("italians", {"country": "IT"})

    assert planned(branch) == ["create guard.marketing", "create segment.italians"]


def test_the_settings_are_those_of_the_base(branch: Cli) -> None:
    limits = "limits: {min_members: 5}\n"
    branch.casino.write("segctl.yaml", SETTINGS + limits)
    commit(branch, "limits")
    git(branch.casino.root, "branch", "-f", "main")
    branch.casino.write("segctl.yaml", EVIL + "allow: [min_members]\n")
    branch.casino.segment("italians", {"country": "IT"})

    said = branch.at("plan", "--base", "main")

    assert said.code == 0, said.err
    assert "SEG902 italians: 0 → 2 members; at least 5 are asked for.  --allow min_members:italians" in said.out


def test_a_saved_plan_of_a_branch_is_applied_and_leaves_the_rest(branch: Cli) -> None:
    branch.casino.segment("italians", {"country": "IT"})
    base = git(branch.casino.root, "rev-parse", "main")

    said = branch.at("plan", "--base", "main", "-o", "one.json")
    assert f"against {base[:7]}" in said.out
    assert json.loads((branch.casino.root / "one.json").read_text())["against"] == base
    assert branch.at("apply", "one.json").code == 0

    assert changes(branch.at("plan", "--json")) == ["create segment.british"]


@pytest.mark.parametrize("ref", ["nothing", "--output=/tmp/x", "", "HEAD:segctl.yaml", "main\nx"])
def test_what_is_no_commit_is_refused(branch: Cli, ref: str) -> None:
    said = branch.at("plan", f"--base={ref}")

    assert said.code == 1
    assert "git knows no commit" in said.err


def test_in_a_shallow_clone_on_a_detached_head_and_in_a_worktree(
    branch: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = branch.casino.root
    branch.casino.segment("italians", {"country": "IT"})
    head = commit(branch, "italians")
    git(root, "clone", "-q", "--depth", "2", "--branch", "branch", root.as_uri(), str(tmp_path / "shallow"))
    git(root, "worktree", "add", "-q", "--detach", str(tmp_path / "tree"), head)
    for place in ("shallow", "tree"):
        there = tmp_path / place
        (there / ".segctl").symlink_to(root / ".segctl")
        (there / "warehouse.duckdb").symlink_to(root / "warehouse.duckdb")
        monkeypatch.chdir(there)

        assert planned(branch, "HEAD~1") == ["create segment.italians"], place
        assert json.loads(branch.at("plan", "--json").out)["commit"]["id"] == head


def test_a_commit_that_was_never_fetched_is_refused_with_the_command(
    branch: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = branch.casino.root
    git(root, "clone", "-q", "--depth", "1", root.as_uri(), str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")

    said = branch.at("plan", "--base", git(root, "rev-parse", "main") + "~1")

    assert said.code == 1
    assert "git fetch" in said.err


@pytest.mark.parametrize("suffix", [b".yaml", b".txt"])
def test_names_that_are_not_utf8_neither_break_nor_pass(branch: Cli, suffix: bytes) -> None:
    odd = Path(os.fsdecode(os.fsencode(branch.casino.root / "segments") + b"/\xff\xfe" + suffix))
    odd.write_text("kind: Segment\n")
    base = commit(branch, "odd")
    branch.casino.segment("italians", {"country": "IT"})
    said = branch.at("plan", "--base", "main")
    assert said.code == 1
    assert "SEG009" in said.err

    odd.unlink()
    assert planned(branch, base) == planned(branch) == ["create segment.italians"]


def test_links_and_files_outside_are_not_followed_in_a_commit(branch: Cli) -> None:
    (branch.casino.root / "segments/link.yaml").symlink_to("/etc/passwd")
    base = commit(branch, "link")
    (branch.casino.root / "segments/link.yaml").unlink()
    branch.casino.segment("italians", {"country": "IT"})

    assert planned(branch, base) == ["create segment.italians"]
