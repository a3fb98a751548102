"""Members of 300 segments: all at once, against one query a segment over the same file, turn and turn about.

Both sides run in processes of their own. Timed is what turns rules into members: compiling, reading, evaluating;
reading the YAML files is not. One query ends with the ids as Arrow, all at once with bitmaps. Every ratio is of two
neighbouring runs. Whatever the clock says, both sides must find the same members.
"""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path
from statistics import median
from typing import Any

from pyroaring import BitMap

from benchmarks.process import process
from benchmarks.projects import HERE, project, warehouse
from benchmarks.table import GIB, Row, figures, most, shown, table

SEGMENTS = 300
FASTER, PEAK_GIB = 4.0, 6.0
MIB_PER_GIB = 1024
SIDES = ("all-at-once", "one-query")
Result = dict[str, Any]


def evaluation(work: Path, players: int, runs: int) -> str:
    """The tables of evaluation."""
    facts = warehouse(work, players)
    folder = project(work / f"project-{SEGMENTS}", SEGMENTS, facts)
    found: dict[str, list[Result]] = {side: [] for side in SIDES}
    for _ in range(runs):
        for side in SIDES:
            found[side].append(_child(side, folder, facts, work))
    title = f"Evaluation of {SEGMENTS} segments × {players:,} players ({facts.stat().st_size / GIB:.2f} GiB)"
    stages, slowest = _stages(found["all-at-once"]), _slowest(found["one-query"])
    return "\n".join((figures(title, _rows(found, work)), stages, slowest))


def _child(side: str, folder: Path, facts: Path, work: Path) -> Result:
    command = [sys.executable, "-m", "benchmarks.child", side, str(folder), str(facts), str(_members(work, side))]
    result: Result = json.loads(process(command, HERE).printed)
    print(f"{side}: {result['seconds']:.1f} s", file=sys.stderr)
    return result


def _members(work: Path, side: str) -> Path:
    return work / f"members-{side}"


def _rows(found: dict[str, list[Result]], work: Path) -> list[Row]:
    ours, theirs = (found[side] for side in SIDES)
    ratios = [b["seconds"] / a["seconds"] for a, b in zip(ours, theirs, strict=True)]
    ratio = median(ratios)
    between = f"{min(ratios):.1f} to {max(ratios):.1f}"
    peak = median(one["peak_mib"] for one in ours) / MIB_PER_GIB
    return [
        most(f"all at once ({ours[0]['features']} different features)", _seconds(ours), None, "s"),
        most("one query a segment", _seconds(theirs), None, "s"),
        Row(f"times faster ({between})", f"{ratio:.1f} ×", f"≥ {FASTER:.0f} ×", ratio >= FASTER),
        most("peak memory, all at once", peak, PEAK_GIB, "GiB"),
        most("peak memory, one query", median(one["peak_mib"] for one in theirs) / MIB_PER_GIB, None, "GiB"),
        _agreement(work),
    ]


def _seconds(results: list[Result]) -> float:
    return median(one["seconds"] for one in results)


def _agreement(work: Path) -> Row:
    """Segments in which both sides have the same members; the others are named, with how many differ."""
    ours, theirs = (pickle.loads(_members(work, side).read_bytes()) for side in SIDES)
    different, total = [], 0
    for name in sorted(ours):
        mine, other = BitMap.deserialize(ours[name]), BitMap.deserialize(theirs[name])
        total += len(mine)
        if mine != other:
            different.append(f"{name} (+{len(mine - other)} −{len(other - mine)})")
    same = f"{len(ours) - len(different)} of {len(ours)} segments"
    return Row(f"same members ({total:,})", ", ".join((same, *different)), f"all {SEGMENTS}", not different)


def _stages(results: list[Result]) -> str:
    """Where the time of the median run went."""
    run = sorted(results, key=lambda one: float(one["seconds"]))[len(results) // 2]
    lines = [(stage, shown(seconds, "s")) for stage, seconds in run["stages"] if seconds >= run["seconds"] / 100]
    rest = run["seconds"] - sum(seconds for _, seconds in run["stages"] if seconds >= run["seconds"] / 100)
    return table("All at once, by stage", ("stage", "time"), [*lines, ("everything below 1 %", shown(rest, "s"))])


def _slowest(results: list[Result]) -> str:
    lines = [(f"`{name}`", shown(seconds, "s")) for name, seconds in results[-1]["slowest"]]
    return table("One query, the slowest segments", ("segment", "time"), lines)
