"""A run that begins with what the last one kept, against one that evaluates everything: same facts, same members.

Between the two, time passes and events become known: copies of events of the warehouse, drawn at random, that
happened since. Timed is evaluation in process: reading, folding, evaluating, and bringing what is kept up to date.
Writing what is kept to its file, and reading it, are timed beside it. A share is always of two neighbouring runs.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.corpus import Corpus, corpus
from benchmarks.projects import project, warehouse
from benchmarks.table import Row, figures, shown
from segctl.base.digest import text_digest
from segctl.files.chunks import read_chunks, write_chunks
from segctl.members.evaluate import Evaluated, evaluate
from segctl.members.kept import Keeping, Kept
from segctl.members.numbering import Numbering
from segctl.members.packing import pack, unpack
from segctl.model.time import Clock, micros
from segctl.sql.ask import ask
from segctl.sql.lower import lower
from segctl.warehouse.read import open_warehouse

SEGMENTS = 300
# how long passes, and how many events of all are new
SCENARIOS = (
    ("5 min, 0.1 % new", timedelta(minutes=5), 0.001),
    ("1 hour, 1 % new", timedelta(hours=1), 0.01),
    ("1 day, 1 % new", timedelta(days=1), 0.01),
)
# the shares of a full run that are asked
LIMITS = (0.04, 0.06, 0.10)


@dataclass(frozen=True, slots=True)
class Timed:
    """What a run found, and how long it took."""

    found: Evaluated
    seconds: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Site:
    """A warehouse of one scenario: its address, what makes events arrive there, and the processor time so far."""

    address: str
    file: Path
    arrive: Callable[[Corpus, timedelta, float], None]
    cpu: Callable[[], float]


# a warehouse that a scenario may write to, and that is gone afterwards
Sites = Callable[[], AbstractContextManager[Site]]


def incremental(work: Path, players: int, runs: int) -> str:
    """The table of incremental runs."""
    facts = warehouse(work, players)
    asked = corpus(project(work / f"project-{SEGMENTS}", SEGMENTS, facts))
    title = f"Incremental evaluation of {SEGMENTS} segments for {players:,} players"
    return compared(title, asked, lambda: _copied(facts, work / "incremental.duckdb"), LIMITS, runs)


def compared(title: str, asked: Corpus, sites: Sites, limits: Sequence[float], runs: int) -> str:
    """The table of all scenarios, each at a site of its own."""
    rows: list[Row] = []
    for (what, passed, share), limit in zip(SCENARIOS, limits, strict=True):
        with sites() as site:
            rows += _scenario(asked, site, what, passed, share, limit, runs)
    return figures(title, rows)


@contextmanager
def _copied(facts: Path, copy: Path) -> Iterator[Site]:
    shutil.copy(facts, copy)
    yield Site(f"duckdb:///{copy}", copy, partial(_arrive, copy), time.process_time)
    copy.unlink()


def _scenario(
    asked: Corpus, facts: Site, what: str, passed: timedelta, share: float, limit: float, runs: int
) -> list[Row]:
    known = pa.array([], pa.string())
    first = _run(asked, facts, known, None)
    known = pa.concat_arrays([known, *first[1].new])
    assert first[0].found.again is not None
    description, chunks = pack(first[0].found.again.kept)
    facts.arrive(asked, passed, share)
    later = replace(asked, clock=Clock(asked.clock.as_of + passed, asked.clock.zone))
    shares, cpus, some, full = [], [], [], []
    same, looked = True, 0
    for _ in range(runs):
        all_, _ = _run(later, facts, known, None)
        few, _ = _run(later, facts, known, unpack(description, [memoryview(bytearray(one)) for one in chunks]))
        assert few.found.again is not None
        looked = few.found.again.players
        same &= few.found.members == all_.found.members
        shares.append(few.seconds / all_.seconds)
        cpus.append(few.cpu / all_.cpu)
        some.append(few)
        full.append(all_)
        print(f"{what}: {few.seconds:.2f} of {all_.seconds:.2f} s", file=sys.stderr)
    kept, file = few.found.again.kept, facts.file.with_suffix(".features")
    wrote, read = _file(kept, file)
    share_ = median(shares)
    return [
        Row(f"{what}: full", *_shown(full)),
        Row(f"{what}: incremental ({looked:,} players looked at)", *_shown(some)),
        Row(
            f"{what}: share of full",
            f"{share_:.1%}",
            f"{median(cpus):.1%}",
            f"≤ {limit:.0%}",
            share_ <= limit and same,
        ),
        Row(
            f"{what}: feature state written / read ({file.stat().st_size / 2**20:.0f} MiB)",
            f"{shown(wrote, 's')} / {shown(read, 's')}",
            "",
            "≤ 500 ms",
            wrote <= 0.5,
        ),
        Row(f"{what}: same members", "yes" if same else "no", "", "yes", same),
    ]


def _shown(runs: list[Timed]) -> tuple[str, str]:
    return shown(median(one.seconds for one in runs), "s"), shown(median(one.cpu for one in runs), "s")


def _run(asked: Corpus, facts: Site, known: Any, before: Kept | None) -> tuple[Timed, Numbering]:
    wall, cpu = time.perf_counter(), facts.cpu()
    program = lower(asked.subjects(), asked.world.catalog)
    numbering = Numbering(known)
    keeping = Keeping(partial(text_digest), micros(asked.clock.as_of) * 2, 600_000_000, before)
    with open_warehouse(facts.address, asked.clock.zone) as read:
        found = evaluate(
            program,
            ask(program, asked.clock),
            asked.clock,
            read=read,
            numbering=numbering,
            given={},
            keeping=keeping,
        )
    return Timed(found, time.perf_counter() - wall, facts.cpu() - cpu), numbering


def _arrive(facts: Path, asked: Corpus, passed: timedelta, share: float) -> None:
    """New events in every table: some that were, once more, at random instants since, known now."""
    start = asked.clock.as_of
    with duckdb.connect(str(facts)) as connection:
        connection.execute("SET TimeZone = 'UTC'; SELECT setseed(0.5)")
        for events in asked.world.catalog.events.values():
            replaced = {
                events.time: "$start + random() * $passed",
                events.ingested or events.time: "$start + $passed",
            }
            if events.updated:
                replaced[events.updated] = "$start + $passed"
            columns = ", ".join(f"{how} AS {name}" for name, how in replaced.items())
            connection.execute(
                f"INSERT INTO {events.table} SELECT * REPLACE ({columns}) FROM {events.table} "
                f"USING SAMPLE {share * 100} PERCENT (bernoulli)",
                {"start": start, "passed": passed},
            )


def _file(kept: Kept, path: Path) -> tuple[float, float]:
    """How long what is kept takes to be written, and to be read."""
    start = time.perf_counter()
    write_chunks(path, *pack(kept))
    written = time.perf_counter()
    there = read_chunks(path)
    assert there is not None
    unpack(there.description, there.chunks)
    return written - start, time.perf_counter() - written
