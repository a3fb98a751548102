"""Delivering messages to a receiver on this machine: `segctl deliver` as a process, one worker, SQLite.

Each player moves five times, in and out in turn, so that order can be told. The receiver is a process of its own,
on the same cores; it answers at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyroaring import BitMap

from benchmarks.process import SEGCTL, Measured, process
from benchmarks.table import Row, figures, memory, shown
from segctl.apply.write import Members, Writing, write
from segctl.members.causes import Moved
from segctl.store import players
from segctl.store.define import Definition
from segctl.store.engine import open_state, writing
from segctl.store.origin import Origin
from segctl.store.state import advance, upgrade

PER_SECOND, MORE_MIB = 2_000, 10
RUNS = 5
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
SETTINGS = """\
name: benchmark
timezone: UTC
environments: {dev: {warehouse: "duckdb:///none.duckdb", state: "sqlite:///state.db"}}
webhooks: {private_hosts: [127.0.0.1], keep: 100mo}
"""


def webhooks(work: Path, messages: int) -> str:
    """The table of delivering."""
    few, _ = _delivered(work, messages // 10, None)
    many, seen = _delivered(work, messages, None)
    batched, seen_batched = _delivered(work, messages, 100)
    rows = [
        _rate("one message a request", messages, many, asked=PER_SECOND),
        _none("lost", messages - seen["messages"] + seen["repeated"]),
        _none("out of order", seen["late"]),
        Row("repeated", f"{seen['repeated']:,}"),
        memory(f"peak for {messages // 10:,} messages", few.peak_mib),
        memory(f"peak for {messages:,} messages", many.peak_mib, asked=few.peak_mib + MORE_MIB),
        _rate("a hundred messages a request", messages, batched),
        _none("lost", messages - seen_batched["messages"] + seen_batched["repeated"]),
        _none("out of order", seen_batched["late"]),
    ]
    return figures(f"Delivering {messages:,} messages to a receiver on this machine", rows)


def _rate(what: str, messages: int, measured: Measured, *, asked: int | None = None) -> Row:
    rate = messages / measured.seconds
    limit = "" if asked is None else f"≥ {asked:,}/s"
    met = None if asked is None else rate >= asked
    return Row(what, f"{rate:,.0f}/s ({shown(measured.seconds, 's')})", shown(measured.cpu, "s"), limit, met)


def _none(what: str, number: int) -> Row:
    return Row(what, f"{number:,}", "", "0", number == 0)


def _delivered(work: Path, messages: int, batch: int | None) -> tuple[Measured, dict[str, int]]:
    folder = work / "webhooks"
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("state.db*"):
        path.unlink()
    (folder / "segctl.yaml").write_text(SETTINGS, encoding="utf-8")
    _queue(folder, messages // RUNS, batch)
    with _receiver() as running:
        assert running.stdout is not None
        os.environ["BENCHMARK_HOOK"] = f"http://127.0.0.1:{int(running.stdout.readline())}/"
        os.environ["BENCHMARK_SECRET"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        measured = process([SEGCTL, "deliver", "--json"], folder)
        seen, _ = running.communicate()
    return measured, json.loads(seen)


def _queue(folder: Path, count: int, batch: int | None) -> None:
    """A state in which `count` players have moved in each of a few runs."""
    engine = open_state(f"sqlite:///{folder}/state.db")
    upgrade(engine, AS_OF)
    hook = {"url": "${BENCHMARK_HOOK}", "secret": "${BENCHMARK_SECRET}", "body": "full"}
    body = json.dumps({"name": "moving", "webhook": hook | ({"batch": batch} if batch else {})})
    everyone, nobody = BitMap(range(count)), BitMap()
    for run in range(RUNS):
        inside = run % 2 == 0
        moved = Moved("data", "joined" if inside else "left", everyone)
        members = Members("segment.moving", everyone if inside else nobody, None, (moved,))
        first = run == 0
        with writing(engine, lock_timeout_seconds=10) as connection:
            if first:
                players.append(connection, [f"player-{number:09}" for number in range(count)])
            origin = Origin(advance(connection), AS_OF, "Ann", plan_id="p" if first else None)
            definition = Definition("segment", "moving", body, type="dynamic", notify=True)
            write(
                connection,
                origin,
                Writing(
                    kind="apply" if first else "refresh",
                    as_of=AS_OF + timedelta(minutes=run),
                    definitions={"segment.moving": definition} if first else {},
                    verbs={"segment.moving": "create"} if first else {},
                    members=[members],
                ),
            )


@contextmanager
def _receiver() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.receiver"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        yield running
