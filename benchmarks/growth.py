"""How evaluation grows: with players, with events, with segments, each ten times as many, and the exponents.

Processor time of one evaluation in a process of its own; 1 is linear. Events grow while the players stay: the
smaller warehouse has a tenth of the events of the larger, drawn at random.
"""

from __future__ import annotations

import shutil
from math import log10
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.evaluation import SEGMENTS, SIDES, child
from benchmarks.projects import project, warehouse
from benchmarks.table import shown, table

EVENTS = ("payments", "bets", "sessions", "bonuses", "rg_events", "crm_events")
ASKED = 0.35


def growth(work: Path, players: int, runs: int) -> str:
    """The table, for `players` and a tenth of them."""
    facts, fewer = warehouse(work, players), warehouse(work, players // 10)
    sparse = _sparse(facts, work / f"demo-{players}-sparse.duckdb")
    pairs = (
        ("players", (SEGMENTS, fewer), (SEGMENTS, facts), ""),
        ("events", (SEGMENTS, sparse), (SEGMENTS, facts), ""),
        ("segments", (SEGMENTS // 10, facts), (SEGMENTS, facts), f"≤ {ASKED}"),
    )
    lines = []
    for what, few, many, asked in pairs:
        small, large = (_cpu(work, *one, runs) for one in (few, many))
        lines.append(
            [f"ten times the {what}", shown(small, "s"), shown(large, "s"), f"{log10(large / small):.2f}", asked]
        )
    heads = ["what grows", "processor time before", "after", "exponent", "asked"]
    return table(f"How evaluation grows, up to {SEGMENTS} segments and {players:,} players", heads, lines)


def _cpu(work: Path, segments: int, facts: Path, runs: int) -> float:
    folder = project(work / f"project-{segments}", segments, facts)
    return median(child(SIDES[0], folder, facts, work)["cpu"] for _ in range(runs))


def _sparse(facts: Path, path: Path) -> Path:
    """The same warehouse with a tenth of its events; one that is there is used again."""
    if path.exists():
        return path
    unfinished = path.with_suffix(".unfinished")
    shutil.copy(facts, unfinished)
    with duckdb.connect(str(unfinished)) as connection:
        connection.execute("SELECT setseed(0.5)")
        for table_ in EVENTS:
            connection.execute(
                f"CREATE OR REPLACE TABLE {table_} AS SELECT * FROM {table_} USING SAMPLE 10 PERCENT (bernoulli)"
            )
    unfinished.rename(path)
    return path
