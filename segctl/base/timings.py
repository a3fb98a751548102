"""Where the time of a run goes: by stage, by answer of the warehouse, by segment."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

# Seconds that only grow.
Ticks = Callable[[], float]
# The table that is read, and what of it.
Asking = tuple[str, str]
EVALUATING = "evaluating"


@dataclass(slots=True)
class Spent:
    """On answers: waiting for them, working with them, and how many rows and facts they had."""

    reading: float = 0.0
    working: float = 0.0
    rows: int = 0
    facts: int = 0

    @property
    def seconds(self) -> float:
        return self.reading + self.working

    def add(self, other: Spent) -> None:
        """More of the same."""
        self.reading += other.reading
        self.working += other.working
        self.rows += other.rows
        self.facts += other.facts


@dataclass(slots=True)
class Timings:
    """What was measured so far. `answers` are a part of the stage `evaluating`, and `segments` share that stage.

    Where a run starts again, times add up.
    """

    ticks: Ticks
    stages: dict[str, float] = field(default_factory=dict)
    answers: dict[Asking, Spent] = field(default_factory=dict)
    segments: dict[str, float] = field(default_factory=dict)
    at: float | None = None

    def lap(self, stage: str = "") -> float:
        """Ends a stage: what passed since the end of the one before is its time. The first lap only begins."""
        now = self.ticks()
        passed = 0.0 if self.at is None else now - self.at
        self.at = now
        if stage:
            self.stages[stage] = self.stages.get(stage, 0.0) + passed
        return passed


def started() -> Timings:
    """A clock that runs from now on."""
    timings = Timings(time.perf_counter)
    timings.lap()
    return timings


def untimed() -> Timings:
    """For what writes no run: no clock."""
    return Timings(_never)


def _never() -> float:
    return 0.0
