"""How far a run is, for whoever shows it. Plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """What is begun now, and how many of all steps are done."""

    what: str
    done: int
    total: int


Watch = Callable[[Progress], None]


def unwatched(_progress: Progress) -> None:
    """Nobody wants to know."""
