"""segctl's way: all segments as one program, facts read once, rules evaluated over bits. Timed by stage."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from benchmarks.corpus import Corpus
from segctl.members.evaluate import Evaluated, evaluate
from segctl.members.numbering import Numbering
from segctl.members.read import Read
from segctl.sql.ask import ask
from segctl.sql.lower import lower
from segctl.sql.program import FeatureFact, Program
from segctl.sql.questions import (
    AskBeside,
    AskDistinct,
    AskGrouped,
    AskList,
    AskMoved,
    AskOrdered,
    EventQuestion,
    PlayersQuestion,
    Question,
)
from segctl.sql.statements import Slice
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


def run(corpus: Corpus, warehouse: str) -> Run:
    """The members of every segment, over the warehouse at an address."""
    watch = Stopwatch()
    program = lower(corpus.subjects(), corpus.world.catalog)
    asked = ask(program, corpus.clock)
    watch.mark("lower")
    numbering = Numbering(pa.array([], pa.string()))
    with open_warehouse(warehouse, corpus.clock.zone) as read:
        watch.mark("open the warehouse")
        timed = TimedRead(read, watch)
        found = evaluate(program, asked, corpus.clock, read=timed, numbering=numbering, given={})
        watch.mark(f"fold and test: {timed.before}; combine rules into bitmaps")
    return Run(found, pa.concat_arrays(numbering.new), program, watch.stages)


class TimedRead:
    """Reads as the warehouse does; what happens between two reads is put down to the answer before."""

    def __init__(self, read: Read, watch: Stopwatch) -> None:
        self.read = read
        self.watch = watch
        self.before = ""

    def __call__(self, question: Question, part: Slice) -> Any:
        """The answer, and a mark before and after it."""
        if self.before:
            self.watch.mark(f"fold and test: {self.before}")
        answer = self.read(question, part)
        self.before = said(question)
        self.watch.mark(f"read: {self.before} ({answer.num_rows:,} rows)")
        return answer

    def ahead(self, questions: Sequence[Question], part: Slice) -> None:
        """Passed on."""
        self.read.ahead(questions, part)

    def meanwhile(self, questions: Iterable[Question]) -> None:
        """Passed on."""
        self.read.meanwhile(questions)

    def settle(self, keys: Any, places: Any) -> None:
        """Passed on."""
        self.read.settle(keys, places)

    def aside(self, moved: AskMoved, questions: Sequence[EventQuestion]) -> None:
        """Passed on."""
        self.read.aside(moved, questions)

    def of_players(self, questions: Sequence[PlayersQuestion], part: Slice) -> None:
        """Passed on."""
        self.read.of_players(questions, part)


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
