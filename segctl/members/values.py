"""The values of fields for all players, slice by slice, by the same steps as for members. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from numpy.typing import NDArray

from segctl.members.columns import Column
from segctl.members.evaluate import SLICE
from segctl.members.numbering import Numbering
from segctl.members.places import players
from segctl.members.read import Read
from segctl.members.times import refuse_unclear_times, times_of
from segctl.members.truths import Truths
from segctl.model.time import Clock
from segctl.sql.ask import Asked
from segctl.sql.program import Program
from segctl.sql.questions import (
    AskCount,
    AskDistinct,
    AskGrouped,
    AskMoments,
    AskOrdered,
    AskPlayers,
    AskSlices,
    AskTime,
    Question,
)
from segctl.sql.statements import WHOLE, Slice


@dataclass(frozen=True, slots=True)
class Values:
    """A slice: the players' numbers, ascending, and for each fact the parts of it, each with its first place."""

    numbers: NDArray[Any]
    facts: Mapping[int, list[tuple[int, Column]]]


def values(
    program: Program,
    facts: tuple[int, ...],
    asked: Asked,
    clock: Clock,
    *,
    read: Read,
    numbering: Numbering,
    slice_size: int = SLICE,
) -> Iterator[Values]:
    """Every slice of the players. Raises: Refused, when the warehouse contradicts the catalog."""
    shaped = (AskGrouped, AskOrdered, AskDistinct, AskMoments)
    for events in {question.events: None for question in asked.questions if isinstance(question, shaped)}:
        for time in times_of(events):
            refuse_unclear_times(events, time, read(AskTime(events.table, time), WHOLE))
    for part in _slices(asked.players, read, slice_size):
        yield _slice(program, facts, asked, clock, part, read, numbering)


def _slice(
    program: Program,
    facts: tuple[int, ...],
    asked: Asked,
    clock: Clock,
    part: Slice,
    read: Read,
    numbering: Numbering,
) -> Values:
    def answer(question: Question, *_: object) -> Any:
        return read(question, part)

    read.ahead([asked.players, *asked.questions], part)
    mine = players(read(asked.players, part), asked.players, numbering)
    read.settle(mine.keys, mine.places)
    truths = Truths(program, clock, mine)
    truths.learn(asked, answer)
    return Values(mine.numbers, {fact: truths.kept(fact) for fact in facts})


def _slices(players: AskPlayers, read: Read, size: int) -> list[Slice]:
    """Ranges of players by key, so that memory is bounded however many there are."""
    if read(AskCount(players.table, players.key), WHOLE)["players"][0].as_py() <= size:
        return [WHOLE]
    lows = read(AskSlices(players.table, players.key, size), WHOLE)["player"].to_pylist()
    return [Slice(low, high) for low, high in pairwise([*lows, None])]
