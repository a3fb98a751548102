"""Random histories: who was in which segment when. Answers what the oracle asks of it and what an engine is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from segctl.model.time import END, Interval, micros
from tests.support.pools import Pools

# When a member joined and left; None: has not left.
Spell = tuple[datetime, datetime | None]
NEVER: tuple[Spell, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The spells of each player in each segment, by segment and player."""

    spells: Mapping[str, Mapping[str, Sequence[Spell]]] = field(default_factory=dict)

    def since(self, segment: str, player: str) -> datetime | None:
        """When a member of the last run had joined; None for who was not in."""
        open_ = [joined for joined, left in self._of(segment, player) if left is None]
        return open_[0] if open_ else None

    def was(self, segment: str, player: str, stretch: Interval) -> bool:
        """Was the player in at some moment of a stretch? Who leaves is out from that moment on."""
        return any(
            max(micros(joined), stretch.after + 1) <= min(END if left is None else micros(left) - 1, stretch.until)
            for joined, left in self._of(segment, player)
        )

    def players(self, segment: str) -> Sequence[str]:
        """Who was ever in."""
        return list(self.spells.get(segment, {}))

    def _of(self, segment: str, player: str) -> Sequence[Spell]:
        return self.spells.get(segment, {}).get(player, NEVER)


def random_history(rng: Random, segments: Sequence[str], ids: Sequence[str], pools: Pools) -> History:
    """Of about half of the segments and players; all of it before now, or just now."""
    past = sorted({time for time in pools.instants if time <= pools.clock.as_of})
    return History(
        {
            name: {player: _spells(rng, past) for player in ids if rng.random() < 0.6}
            for name in segments
            if rng.random() < 0.6
        }
    )


def _spells(rng: Random, past: Sequence[datetime]) -> Sequence[Spell]:
    size = min(len(past), rng.randint(1, 4))
    edges: list[datetime | None] = [*sorted(rng.sample(past, size))]
    if size % 2:
        edges.append(None)
    return [(joined, left) for joined, left in zip(edges[::2], edges[1::2], strict=True) if joined is not None]
