"""What moved a segment, and what moved a player."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from segctl.view.table import Column, Table

Direction = Literal["joined", "left"]


@dataclass(frozen=True, slots=True)
class Moves:
    """How many players a run moved in and out of a segment, for one cause."""

    at: datetime
    state: int
    cause: str
    joined: int
    left: int


@dataclass(frozen=True, slots=True)
class PlayerMove:
    """A player who joined or left a segment."""

    at: datetime
    segment: str
    direction: Direction
    cause: str
    state: int


def segment_history(moves: Iterable[Moves], *, segment: str) -> Table:
    """One row for each run and cause."""
    columns = (
        Column("at", "date"),
        Column("state", "state", form="plain"),
        Column("cause", "cause"),
        Column("joined", "joined"),
        Column("left", "left"),
    )
    rows = tuple((one.at, one.state, one.cause, one.joined, one.left) for one in moves)
    return Table(columns, rows, f"Nobody joined or left {segment}.")


def player_history(moves: Iterable[PlayerMove], *, player: str) -> Table:
    """One row for each time a player joined or left a segment."""
    columns = (
        Column("at", "date"),
        Column("segment", "segment", stays=True),
        Column("direction", "direction", least=6),
        Column("cause", "cause"),
        Column("state", "state", form="plain"),
    )
    rows = tuple((one.at, one.segment, one.direction, one.cause, one.state) for one in moves)
    return Table(columns, rows, f"{player} joined and left no segment.")
