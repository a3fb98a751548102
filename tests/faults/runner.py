"""One run, ended at each of its writes in turn, in a process that has no threads: `python -m tests.faults.runner`.

Reads a job as JSON from standard input and prints what was seen, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection

from segctl.store import postgres, sqlite
from segctl.store.writer import writer_of
from tests.faults.scene import Scene, Verb
from tests.faults.tracer import Decision, Write, forked, traced
from tests.support.casino import Casino


@dataclass(frozen=True, slots=True)
class Job:
    """Which run, what happens at each of its writes, and whether it runs without a transaction, as a control."""

    root: str
    now: str
    verb: Verb
    fault: Decision
    postgres: str | None = None
    every: int = 1
    autocommit: bool = False


def main() -> None:
    job = Job(**json.load(sys.stdin))
    scene = Scene(Casino(Path(job.root), datetime.fromisoformat(job.now), postgres=job.postgres), job.verb)
    with _as_asked(job):
        print(json.dumps(_seen(job, scene)))  # noqa: T201 - the answer


def _seen(job: Job, scene: Scene) -> dict[str, Any]:
    before = scene.stored()
    calls: list[Write] = []
    whole = traced(scene.work, lambda write: _noted(calls, write), _of_state(scene))
    after, settled = scene.stored(), scene.settled()
    outcomes: Counter[str] = Counter()
    partial: list[str] = []
    stuck: list[str] = []
    findings: list[str] = []
    codes: Counter[int] = Counter()
    for write in calls[:: job.every]:
        scene.restore()
        codes[
            traced(scene.work, lambda now, at=write.at: job.fault if now.at >= at else "go on", _of_state(scene))
        ] += 1
        stored = scene.stored()
        outcome = "before" if stored == before else "after" if stored == after else "partial"
        outcomes[outcome] += 1
        where = f"{write.at}: {write.call} of {write.target}"
        if outcome == "partial":
            partial.append(where)
        findings += [f"{where}: {one}" for one in scene.findings()]
        if forked(scene.again) or scene.settled() != settled:
            stuck.append(where)
    return {
        "whole": whole,
        "writes": len(calls),
        "outcomes": outcomes,
        "codes": codes,
        "partial": partial,
        "stuck": stuck,
        "findings": findings,
    }


def _noted(calls: list[Write], write: Write) -> Decision:
    calls.append(write)
    return "go on"


def _of_state(scene: Scene) -> Callable[[str], bool]:
    """Is it one of the state's files, or the connection to its server?"""
    prefix = str(scene.casino.state.parent) if scene.casino.postgres is None else "socket:"
    return lambda target: target.startswith(prefix)


@contextmanager
def _as_asked(job: Job) -> Iterator[None]:
    """Without a transaction each statement stands by itself, as if nobody had thought of BEGIN."""
    if not job.autocommit:
        yield
    elif job.postgres is None:
        with patch.object(sqlite, "_begin_writing"):
            yield
    else:
        with patch.object(postgres, "_begin", partial(_begin_without, postgres._begin)):
            yield


def _begin_without(begin: Callable[[Connection], None], connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    if writer_of(connection) is None:
        begin(connection)
    else:
        raw.autocommit = True


if __name__ == "__main__":
    main()
