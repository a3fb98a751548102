"""segctl's way: all segments as one program, facts read once, rules evaluated over bits. Timed by stage."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.corpus import Corpus
from segctl.members.evaluate import Evaluated, Read, evaluate
from segctl.members.numbering import Numbering
from segctl.sql.ask import Asked, ask
from segctl.sql.lower import lower
from segctl.sql.program import FeatureFact, Program
from segctl.sql.questions import AskBeside, AskDistinct, AskGrouped, AskList, AskOrdered, Question
from segctl.sql.statements import WHOLE, Slice
from segctl.warehouse.read import open_warehouse


@dataclass(slots=True)
class Stopwatch:
    """Wall and CPU seconds by stage; stages follow one another without a gap."""

    stages: list[tuple[str, float, float]] = field(default_factory=list)
    wall: float = field(default_factory=time.perf_counter)
    cpu: float = field(default_factory=time.process_time)

    def mark(self, stage: str) -> None:
        """Everything since the last mark was `stage`."""
        wall, cpu = time.perf_counter(), time.process_time()
        self.stages.append((stage, wall - self.wall, cpu - self.cpu))
        self.wall, self.cpu = wall, cpu


class MarkedNumbering(Numbering):
    """Notes when the first number is asked for: then all facts are folded and all atoms are known."""

    def __init__(self, watch: Stopwatch) -> None:
        super().__init__(pa.array([], pa.string()))
        self.watch = watch

    def numbers(self, ids: Any) -> NDArray[Any]:
        self.watch.mark("fold and test: the last question, and facts made of others")
        found = super().numbers(ids)
        self.watch.mark("number the players")
        return found


@dataclass(frozen=True, slots=True)
class Run:
    """What one evaluation made: members by place in `players`, and how long each stage took."""

    evaluated: Evaluated
    players: Any
    program: Program
    stages: list[tuple[str, float, float]]

    @property
    def features(self) -> int:
        """How many different features the rules ask for."""
        return sum(isinstance(fact, FeatureFact) for fact in self.program.facts)


def run(corpus: Corpus, warehouse: Path) -> Run:
    """The members of every segment."""
    watch = Stopwatch()
    program = lower(corpus.subjects(), corpus.world.catalog)
    asked = ask(program, corpus.clock)
    watch.mark("lower")
    numbering = MarkedNumbering(watch)
    with open_warehouse(f"duckdb:///{warehouse}", corpus.clock.zone) as read:
        watch.mark("open the warehouse")
        slices: Iterable[Slice] = [WHOLE]
        found = evaluate(
            program,
            asked,
            corpus.clock,
            read=_timed(read, asked, watch),
            slices=slices,
            numbering=numbering,
            given={},
        )
        watch.mark("combine rules into bitmaps")
    players = pa.concat_arrays(numbering.new)
    return Run(found, players, program, watch.stages)


def _timed(read: Read, asked: Asked, watch: Stopwatch) -> Read:
    names = {id(question): said(question) for question in asked.questions}
    before = ""

    def timed(question: Question, part: Slice) -> Any:
        nonlocal before
        if before:
            watch.mark(f"fold and test: {before}")
        answer = read(question, part)
        before = names.get(id(question), "players")
        watch.mark(f"read: {before} ({answer.num_rows:,} rows)")
        return answer

    return timed


def said(question: Question) -> str:
    """A question in a few words."""
    match question:
        case AskGrouped(events, _, _, keys):
            by = " by " + ", ".join(name for name, _ in keys) if keys else ""
            return f"{events.name}, sums and counts{by}"
        case AskOrdered(events):
            return f"{events.name}, in order"
        case AskDistinct(events, _, _, _, column):
            return f"{events.name}, different {column or 'days'}"
        case AskBeside(table):
            return table
        case AskList(_, table):
            return table
        case _:
            return "players"
