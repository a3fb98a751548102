"""The same comparison over PostgreSQL: all at once against one query a segment, on one server with the same data.

The processor time is that of both sides of the connection: the client's, and that of the server's processes.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.evaluation import SEGMENTS, agreement, members_file, scans, slowest, stages
from benchmarks.postgres_server import VERSION, server
from benchmarks.process import process
from benchmarks.projects import HERE, project, warehouse
from benchmarks.table import Row, figures, memory, seconds

FASTER, SCANS = 9.0, 18.0
UNIT = "postgres-scan"
SIDES = ("postgres-all-at-once", "postgres-one-query")
Result = dict[str, Any]
_TICK = os.sysconf("SC_CLK_TCK")


def postgres(work: Path, players: int, runs: int) -> str:
    """The tables of the comparison."""
    facts = warehouse(work, players)
    folder = project(work / f"project-{SEGMENTS}", SEGMENTS, facts)
    found: dict[str, list[Result]] = {side: [] for side in (UNIT, *SIDES)}
    with server(work, facts) as address:
        for _ in range(runs):
            for side, results in found.items():
                results.append(_child(side, folder, address, work))
    ours, theirs = (found[side] for side in SIDES)
    title = f"PostgreSQL {VERSION}: {SEGMENTS} segments for {players:,} players"
    rows = [
        _time("one scan of the needed columns", found[UNIT]),
        _time(f"all at once ({ours[0]['features']} different features)", ours),
        _time("one query a segment", theirs),
        scans(ours, found[UNIT], SCANS),
        _ratio("how many times faster", ours, theirs, "seconds"),
        _ratio("… without the slowest query", ours, theirs, "but_slowest"),
        memory("peak memory of the client, all at once", median(one["peak_mib"] for one in ours)),
        agreement(*(members_file(work, side) for side in SIDES)),
    ]
    return "\n".join((figures(title, rows), stages(ours), slowest(theirs)))


def _child(side: str, folder: Path, address: str, work: Path) -> Result:
    command = [sys.executable, "-m", "benchmarks.child", side, str(folder), address, str(members_file(work, side))]
    before = server_cpu(work)
    result: Result = json.loads(process(command, HERE).printed)
    result["cpu"] += server_cpu(work) - before
    first = result["slowest"][0][1] if "slowest" in result else 0
    result["but_slowest"] = result["seconds"] - first
    print(f"{side}: {result['seconds']:.1f} s, {result['cpu']:.1f} s of CPU", file=sys.stderr)
    return result


def server_cpu(work: Path) -> float:
    """Seconds of the postmaster, of its processes, and of those that have ended."""
    first = int((work / f"postgres-{VERSION}" / "postmaster.pid").read_text(encoding="ascii").split()[0])
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(stat.parent.name) == first:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == first:
            ticks += sum(map(int, fields[11:13]))
    return ticks / _TICK


def _time(what: str, results: list[Result]) -> Row:
    return seconds(what, median(one["seconds"] for one in results), median(one["cpu"] for one in results))


def _ratio(what: str, ours: list[Result], theirs: list[Result], key: str) -> Row:
    """By the clock and by CPU: the median of neighbouring runs."""
    pairs = list(zip(ours, theirs, strict=True))
    wall = median(other[key] / mine[key] for mine, other in pairs)
    cpu = f"{median(other['cpu'] / mine['cpu'] for mine, other in pairs):.1f}" if key == "seconds" else ""
    return Row(what, f"{wall:.1f}", cpu, f"≥ {FASTER:.0f}", wall >= FASTER)
