"""How the time of whole commands grows with the number of segments, and the exponent that fits."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from math import log
from pathlib import Path
from statistics import linear_regression

from benchmarks.commands import AT, PLAYERS, change_one
from benchmarks.process import SEGCTL, process, repeated
from benchmarks.projects import forget_state, project, warehouse
from benchmarks.table import shown, table

COUNTS = (500, 1_000, 5_000)


def many(work: Path, runs: int) -> str:
    """Processor seconds by number of segments: a busy machine changes them least."""
    found = [dict(_of(work, count, runs)) for count in COUNTS]
    lines = []
    for what in found[0]:
        seconds = [one[what] for one in found]
        lines.append([what, *(shown(one, "s") for one in seconds), _exponent(seconds)])
    heads = ["processor time of", *(f"{count:,} segments" for count in COUNTS), "exponent"]
    return table("Many segments, whole commands", heads, lines)


def _of(work: Path, count: int, runs: int) -> Iterator[tuple[str, float]]:
    folder = project(work / f"project-{count}", count, warehouse(work, PLAYERS))

    def cpu(*words: str, without_cache: bool = False) -> float:
        def before() -> None:
            if without_cache:
                shutil.rmtree(folder / ".segctl" / "cache", ignore_errors=True)

        return repeated([SEGCTL, *words], runs, folder=folder, before=before).cpu

    yield "`validate`, no cache yet", cpu("validate", without_cache=True)
    yield "`validate`, unchanged", cpu("validate")
    forget_state(folder)
    yield "`apply --auto-approve`, all new", process([SEGCTL, "apply", "--auto-approve", *AT], folder).cpu
    yield "`plan`, unchanged", cpu("plan", *AT)
    change_one(folder)
    yield "`plan`, one changed", cpu("plan", *AT)
    yield "`refresh`", process([SEGCTL, "refresh", *AT], folder).cpu


def _exponent(seconds: list[float]) -> str:
    """Of the power of the number of segments that time grows with: 1 is linear."""
    slope, _ = linear_regression([log(count) for count in COUNTS], [log(one) for one in seconds])
    return f"{slope:.2f}"
