"""`segctl test` on a thousand test files: each the one that `test init` proposes for a generated segment.

Tests of one instant are evaluated together, so the number of different instants is what counts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.process import SEGCTL, repeated
from benchmarks.projects import AS_OF, project
from benchmarks.table import Row, figures, seconds
from segctl.workflow.load import load
from segctl.workflow.propose import proposed

FILES = 1_000
INSTANTS = {1: 10.0, 20: 10.0, 200: None}


def trials(work: Path, runs: int) -> str:
    """The table of segment tests."""
    return figures("Segment tests", [_row(work, count, asked, runs) for count, asked in INSTANTS.items()])


def _row(work: Path, instants: int, asked: float | None, runs: int) -> Row:
    folder = written(work / f"tests-{instants}", instants)
    found = repeated([SEGCTL, "test"], runs, folder=folder)
    what = f"`test`, {FILES:,} test files of {instants} different instants"
    return seconds(what, found.seconds, found.cpu, asked=asked)


def written(folder: Path, instants: int, facts: Path | None = None) -> Path:
    """A project of generated segments, each with its test."""
    project(folder, FILES, facts or folder / "nowhere.duckdb")
    loaded = load(folder)
    start = datetime.fromisoformat(AS_OF)
    for number, segment in enumerate(loaded.project.segments.values()):
        at = start + timedelta(days=number % instants)
        assert segment.at is not None
        path = folder / segment.at.file
        path.with_suffix(".test.yaml").write_text(proposed(loaded, segment.name, at), encoding="utf-8")
    return folder
