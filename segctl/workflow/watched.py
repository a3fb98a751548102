"""The reads of a run, each told to whoever watches before it begins; work on its answer counts as part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segctl.members.evaluate import Read
from segctl.sql.questions import (
    AskCount,
    AskLatest,
    AskNext,
    AskSlices,
    AskTime,
    AskTouched,
    ProfileQuestion,
    Question,
)
from segctl.sql.statements import Slice
from segctl.workflow.progress import Progress, Watch


@dataclass(slots=True)
class Watched:
    """A warehouse that tells how far its reading is; `total` answers are expected of a slice of players."""

    read: Read
    total: int
    watch: Watch
    done: int = 0

    def __call__(self, question: Question, part: Slice) -> Any:
        match question:
            case AskCount() | AskTime() | AskTouched() | AskLatest() | AskNext():
                return self.read(question, part)
            case AskSlices():
                answer = self.read(question, part)
                self.total *= answer.num_rows
                return answer
            case _:
                table = question.table if isinstance(question, ProfileQuestion) else question.events.table
        self.watch(Progress(f"reading {table}", self.done, self.total))
        self.done += 1
        return self.read(question, part)

    def rows(self, query: str, as_of: datetime) -> Any:
        self.watch(Progress("running a segment's query", self.done, self.total))
        self.done += 1
        return self.read.rows(query, as_of)

    def ahead(self, questions: Sequence[Question], part: Slice) -> None:
        self.read.ahead(questions, part)

    def settle(self, keys: Any, places: Any) -> None:
        self.read.settle(keys, places)
