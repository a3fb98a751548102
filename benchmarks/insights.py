"""What 300 segments are worth, for all of them at once, beside the evaluation of the same segments.

`segctl insights` is timed as a whole command, from the shell's view; the evaluation is what turns rules into
members alone, in a process of its own, turn and turn about.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from subprocess import run

from benchmarks.evaluation import SEGMENTS, child
from benchmarks.process import SEGCTL, process
from benchmarks.projects import AS_OF, project, warehouse
from benchmarks.rules import segments
from benchmarks.table import GIB, Row, figures, memory, seconds

TIMES = 1.5
EVALUATION = "all-at-once"


def insights(work: Path, players: int, runs: int) -> str:
    """The table of insights."""
    facts = warehouse(work, players)
    folder = project(work / "project-insights", SEGMENTS, facts)
    run([SEGCTL, "apply", "--auto-approve", "--as-of", AS_OF], cwd=folder, check=True, capture_output=True)
    names = [str(document["name"]) for document in segments(SEGMENTS - 1)]
    command = [SEGCTL, "insights", *names, "--csv"]
    process(command, folder)
    evaluations, told = [], []
    for _ in range(runs):
        evaluations.append(child(EVALUATION, folder, facts, work))
        told.append(process(command, folder))
    evaluated = median(float(one["seconds"]) for one in evaluations)
    took = median(one.seconds for one in told)
    ratio = took / evaluated
    rows = [
        seconds("evaluation of all segments", evaluated, median(float(one["cpu"]) for one in evaluations)),
        seconds(f"`segctl insights` of {len(names)} segments", took, median(one.cpu for one in told)),
        Row("… of the evaluation", f"{ratio:.2f} times", "", f"≤ {TIMES} times", ratio <= TIMES),
        memory("… its peak memory", median(one.peak_mib for one in told)),
    ]
    return figures(f"Insights for {players:,} players ({facts.stat().st_size / GIB:.2f} GiB)", rows)
