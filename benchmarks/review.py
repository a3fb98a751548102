"""A pull request that changes one of a thousand segments, as CI sees it: whole processes, and their sum.

The first step finds no cache, as in a fresh checkout, and leaves one to the others.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.commands import PLAYERS, change_one
from benchmarks.process import SEGCTL, nothing, process, repeated
from benchmarks.projects import AS_OF, git, warehouse
from benchmarks.table import figures, seconds
from benchmarks.trials import FILES, written
from segctl.files.cache import FOLDER

AT = ("--as-of", AS_OF)
ASKED = 5.0


def review(work: Path, runs: int) -> str:
    """The table of a review: the state has what the base says, every segment has a test."""
    folder = written(work / "review", 1, warehouse(work, PLAYERS))
    git(folder, "add", ".")
    git(folder, "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "Tests")
    process([SEGCTL, "apply", "--auto-approve", *AT], folder)
    change_one(folder, 0)
    plan = (SEGCTL, "plan", "--base", "HEAD", *AT, "-o", ".segctl/plan.json")
    steps = {
        "`validate --format github`": (SEGCTL, "validate", "--format", "github"),
        "`test --base HEAD`": (SEGCTL, "test", "--base", "HEAD"),
        "`plan --base HEAD -o plan.json`": plan,
        "`show plan.json --format markdown`": (SEGCTL, "show", ".segctl/plan.json", "--format", "markdown"),
    }
    found = {
        what: repeated(command, runs, folder=folder, before=_emptied(folder) if "validate" in command else nothing)
        for what, command in steps.items()
    }
    rows = [seconds(what, one.seconds, one.cpu) for what, one in found.items()]
    total = (sum(one.seconds for one in found.values()), sum(one.cpu for one in found.values()))
    rows.append(seconds("all of it", *total, asked=ASKED))
    return figures(f"Review: one of {FILES:,} segments changed, each with a test", rows)


def _emptied(folder: Path) -> Callable[[], None]:
    return lambda: shutil.rmtree(folder / FOLDER, ignore_errors=True)
