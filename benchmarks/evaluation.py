"""Members of 300 segments: all at once, against one query a segment over the same file, turn and turn about.

Both sides run in processes of their own. Timed is what turns rules into members: compiling, reading, evaluating;
reading the YAML files is not. One query ends with the ids as Arrow, all at once with bitmaps. Beside them stands
one scan of the needed columns. Every ratio is of neighbouring runs. Whatever the clock says, both sides must find
the same members.
"""

from __future__ import annotations

import json
import pickle
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from pyroaring import BitMap

from benchmarks.process import process
from benchmarks.projects import HERE, project, warehouse
from benchmarks.table import GIB, Row, figures, memory, seconds, shown, table

SEGMENTS = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """How many times faster than one query a segment; at most so many scans, and so much memory."""

    faster: float
    scans: float | None = None
    peak_mib: float | None = None


ASKED = Asked(6.0, 20.0, 6 * 1024.0)
A_THOUSAND = Asked(11.0)
FIVE_MILLION = Asked(5.0, peak_mib=8 * 1024.0)
SIDES = ("all-at-once", "one-query")
UNIT = "scan"
Result = dict[str, Any]


def evaluation(work: Path, players: int, runs: int, segments: int = SEGMENTS, asked: Asked = ASKED) -> str:
    """The tables of evaluation."""
    facts = warehouse(work, players)
    folder = project(work / f"project-{segments}", segments, facts)
    found: dict[str, list[Result]] = {side: [] for side in (UNIT, *SIDES)}
    for _ in range(runs):
        for side, results in found.items():
            results.append(child(side, folder, facts, work))
    title = f"Evaluation of {segments:,} segments for {players:,} players ({facts.stat().st_size / GIB:.2f} GiB)"
    told, slow = stages(found["all-at-once"]), slowest(found["one-query"])
    return "\n".join((figures(title, _rows(found, work, segments, asked)), told, slow))


def child(side: str, folder: Path, facts: Path, work: Path) -> Result:
    command = [
        sys.executable,
        "-m",
        "benchmarks.child",
        side,
        str(folder),
        str(facts),
        str(members_file(work, side)),
    ]
    result: Result = json.loads(process(command, HERE).printed)
    print(f"{side}: {result['seconds']:.1f} s, {result['cpu']:.1f} s of CPU", file=sys.stderr)
    return result


def members_file(work: Path, side: str) -> Path:
    """Where a side leaves what it found."""
    return work / f"members-{side}"


def _rows(found: dict[str, list[Result]], work: Path, segments: int, asked: Asked) -> list[Row]:
    ours, theirs = (found[side] for side in SIDES)
    return [
        _time("one scan of the needed columns", found[UNIT]),
        _time(f"all at once ({ours[0]['features']} different features)", ours),
        _time("one query a segment", theirs),
        scans(ours, found[UNIT], asked.scans),
        _ratio(ours, theirs, asked.faster),
        memory("peak memory, all at once", _median(ours, "peak_mib"), asked=asked.peak_mib),
        memory("peak memory, one query", _median(theirs, "peak_mib")),
        agreement(*(members_file(work, side) for side in SIDES), segments),
    ]


def _time(what: str, results: list[Result]) -> Row:
    return seconds(what, _median(results, "seconds"), _median(results, "cpu"))


def scans(ours: list[Result], unit: list[Result], asked: float | None) -> Row:
    """How many scans all at once is worth, by CPU."""
    found = median(mine["cpu"] / one["cpu"] for mine, one in zip(ours, unit, strict=True))
    limit, met = ("", None) if asked is None else (f"≤ {asked:.0f}", found <= asked)
    return Row("all at once, in scans", "", f"{found:.1f}", limit, met)


def _ratio(ours: list[Result], theirs: list[Result], asked: float) -> Row:
    """How many times faster all at once is, by the clock and by CPU: the median of neighbouring runs."""
    pairs = list(zip(ours, theirs, strict=True))
    wall, cpu = (median(other[key] / mine[key] for mine, other in pairs) for key in ("seconds", "cpu"))
    return Row("how many times faster", f"{wall:.1f}", f"{cpu:.1f}", f"≥ {asked:.0f}", wall >= asked)


def _median(results: list[Result], key: str) -> float:
    return median(float(one[key]) for one in results)


def agreement(mine: Path, other: Path, segments: int = SEGMENTS) -> Row:
    """Segments in which both sides have the same members; the others are named, with how many differ."""
    ours, theirs = (pickle.loads(file.read_bytes()) for file in (mine, other))
    different, total = [], 0
    for name in sorted(ours):
        one, two = BitMap.deserialize(ours[name]), BitMap.deserialize(theirs[name])
        total += len(one)
        if one != two:
            different.append(f"{name} (+{len(one - two)} -{len(two - one)})")
    same = f"{len(ours) - len(different)} of {len(ours)} segments"
    return Row(f"same members ({total:,})", ", ".join((same, *different)), "", f"all {segments}", not different)


def stages(results: list[Result]) -> str:
    """Where the time of the median run went."""
    run = sorted(results, key=lambda one: float(one["cpu"]))[len(results) // 2]
    shares = [stage for stage in run["stages"] if stage[2] >= run["cpu"] / 100]
    small = [stage for stage in run["stages"] if stage not in shares]
    rest = ("everything below 1 %", sum(wall for _, wall, _ in small), sum(cpu for _, _, cpu in small))
    lines = [(stage, shown(wall, "s"), shown(cpu, "s")) for stage, wall, cpu in (*shares, rest)]
    return table("All at once, by stage", ("stage", "time", "of it CPU"), lines)


def slowest(results: list[Result]) -> str:
    """The queries that took longest in the last run."""
    lines = [(f"`{name}`", shown(wall, "s"), shown(cpu, "s")) for name, wall, cpu in results[-1]["slowest"]]
    return table("One query, the slowest segments", ("segment", "time", "of it CPU"), lines)
