"""`uv run python -m benchmarks`: every benchmark, or one of them, as Markdown on stdout."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.commands import commands
from benchmarks.evaluation import evaluation
from benchmarks.incremental import incremental
from benchmarks.postgres import postgres
from benchmarks.review import review
from benchmarks.state import state
from benchmarks.table import machine
from benchmarks.trials import trials

NAMES = ("commands", "review", "evaluation", "incremental", "postgres", "trials", "state")


def main() -> None:
    asked = _arguments()
    work: Path = asked.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    print(f"{machine()}\n", flush=True)
    # in this order: the peak of a child includes the size of its parent, which grows by comparing members
    if asked.only in (None, "commands"):
        print(commands(work, asked.runs or 7), flush=True)
    if asked.only in (None, "review"):
        print(review(work, asked.runs or 5), flush=True)
    if asked.only in (None, "evaluation"):
        print(evaluation(work, asked.players or 1_000_000, asked.runs or 3), flush=True)
    if asked.only in (None, "incremental"):
        print(incremental(work, asked.players or 1_000_000, asked.runs or 3), flush=True)
    if asked.only in (None, "postgres"):
        print(postgres(work, asked.players or 100_000, asked.runs or 3), flush=True)
    if asked.only in (None, "trials"):
        print(trials(work, asked.runs or 3), flush=True)
    if asked.only in (None, "state"):
        print(state(work, asked.players or 1_000_000), flush=True)
    print(machine())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=NAMES, help="run this one alone")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir()) / "segctl-benchmarks",
        help="folder for warehouses and projects; what lies there is used again (default: %(default)s)",
    )
    parser.add_argument("--players", type=int, help="how many (a million; 100,000 of a warehouse on PostgreSQL)")
    parser.add_argument("--runs", type=int, help="runs to take the median of (7 for commands, 3 for the others)")
    return parser.parse_args()


main()
