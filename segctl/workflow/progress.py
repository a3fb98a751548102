"""How far a run is, for whoever shows it. Plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """What is begun now, and how many of all steps are done; a step that is not one of several has a total of 0.

    `rows` were read, `players` are looked at, and of all `segments` as many as are `ready` have all they ask for.
    """

    what: str
    done: int
    total: int
    rows: int = 0
    players: int = 0
    ready: int = 0
    segments: int = 0


Watch = Callable[[Progress], None]


def unwatched(_progress: Progress) -> None:
    """Nobody wants to know."""
