"""The reads of a run with the time that each took. What is done between two answers counts for the first of them.

After the last answer rules are combined as well, so that this time is nobody's; it is shared by all segments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from segctl.base.timings import EVALUATING, Asking, Spent, Ticks, Timings
from segctl.members.read import Read
from segctl.sql.program import Key
from segctl.sql.questions import (
    AskBeside,
    AskDistinct,
    AskGrouped,
    AskList,
    AskMoments,
    AskMoved,
    AskOrdered,
    AskPlayers,
    AskTouched,
    EventQuestion,
    PlayersQuestion,
    Question,
)
from segctl.sql.sharing import Needs, seconds_by_segment, table_of
from segctl.sql.statements import Slice


@dataclass(slots=True)
class Timed:
    """A warehouse that notes what it is asked; `queries` are the seconds of each segment's own query."""

    read: Read
    ticks: Ticks
    answers: dict[Question, Spent] = field(default_factory=dict)
    queries: dict[str, float] = field(default_factory=dict)
    last: tuple[Question, float] | None = None

    def __call__(self, question: Question, part: Slice) -> Any:
        began = self._begun()
        answer = self.read(question, part)
        self._ended(began, question).rows += answer.num_rows
        return answer

    def rows(self, query: str, as_of: datetime) -> Any:
        began = self._begun()
        answer = self.read.rows(query, as_of)
        self.queries[query] = self.queries.get(query, 0.0) + self.ticks() - began
        return answer

    def ahead(self, questions: Sequence[Question], part: Slice) -> None:
        self.last = None  # a slice begins
        self.read.ahead(questions, part)

    def meanwhile(self, questions: Iterable[Question]) -> None:
        self.read.meanwhile(questions)

    def settle(self, keys: Any, places: Any) -> None:
        self.read.settle(keys, places)

    def aside(self, moved: AskMoved, questions: Sequence[EventQuestion]) -> None:
        began = self._begun()
        self.read.aside(moved, questions)
        self._ended(began, moved)

    def of_players(self, questions: Sequence[PlayersQuestion], part: Slice) -> None:
        began = self._begun()
        self.read.of_players(questions, part)
        self._ended(began, *questions)

    def _begun(self) -> float:
        """The instant from which on something is read; until then it was worked with the last answer."""
        now = self.ticks()
        if self.last is not None:
            before, since = self.last
            self.answers[before].working += now - since
            self.last = None
        return now

    def _ended(self, began: float, *questions: Question) -> Spent:
        """Now something was read, for these questions; of the last one it is told what it took so far."""
        now = self.ticks()
        for question in questions:
            self.answers.setdefault(question, Spent()).reading += (now - began) / len(questions)
        self.last = questions[-1], now
        return self.answers[questions[-1]]


def note(
    timings: Timings, read: Timed, need: Needs, written: Mapping[Key, str], name: Callable[[Key], str]
) -> None:
    """Ends an evaluation: what its answers took, and each segment's share. `written` are segments' own queries."""
    passed = timings.lap(EVALUATING)
    for question, spent in read.answers.items():
        spent.facts = len(need.facts.get(question, ()))
        timings.answers.setdefault(asking_of(question), Spent()).add(spent)
    own = {key: read.queries.get(query, 0.0) for key, query in written.items()}
    by_question = {question: spent.seconds for question, spent in read.answers.items()}
    rest = passed - sum(by_question.values()) - sum(own.values())
    for key, seconds in seconds_by_segment(need, by_question, rest).items():
        timings.segments[name(key)] = timings.segments.get(name(key), 0.0) + seconds + own.get(key, 0.0)


def seconds_by_address(timings: Timings) -> dict[str, float]:
    """What each segment and guard took in a run, as the state names them."""
    found = timings.segments.items()
    return {name if name.startswith("guard.") else f"segment.{name}": seconds for name, seconds in found}


def asking_of(question: Question) -> Asking:
    """The table and what of it is asked for, in words; small looks at sizes and types have no table."""
    match question:
        case AskGrouped(_, _, _, ((_, *_), *_) as keys):
            what = f"sums and counts by {', '.join(column for column, _ in keys)}"
        case AskDistinct(column=None):
            what = "different days"
        case _:
            what = _WORDS.get(type(question), _LOOKS)
    return ("" if what == _LOOKS else table_of(question)), what


_LOOKS = "sizes and types"


_WORDS: Mapping[type, str] = {
    AskPlayers: "players",
    AskBeside: "columns",
    AskList: "lists",
    AskGrouped: "sums and counts",
    AskOrdered: "first and last",
    AskDistinct: "different values",
    AskMoments: "moments",
    AskMoved: "whose rows moved",
    AskTouched: "who has new rows",
}
