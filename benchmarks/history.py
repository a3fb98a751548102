"""Asking the past: a change log of 50 million moves, on SQLite and on PostgreSQL, and what its questions cost.

300 segments, a million players, a run every hour of a year (changelog.py). The log is written by the functions
that a refresh writes it with, into SQLite, and copied row by row to a server of its own: both hold the same. They
are used again. Asked are the walks of `history --player` and `members --at`, in this process, with a connection of
its own each time as a command has; and the commands themselves.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func, select

from benchmarks.changelog import BEGINS, RUNS, SEGMENTS
from benchmarks.changelog_state import in_postgres, in_sqlite, player_id
from benchmarks.postgres import server_cpu
from benchmarks.process import SEGCTL, repeated
from benchmarks.table import Row, figures, memory, seconds
from segctl.model.settings import Environment
from segctl.model.time import Clock
from segctl.store.engine import open_state, reading
from segctl.store.ledger_page import decoded
from segctl.store.measure import sizes, total_bytes
from segctl.store.tables import CHANGE, LEDGER
from segctl.workflow.context import Author, Context
from segctl.workflow.members import members_at
from segctl.workflow.player import moves_of

PLAYER_SECONDS, MEMBERS_SECONDS = 0.05, 1.0
# as the commands have them
MOVES, PAGE = 50, 100
ASKED = 100
MIB = 2**20
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SETTINGS = """\
name: benchmark
timezone: UTC
environments: {{dev: {{warehouse: "duckdb:///none.duckdb", state: "{state}"}}}}
"""
# a segment as the state knows it, and an instant
Then = tuple[str, datetime]


def history(work: Path, players: int, moves: int, runs: int) -> str:
    """The tables of both databases."""
    original = in_sqlite(work / f"history-{players}-{moves}.db", players, moves)
    asked = _whom(original, players), _when(original)
    tables = [_measured("SQLite", work, original, asked, runs, lambda: 0.0)]
    server = work / f"history-{players}-{moves}"
    with in_postgres(server, original) as address:
        tables.append(_measured("PostgreSQL", work, address, asked, runs, lambda: server_cpu(server)))
    return "\n".join(tables)


def _whom(address: str, players: int) -> dict[str, list[str]]:
    """Players at random, those who moved the most, and those whom no run but the first may have moved."""
    times = np.zeros(players, np.int64)
    with reading(open_state(address)) as connection:
        for (stored,) in connection.execute(select(LEDGER.c.moves).execution_options(yield_per=100)):
            np.add.at(times, decoded(stored).players, 1)
    random = np.random.default_rng(5)
    order = np.argsort(-times, kind="stable")
    return {
        f"{ASKED} players at random": [player_id(one) for one in random.integers(0, players, ASKED)],
        f"the {ASKED // 4} busiest (the first moved {times[order[0]]:,} times)": [
            player_id(one) for one in order[: ASKED // 4]
        ],
        f"{ASKED // 4} whom no run but the first may have moved": [player_id(one) for one in order[-ASKED // 4 :]],
    }


def _when(address: str) -> dict[str, list[Then]]:
    """Segments and hours at random; and the segments that moved the most, far back and half way."""
    random = np.random.default_rng(6)
    hours = random.integers(0, RUNS, ASKED)
    numbers = random.integers(1, SEGMENTS + 1, ASKED)
    statement = select(CHANGE.c.object_id).group_by(CHANGE.c.object_id).order_by(func.sum(CHANGE.c.count).desc())
    with reading(open_state(address)) as connection:
        busiest = list(connection.execute(statement.limit(ASKED // 20)).scalars())
    back = [BEGINS + timedelta(hours=RUNS * part // 8, minutes=1) for part in range(1, 8)]
    return {
        f"{ASKED} segments and hours at random": [
            (_name(int(one)), BEGINS + timedelta(hours=int(hour), minutes=1))
            for one, hour in zip(numbers, hours, strict=True)
        ],
        f"the {len(busiest)} that moved the most, at {len(back)} instants of the year": [
            (_name(one), at) for one in busiest for at in back
        ],
    }


def _name(number: int) -> str:
    return f"s{number:03}"


def _measured(
    name: str,
    work: Path,
    address: str,
    asked: tuple[dict[str, list[str]], dict[str, list[Then]]],
    runs: int,
    server: Callable[[], float],
) -> str:
    written = Environment(warehouse="duckdb:///none.duckdb", state=address)
    context = Context(work, "dev", written, {}, Clock(NOW, ZoneInfo("UTC")), NOW, Author("Ann"))
    whom, when = asked
    rows = []
    for kind, ids in whom.items():
        walks = [lambda one=one: moves_of(context, one, MOVES) for one in ids]
        rows += _walks(f"moves of a player: {kind}", walks, PLAYER_SECONDS, server)
    for kind, thens in when.items():
        walks = [lambda one=one: members_at(context, *one, limit=PAGE) for one in thens]
        rows += _walks(f"members then: {kind}", walks, MEMBERS_SECONDS, server)
    rows += _commands(work, address, whom, when, runs)
    with reading(open_state(address)) as connection:
        found = sizes(connection)
        moved = connection.execute(select(func.sum(CHANGE.c.count)).where(CHANGE.c.serial > 1)).scalar_one()
        rows.append(memory("all of the state", total_bytes(connection, found) / MIB))
        if (ledger := found["ledger"].bytes) is not None:
            rows.append(memory("… of it the ledger", ledger / MIB))
    return figures(f"{name}: {int(moved):,} moves of {RUNS:,} runs, in {found['change'].rows:,} bitmaps", rows)


def _walks(
    what: str, walks: Sequence[Callable[[], object]], asked: float, server: Callable[[], float]
) -> Iterator[Row]:
    """Each walk twice, the second counts: the median and the worst. A server's part is its mean."""
    for walk in walks:
        walk()
    # what was made until now is not looked through for cycles, as in a command
    gc.freeze()
    found, before = [], server()
    for walk in walks:
        began, cpu = time.perf_counter(), time.process_time()
        walk()
        found.append((time.perf_counter() - began, time.process_time() - cpu))
    beside = (server() - before) / len(walks)
    wall, cpu = (median(one[side] for one in found) for side in (0, 1))
    yield seconds(f"{what}: median", wall, cpu + beside, asked=asked)
    worst, cpu = max(found)
    yield seconds("… the slowest of them", worst, cpu + beside, asked=asked)


def _commands(
    work: Path, address: str, whom: dict[str, list[str]], when: dict[str, list[Then]], runs: int
) -> Iterator[Row]:
    folder = work / "history"
    folder.mkdir(exist_ok=True)
    (folder / "segctl.yaml").write_text(SETTINGS.format(state=address), encoding="utf-8")
    busiest, segments = list(whom.values())[1][0], list(when.values())[1]
    name, at = segments[len(segments) // 10]
    for what, command in (
        ("`segctl history --player` of the busiest", ["history", "--player", busiest]),
        ("`segctl members --at`, half a year back", ["members", name, "--at", f"{at:%Y-%m-%dT%H:%M:%SZ}"]),
    ):
        found = repeated([SEGCTL, *command], runs, folder=folder)
        yield seconds(f"{what}, the whole process", found.seconds, found.cpu)
