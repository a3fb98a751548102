"""What a run asks of a warehouse. An engine implements it; here are the questions that every run asks alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from segctl.members.columns import Places
from segctl.members.places import Players
from segctl.members.touched import Told
from segctl.sql.questions import AskMoved, EventQuestion, PlayersQuestion, Question
from segctl.sql.statements import WHOLE, Slice


class Read(Protocol):
    """An opened warehouse, for one run."""

    def __call__(self, question: Question, part: Slice) -> Any:
        """The answer to a question for a slice of players, as an Arrow table."""

    def rows(self, query: str, as_of: datetime) -> Any:
        """The ids that a segment's own query returns, as an Arrow array of text. Raises: Refused."""

    def ahead(self, questions: Sequence[Question], part: Slice) -> None:
        """Tells what will be asked next, in this order: an engine may begin with it."""

    def meanwhile(self, questions: Iterable[Question]) -> None:
        """Tells what will be asked next of everybody, in short answers: an engine may work while one is used."""

    def aside(self, moved: AskMoved, questions: Sequence[EventQuestion]) -> None:
        """Tells what will be asked of the rows that moved: an engine may put those aside, to read them once."""

    def of_players(self, questions: Sequence[PlayersQuestion], part: Slice) -> None:
        """Tells what will be asked of one table about these players, or some of them."""

    def settle(self, keys: Any, places: Any) -> None:
        """Tells the places of a slice's players: from now on an answer may bring `place` instead of `player`."""


def part_of(mine: Players, among: Places) -> Slice:
    """The players at some places."""
    return Slice(only=mine.keys_at(among), places=among)


def answer_about(mine: Players, read: Read, question: Question, among: Places | None) -> Any:
    """The answer to a question about some players, or about everybody."""
    return read(question, WHOLE if among is None else part_of(mine, among))


def placed_answer(
    mine: Players, read: Read, question: EventQuestion, among: Places | None = None
) -> tuple[Any, Places]:
    """As above, with the place of each row's player."""
    answer = answer_about(mine, read, question, among)
    return answer, mine.of(answer, question.events.table)


def who_moved(mine: Players, read: Read, asked: AskMoved) -> tuple[Places, Places]:
    """Whose rows of a table moved, and in which part."""
    if not _may_have(asked):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    answer = read(asked, WHOLE)
    places = mine.of(answer, asked.events.table)
    known = places >= 0
    return places[known], answer["part"].to_numpy()[known]


def who_moved_in_each(mine: Players, read: Read, told: Sequence[Told]) -> Iterator[tuple[Places, Places]]:
    """As above, of several tables: all are told before the first is asked."""
    for asked, questions in told:
        if questions:
            read.aside(asked, questions)
    read.meanwhile(asked for asked, _ in told if _may_have(asked))
    for asked, _ in told:
        yield who_moved(mine, read, asked)


def _may_have(asked: AskMoved) -> bool:
    return not asked.changed or asked.events.updated is not None
