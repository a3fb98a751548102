"""`uv run python -m benchmarks`: every benchmark, or one of them, as Markdown on stdout."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.commands import commands
from benchmarks.evaluation import A_THOUSAND, FIVE_MILLION, evaluation
from benchmarks.growth import growth
from benchmarks.history import history
from benchmarks.incremental import incremental
from benchmarks.incremental_postgres import incremental_postgres
from benchmarks.insights import insights
from benchmarks.many import many
from benchmarks.peers import peers
from benchmarks.postgres import postgres
from benchmarks.review import review
from benchmarks.state import state
from benchmarks.table import machine
from benchmarks.trials import trials
from benchmarks.webhooks import webhooks

# In this order: the peak of a child includes the size of its parent, which grows by comparing members.
ALL: dict[str, Callable[[Path, argparse.Namespace], str]] = {
    "commands": lambda work, asked: commands(work, asked.runs or 7),
    "review": lambda work, asked: review(work, asked.runs or 5),
    "evaluation": lambda work, asked: evaluation(work, asked.players or 1_000_000, asked.runs or 3),
    "incremental": lambda work, asked: incremental(work, asked.players or 1_000_000, asked.runs or 3),
    "incremental-postgres": lambda work, asked: incremental_postgres(
        work, asked.players or 100_000, asked.runs or 3
    ),
    "insights": lambda work, asked: insights(work, asked.players or 1_000_000, asked.runs or 3),
    "postgres": lambda work, asked: postgres(work, asked.players or 100_000, asked.runs or 3),
    "growth": lambda work, asked: growth(work, asked.players or 1_000_000, asked.runs or 3),
    "trials": lambda work, asked: trials(work, asked.runs or 3),
    "state": lambda work, asked: state(work, asked.players or 1_000_000),
    "history": lambda work, asked: history(work, asked.players or 1_000_000, asked.moves, asked.runs or 5),
    "webhooks": lambda work, asked: webhooks(work, asked.messages),
    "many": lambda work, asked: many(work, asked.runs or 3),
}
# Takes an hour, 10 GB of disk, or installs what it compares with.
IF_ASKED: dict[str, Callable[[Path, argparse.Namespace], str]] = {
    "thousand": lambda work, asked: evaluation(
        work, asked.players or 1_000_000, asked.runs or 1, 1_000, A_THOUSAND
    ),
    "five-million": lambda work, asked: evaluation(
        work, asked.players or 5_000_000, asked.runs or 1, asked=FIVE_MILLION
    ),
    "peers": lambda work, asked: peers(work, asked.runs or 3),
}


def main() -> None:
    asked = _arguments()
    work: Path = asked.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    print(f"{machine()}\n", flush=True)
    for name in [asked.only] if asked.only else ALL:
        print((ALL | IF_ASKED)[name](work, asked), flush=True)
    print(machine())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=(*ALL, *IF_ASKED), help="run this one alone")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir()) / "segctl-benchmarks",
        help="folder for warehouses and projects; what lies there is used again (default: %(default)s)",
    )
    parser.add_argument("--players", type=int, help="how many (a million; 100,000 of a warehouse on PostgreSQL)")
    parser.add_argument("--messages", type=int, default=100_000, help="of webhooks (default: %(default)s)")
    parser.add_argument("--moves", type=int, default=50_000_000, help="of history (default: %(default)s)")
    parser.add_argument("--runs", type=int, help="runs to take the median of (7 for commands, 3 for the others)")
    return parser.parse_args()


main()
