"""Whom segments hold since they were forgotten: out of them, or in a list that keeps out its members. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap

from segctl.members.returning import Returning
from segctl.sql.lower import HELD_IN, HELD_OUT
from segctl.sql.program import Key, part_key

_PARTS = (HELD_IN, HELD_OUT)


@dataclass(frozen=True, slots=True)
class Holds:
    """The keyed digests of those whom a segment holds, by its name and by how (HELD_IN, HELD_OUT)."""

    players: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def parts(self, name: str | None) -> frozenset[str]:
        """The ways in which a segment holds anybody."""
        return frozenset(part for part in _PARTS if name is not None and (name, part) in self.players)

    def names(self, part: str) -> frozenset[str]:
        """The segments that hold somebody this way."""
        return frozenset(name for name, how in self.players if how == part)

    def members(self, key: Key, name: str | None, returning: Returning) -> dict[Key, BitMap]:
        """Whom the segment that is evaluated under `key` holds, of those who have come back."""
        return {
            part_key(key, how): returning.of(held)
            for (held_by, how), held in self.players.items()
            if held_by == name
        }


NO_HOLDS = Holds()
