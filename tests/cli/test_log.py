"""segctl log: commits, versions and the audit log of a segment in one line of time."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from segctl.files.commits import commits_of, commits_of_name
from tests.cli.conftest import Cli
from tests.support.casino import ON_BOTH

ENVIRONMENT = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}


def git(folder: Path, *arguments: str | bytes, day: int = 1) -> str:
    dated = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"2025-03-{day:02}T10:00:00Z")
    done = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT, **dated},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace").strip()


def committed(cli: Cli, subject: str, *, day: int) -> str:
    root = cli.casino.root
    git(root, "add", "-A")
    git(root, "commit", "--quiet", "-m", subject, day=day)
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def story(cli: Cli) -> list[str]:
    """Two commits of a segment, one of them applied; then it is renamed, and applied again."""
    casino = cli.casino
    git(casino.root, "init", "--quiet", "--initial-branch", "main")
    git(casino.root, "config", "user.name", "Bea")
    git(casino.root, "config", "user.email", "bea@example.org")
    casino.write(".gitignore", ".segctl/\n*.duckdb\n")
    casino.segment("germans", {"country": "DE"}, title="Germans of all the levels there are")
    commits = [committed(cli, "First", day=1)]
    casino.apply()
    casino.later(days=1)
    casino.segment("germans", {"all": [{"country": "DE"}, {"vip_level": {"gte": 1}}]})
    commits.append(committed(cli, "Only some", day=2))
    casino.apply()
    return commits


def events(cli: Cli, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(cli("log", *arguments, "--json").out)["events"]
    return found


@ON_BOTH
def test_commits_and_versions_name_each_other(cli: Cli, story: list[str]) -> None:
    found = events(cli, "germans")

    first, second = story
    assert [(one["kind"], one["at"], one["commit"]) for one in found] == [
        ("version", "2025-03-02T12:00:00Z", second),
        ("commit", "2025-03-02T10:00:00Z", second),
        ("version", "2025-03-01T12:00:00Z", first),
        ("commit", "2025-03-01T10:00:00Z", first),
    ]
    assert [(one["version"], one["action"], one["joined"], one["left"]) for one in found[::2]] == [
        (2, "update", 0, 1),
        (1, "create", 4, 0),
    ]
    assert [(one["subject"], one["by"], one["versions"]) for one in found[1::2]] == [
        ("Only some", "Bea", [2]),
        ("First", "Bea", [1]),
    ]
    assert all(one["audit"] is not None and one["plan"] is not None for one in found[::2])


def test_it_is_told_in_80_columns(cli: Cli, story: list[str]) -> None:
    lines = cli("log", "germans").out.splitlines()

    assert max(map(len, lines)) <= 80
    assert "2 update +0 \u22121" in lines[1]
    assert "Only some" in lines[2]
    assert all(story[1][:7] in line for line in lines[1:3])


def test_a_renamed_segment_keeps_its_story(cli: Cli, story: list[str]) -> None:
    casino = cli.casino
    text = (casino.root / "segments/germans.yaml").read_text()
    casino.remove("germans")
    casino.later(days=1)
    casino.write("segments/geo/dach.yaml", text.replace("name: germans", "name: dach\nrenamed_from: germans"))
    committed(cli, "Another name", day=3)
    casino.apply()

    found = events(cli, "dach")

    assert [one.get("subject", one.get("action")) for one in found] == [
        *("rename", "Another name", "update", "Only some", "create", "First")
    ]
    assert [one["name"] for one in found if one["kind"] == "version"] == ["dach", "germans", "germans"]
    assert "as germans" in cli("log", "dach").out
    assert len(story) == 2


def test_what_is_archived_keeps_its_commits(cli: Cli, story: list[str]) -> None:
    cli.casino.remove("germans")
    cli.casino.later(days=1)
    committed(cli, "Gone", day=3)
    cli.casino.apply()

    found = events(cli, "germans")

    assert [one.get("subject", one.get("action")) for one in found] == [
        *("archive", "Gone", "update", "Only some", "create", "First")
    ]
    assert found[0]["commit"] not in story
    assert [one["kind"] for one in events(cli, "germans", "--limit", "2")] == ["version", "commit"]


def test_what_the_audit_log_has_beside_versions_is_told(cli: Cli, story: list[str]) -> None:
    cli.casino.segment("mail", {"email": "anna@example.com"})
    cli.casino.apply()
    assert cli("explain", "mail", "anna", "--reveal").code == 0

    found = events(cli, "mail")

    assert ("audit", "reveal") in [(one["kind"], one.get("action")) for one in found]
    assert "anna" not in json.dumps(found)
    assert story


def test_edits_are_said(cli: Cli, story: list[str]) -> None:
    assert cli("log", "germans").err == ""

    cli.casino.segment("germans", {"country": "IT"})

    assert cli("log", "germans").err == "segments/germans.yaml has edits that are not committed.\n"
    assert json.loads(cli("log", "germans", "--json").out)["edited"] is True
    assert story


def test_before_it_is_applied_a_segment_has_commits(cli: Cli, story: list[str]) -> None:
    cli.casino.segment("new", {"country": "IT"})
    commit = committed(cli, "New", day=3)

    assert [(one["kind"], one["commit"]) for one in events(cli, "new")] == [("commit", commit)]
    assert events(cli, "segment.new") == events(cli, "new")
    assert story


def test_guards_and_the_catalog_have_a_story(cli: Cli, story: list[str]) -> None:
    settings = (cli.casino.root / "segctl.yaml").read_text()
    cli.casino.write("segctl.yaml", settings + "guards: {marketing: {vip_level: {gte: 0}}}\n")
    committed(cli, "A guard", day=3)
    cli.casino.apply()

    assert [one.get("subject") for one in events(cli, "guard.marketing")] == ["A guard", None, "First"]
    assert [one.get("subject") for one in events(cli, "catalog.small")] == [None, "First"]
    assert story


def test_without_git_there_are_versions(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.casino.segment("germans", {"country": "DE"})
    cli.casino.apply()

    said = cli("log", "germans")
    assert "1 create" in said.out
    assert said.err == "There is no git history here.\n"
    monkeypatch.setenv("PATH", str(cli.casino.root))
    assert [one["kind"] for one in events(cli, "germans")] == ["version"]


def test_what_there_is_not_is_refused_with_the_way_out(cli: Cli, story: list[str]) -> None:
    said = cli("log", "germens")

    assert (said.code, said.out) == (1, "")
    assert "Nothing deployed is called `germens`" in said.err
    assert "Did you mean `germans`?" in said.err
    assert story


def test_a_shallow_clone_says_that_more_may_be_missing(cli: Cli, story: list[str], tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{cli.casino.root}", "clone")

    found = commits_of(tmp_path / "clone", "segments/germans.yaml", 50)

    assert found is not None
    assert ([one.commit for one in found.commits], found.shallow) == (story[1:], True)


@pytest.mark.parametrize("way", ["detached", "worktree", "below"])
def test_wherever_the_files_are_checked_out(cli: Cli, story: list[str], tmp_path: Path, way: str) -> None:
    root, name = cli.casino.root, "segments/germans.yaml"
    if way == "detached":
        git(root, "checkout", "--quiet", "--detach", story[0])
    elif way == "worktree":
        git(root, "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "tree"))
        root = tmp_path / "tree"
    else:
        root, name = root / "segments", "germans.yaml"

    found = commits_of(root, name, 50)

    assert found is not None
    commits = [one.commit for one in found.commits]
    assert commits == (story[:1] if way == "detached" else story[::-1])


def test_names_that_are_not_utf_8_are_read(cli: Cli, story: list[str]) -> None:
    root = cli.casino.root
    cli.casino.segment("germans", {"country": "IT"})
    git(root, "-c", "i18n.commitEncoding=latin1", "-c", b"user.name=Ren\xe9", "commit", "-qam", b"Caf\xe9", day=3)
    cli.casino.segment("germans", {"country": "FR"})
    git(root, "-c", b"user.name=B\xff\x1b[2J", "commit", "-qam", b"bad \xff", day=4)

    bad, latin, *_ = commits_of(root, "segments/germans.yaml", 50).commits  # type: ignore[union-attr]

    assert (latin.author, latin.subject) == ("René", "Café")
    assert bad.subject.startswith("bad ")
    assert "\x1b" not in cli("log", "germans").out
    assert story


@pytest.mark.parametrize("name", ["--output=x", ":(top)a", "*", "a b", "é", "-n", "[a]", "\\x"])
def test_a_name_of_a_file_is_no_more_than_that(cli: Cli, story: list[str], name: str) -> None:
    root = cli.casino.root
    (root / "segments" / name).write_text("x")
    commit = committed(cli, "One", day=3)
    (root / name).write_text("another")

    found = commits_of(root, f"segments/{name}", 50)

    assert found is not None
    assert ([one.commit for one in found.commits], found.edited) == ([commit], False)
    assert story


def test_settings_of_git_change_nothing(cli: Cli, story: list[str]) -> None:
    root = cli.casino.root
    settings = {
        "color.ui": "always",
        "log.showSignature": "true",
        "log.follow": "true",
        "log.date": "relative",
        "i18n.logOutputEncoding": "latin1",
        "format.pretty": "oneline",
        "log.decorate": "full",
        "status.showUntrackedFiles": "all",
        "core.pager": "false",
        "log.diffMerges": "on",
    }
    for key, value in settings.items():
        git(root, "config", key, value)

    found = commits_of(root, "segments/germans.yaml", 50)
    gone = commits_of_name(root, "segments", "germans.yaml", 1)

    assert found is not None
    assert gone is not None
    assert [one.commit for one in found.commits] == story[::-1]
    assert [one.commit for one in gone.commits] == story[1:]


def test_a_repository_without_a_commit_has_no_history(cli: Cli) -> None:
    git(cli.casino.root, "init", "--quiet")

    assert commits_of(cli.casino.root, "segctl.yaml", 50) is None
