"""The workflows of this repository: each of their steps run as a script, and what a careful reader of them finds."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.forge import TOKEN, Fake, forge
from tests.support.workflow import INSTALLS, WORKFLOWS, Runner, labels, runs, workflow

ROOT = Path(__file__).parents[1]
NAMES = ("apply", "ci", "refresh", "segments")
PINNED = re.compile(r"[\w-]+/[\w/-]+@[0-9a-f]{40}").fullmatch


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project's segments in a repository of their own: `main`, and a branch that edits."""
    root = tmp_path_factory.mktemp("repository")
    for name in ("segctl.yaml", ".gitignore"):
        shutil.copy(ROOT / name, root / name)
    for name in ("segments", "schemas"):
        shutil.copytree(ROOT / name, root / name)
    git(root, "init", "-q", "-b", "main")
    commit(root, "main")
    git(root, "checkout", "-q", "-b", "edit")
    file = root / "segments/shared/vip-level.yaml"
    file.write_text(file.read_text().replace("gte: 3", "gte: 2"))
    for tests in (root / "segments/value").glob("vip*.test.yaml"):  # which would not let it pass
        tests.unlink()
    commit(root, "edit")
    return root


def git(root: Path, *words: str) -> str:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    done = subprocess.run(["git", *identity, *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(root: Path, message: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message)


@pytest.fixture
def runner(repository: Path, tmp_path: Path) -> Iterator[tuple[Runner, Fake]]:
    """A runner of a pull request from `edit`, and the forge it comments on."""
    with forge() as fake:
        known = {
            "github.sha": git(repository, "rev-parse", "edit"),
            "github.event.pull_request.base.sha": git(repository, "rev-parse", "main"),
            "github.event.pull_request.number": "17",
            "github.token": TOKEN,
            "toJSON(github.event.pull_request.labels.*.name)": labels(),
        }
        environment = {"GITHUB_API_URL": fake.api, "GITHUB_REPOSITORY": "acme/segments", "GITHUB_ACTIONS": "true"}
        yield Runner(tmp_path, repository, known, environment), fake


def test_a_pull_request_is_checked_planned_and_commented(runner: tuple[Runner, Fake]) -> None:
    run, fake = runner

    assert run.job("segments", "check") == 0, run.said
    assert few(run, "plan") == 1, run.said
    assert run.job("segments", "comment") == 0, run.said

    (body,) = fake.bodies(17)
    assert "vip\\-level" in body
    assert "SEG901" in body
    assert "--allow max_change" in body
    assert "SEG901" in run.summary
    assert "::error " in run.said


def test_a_label_is_the_permission(runner: tuple[Runner, Fake]) -> None:
    run, fake = runner
    run.known["toJSON(github.event.pull_request.labels.*.name)"] = labels("crm", "allow:max_change", "a `b` $(c)")

    assert few(run, "plan") == 0, run.said
    assert run.job("segments", "comment") == 0, run.said
    assert "Hazards, all allowed" in fake.bodies(17)[0]


def few(run: Runner, job: str) -> int:
    """A job with fewer players than it makes there."""
    run.environment["PLAYERS"] = "1000"
    found: Any = workflow("segments")["jobs"][job]["env"]
    assert found["PLAYERS"] == "20000"
    return run.job("segments", job)


@pytest.fixture
def production(runner: tuple[Runner, Fake], repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner on main, with databases, and a `gh` that knows the labels of the merged request."""
    run, _ = runner
    there = tmp_path_factory.mktemp("databases")
    segctl = Path(sys.executable).with_name("segctl")
    for words in (("demo", "--players", "1000"),):
        subprocess.run([segctl, *words, "-C", there], capture_output=True, check=True)
    warehouse = next(there.rglob("demo.duckdb"))
    tools = tmp_path_factory.mktemp("tools")
    (tools / "gh").write_text('#!/bin/sh\necho "allow:max_change"\necho "crm"\n')
    (tools / "gh").chmod(0o755)
    run.known |= {
        "github.sha": git(repository, "rev-parse", "main"),
        "secrets.SEGCTL_WAREHOUSE": f"duckdb:///{warehouse}",
        "secrets.SEGCTL_STATE": f"sqlite:///{there}/production.db",
    }
    run.environment |= {"GITHUB_SHA": run.known["github.sha"], "PREPENDED": str(tools)}
    run.environment["PATH"] = f"{tools}:{segctl.parent}:/usr/local/bin:/usr/bin:/bin"
    return run


def test_a_merge_is_planned_applied_and_refreshed(production: Runner) -> None:
    assert production.job("apply", "plan") == 0, production.said
    assert production.known["steps.plan.outputs.changes"] == "true"
    assert production.job("apply", "apply") == 0, production.said
    assert "Applied" in production.said
    assert "checkpoint" in production.artifacts

    assert production.job("refresh", "refresh") == 0, production.said
    assert "intact" in production.said
    assert production.job("apply", "plan") == 0, production.said
    assert production.known["steps.plan.outputs.changes"] == "false"


def test_a_plan_that_is_stale_changes_nothing(production: Runner) -> None:
    assert production.job("apply", "plan") == 0, production.said
    kept = production.artifacts["plan"].read_bytes()
    assert production.job("apply", "apply") == 0, production.said

    production.artifacts["plan"].write_bytes(kept)
    assert production.job("apply", "apply") == 1
    assert "Refused" in production.said


@pytest.mark.parametrize("name", NAMES)
def test_actions_are_pinned_and_permissions_are_named(name: str) -> None:
    document = workflow(name)

    assert document["permissions"] == {"contents": "read"}
    for job in document["jobs"].values():
        assert job["timeout-minutes"]
        assert [step["uses"] for step in job["steps"] if "uses" in step and not PINNED(step["uses"])] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_script_has_an_expression_in_it(name: str) -> None:
    """What stands in a script as `${{ }}` becomes a part of it, whoever wrote it."""
    assert [run for _, run in runs(name) if "${{" in run] == []


def test_only_one_job_may_write_and_it_runs_nothing_of_the_pull_request() -> None:
    jobs = workflow("segments")["jobs"]

    writing = [key for key, job in jobs.items() if "write" in job.get("permissions", {}).values()]
    assert writing == ["comment"]
    checkouts = [
        step["with"].get("ref") for step in jobs["comment"]["steps"] if "checkout" in step.get("uses", "")
    ]
    assert checkouts == ["${{ github.event.pull_request.base.sha }}"]


def test_the_steps_that_install_are_the_only_ones_left_out() -> None:
    installs = {
        step["run"]
        for name in NAMES
        for job in workflow(name)["jobs"].values()
        for step in job["steps"]
        if step.get("name") == INSTALLS
    }

    assert installs == {
        'python -m pip install --quiet ".[postgres]"',
        'python -m pip install --quiet "./base[postgres]"',
    }


def test_an_auditor_of_workflows_finds_nothing() -> None:
    command = [
        Path(sys.executable).with_name("zizmor"),
        "--offline",
        "--no-progress",
        "--format",
        "json",
        WORKFLOWS.parent,
        ROOT / "action.yml",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert yaml.safe_load(done.stdout) == [], done.stdout
    assert done.returncode == 0, done.stderr


def test_the_hooks_of_pre_commit_are_commands_that_exist(tmp_path: Path) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    shutil.copy(ROOT / "segctl.yaml", tmp_path)
    shutil.copytree(ROOT / "segments", tmp_path / "segments")
    segctl = Path(sys.executable).with_name("segctl")

    assert {hook["id"] for hook in hooks} == {"segctl-validate", "segctl-fmt", "segctl-lint"}
    for hook in hooks:
        words = hook["entry"].split()
        done = subprocess.run([segctl, *words[1:]], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (hook["entry"], done.stdout, done.stderr)
        assert re.match(hook["files"], "segments/lifecycle/dormant.yaml")
