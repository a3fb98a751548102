"""Why a player moved. Pure set algebra over bitmaps.

From what the state holds to what a plan leaves, a segment moves in two steps: by time (its old definition,
evaluated now) and by definition. Only the first is ever blamed on data or the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pyroaring import BitMap

Direction = Literal["joined", "left"]
Cause = Literal["definition", "data", "clock", "dependency", "list", "guard"]


@dataclass(frozen=True, slots=True)
class Moved:
    """Players who joined or left one segment, for one cause."""

    cause: Cause
    direction: Direction
    players: BitMap


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of why a definition's members drift: who had new data, and who moved in segments it uses.

    `clock` says that the definition can move by time alone at all. `guard` are those whom its guard let in or out
    since, and `guarded` those whom the guard's own edit lets in or out.
    """

    touched: BitMap
    dependency: BitMap
    clock: bool
    guard: BitMap = field(default_factory=BitMap)
    guarded: BitMap = field(default_factory=BitMap)


def moves(before: BitMap, meanwhile: BitMap, after: BitMap, why: Cause, drift: Evidence) -> tuple[Moved, ...]:
    """All moves from `before` (the state) over `meanwhile` (the old definition, now) to `after`.

    A player who is where they were has not moved, whatever happened between. One for each cause and direction:
    both steps may have the same cause, when a segment that is used was changed and moved by time as well.
    """
    found: dict[tuple[Cause, Direction], BitMap] = {}
    for moved in _all(before, meanwhile, after, why, drift):
        if moved.players:
            key = moved.cause, moved.direction
            found[key] = found.get(key, BitMap()) | moved.players
    return tuple(Moved(cause, direction, players) for (cause, direction), players in found.items())


def _all(before: BitMap, meanwhile: BitMap, after: BitMap, why: Cause, drift: Evidence) -> Iterator[Moved]:
    joined, left = after - before, before - after
    yield from _edited("joined", joined - meanwhile, why, drift)
    yield from _edited("left", left & meanwhile, why, drift)
    yield from _drifted("joined", joined & meanwhile, drift)
    yield from _drifted("left", left - meanwhile, drift)


def _edited(direction: Direction, players: BitMap, why: Cause, drift: Evidence) -> Iterator[Moved]:
    yield Moved("guard", direction, players & drift.guarded)
    yield Moved(why, direction, players - drift.guarded)


def _drifted(direction: Direction, players: BitMap, drift: Evidence) -> Iterator[Moved]:
    by_guard = players & drift.guard
    others = players - by_guard
    by_others = others & drift.dependency
    own = others - by_others
    yield Moved("guard", direction, by_guard)
    by_data = own & drift.touched if drift.clock else own
    yield Moved("dependency", direction, by_others)
    yield Moved("data", direction, by_data)
    yield Moved("clock", direction, own - by_data)
