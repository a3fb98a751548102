"""Whole commands as people run them, from the shell's view: start of Python, imports, work, exit. Medians.

Each project is a git repository of generated segments over a demo warehouse of 20,000 players, with its state in
SQLite beside it. Every command runs once before it is timed, so that bytecode and files are cached.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from benchmarks.process import SEGCTL, repeated
from benchmarks.projects import AS_OF, HERE, forget_state, project, warehouse, write
from benchmarks.rules import segments
from benchmarks.table import Row, figures, memory, seconds

PLAYERS = 20_000
FEW, MANY = 10, 1_000
AT = ("--as-of", AS_OF)
_STARTS = "import gc; gc.set_threshold(1_000_000); import segctl.cli.refresh, segctl.workflow.refresh"
APPLY = (SEGCTL, "apply", "--auto-approve", *AT)


def commands(work: Path, runs: int) -> str:
    """The table of commands."""
    facts = warehouse(work, PLAYERS)
    few, many = project(work / "project-10", FEW, facts), project(work / "project-1000", MANY, facts)
    floor = [sys.executable, "-m", "benchmarks.floor", str(many)]
    rows = [
        *_start(runs),
        _timed(f"`validate`, {FEW} files", [SEGCTL, "validate"], few, runs, asked=0.3),
        _timed(f"floor: Python and libyaml's events of the {MANY:,} files", floor, HERE, runs),
        _timed(f"`validate`, {MANY:,} files", [SEGCTL, "validate"], many, runs, asked=0.4),
        *_deployed(many, runs),
    ]
    return figures("Commands", rows)


def _start(runs: int) -> list[Row]:
    return [
        _timed("Python's own start", [sys.executable, "-c", "pass"], HERE, runs),
        _timed("`segctl --version`", [SEGCTL, "--version"], HERE, runs, asked=0.1),
        _timed("`segctl --help`", [SEGCTL, "--help"], HERE, runs, asked=0.08),
        _timed("start of `refresh`: all that it imports", [sys.executable, "-c", _STARTS], HERE, runs, asked=0.7),
    ]


def _deployed(many: Path, runs: int) -> list[Row]:
    """What needs a state: making it, finding it unchanged, and one changed segment."""
    apply = repeated(APPLY, runs, folder=many, before=partial(forget_state, many))
    plan = [SEGCTL, "plan", *AT]
    same = repeated(plan, runs, folder=many)
    change_one(many)
    changed = repeated(plan, runs, folder=many)
    write(many, segments(MANY - 1))
    return [
        seconds(f"`apply --auto-approve`, {MANY:,} new segments", apply.seconds, apply.cpu, asked=5.0),
        memory("… its peak memory", apply.peak_mib),
        seconds(f"`plan`, {MANY:,} files and no change", same.seconds, same.cpu, asked=0.8),
        memory("… its peak memory", same.peak_mib, asked=200),
        seconds(f"`plan`, one of {MANY:,} segments changed", changed.seconds, changed.cpu, asked=1.8),
        memory("… its peak memory", changed.peak_mib),
    ]


def _timed(what: str, command: list[str], folder: Path, runs: int, *, asked: float | None = None) -> Row:
    found = repeated(command, runs, folder=folder)
    return seconds(what, found.seconds, found.cpu, asked=asked)


def change_one(folder: Path, least: int = 1) -> None:
    """One more condition in the first segment about activity; with 0 at least, everybody meets it."""
    for document in segments(MANY):
        if document["name"].startswith("activity-"):
            document["rules"]["all"].append({"total_withdrawal_count": {"gte": least}})
            write(folder, [document])
            return
