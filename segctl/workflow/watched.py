"""The reads of a run, each told to whoever watches before it begins; work on its answer counts as part of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segctl.members.read import Read
from segctl.sql.questions import (
    AskCount,
    AskLatest,
    AskMoved,
    AskNext,
    AskPlayers,
    AskPrint,
    AskSlices,
    AskTime,
    AskTouched,
    EventQuestion,
    PlayersQuestion,
    ProfileQuestion,
    Question,
)
from segctl.sql.statements import Slice
from segctl.workflow.progress import Progress, Watch


@dataclass(slots=True)
class Watched:
    """A warehouse that tells how far its reading is; `total` answers are expected of a slice of players.

    `last` gives for each segment the number of the answer with which it has all that it asks for.
    """

    read: Read
    total: int
    watch: Watch
    last: Sequence[int] = ()
    done: int = 0
    rows_read: int = 0
    players: int = 0
    slices: int = 1

    def __call__(self, question: Question, part: Slice) -> Any:
        match question:
            case AskCount() | AskTime() | AskTouched() | AskLatest() | AskPrint() | AskNext():
                return self.read(question, part)
            case AskSlices():
                answer = self.read(question, part)
                self.slices = answer.num_rows
                self.total *= self.slices
                return answer
            case _:
                table = question.table if isinstance(question, ProfileQuestion) else question.events.table
        self._tell(f"reading {table}")
        answer = self.read(question, part)
        self.rows_read += answer.num_rows
        self.players += answer.num_rows if isinstance(question, AskPlayers) else 0
        return answer

    def rows(self, query: str, as_of: datetime) -> Any:
        self._tell("running a segment's query")
        return self.read.rows(query, as_of)

    def ahead(self, questions: Sequence[Question], part: Slice) -> None:
        self.read.ahead(questions, part)

    def meanwhile(self, questions: Iterable[Question]) -> None:
        self.read.meanwhile(questions)

    def settle(self, keys: Any, places: Any) -> None:
        self.read.settle(keys, places)

    def aside(self, moved: AskMoved, questions: Sequence[EventQuestion]) -> None:
        self.read.aside(moved, questions)

    def of_players(self, questions: Sequence[PlayersQuestion], part: Slice) -> None:
        self.read.of_players(questions, part)

    def _tell(self, what: str) -> None:
        """What is begun. Segments are ready when the last slice has brought what they ask for."""
        begun = self.done - (self.total // self.slices) * (self.slices - 1)
        ready = sum(number < begun for number in self.last)
        total = self.total if self.done < self.total else 0  # what begins with what was kept may ask more
        self.watch(Progress(what, self.done, total, self.rows_read, self.players, ready, len(self.last)))
        self.done += 1
