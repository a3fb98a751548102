"""A segment as its author means it. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from segctl.base.span import Span
from segctl.model.rule import Rule, used_segments

SegmentType = Literal["dynamic", "static", "players"]
SEGMENT_TYPES: tuple[SegmentType, ...] = ("dynamic", "static", "players")


@dataclass(frozen=True, slots=True)
class PlayerList:
    """The ids of a `players` segment, in the order of their list, without repeats. `file` is where they stand."""

    ids: tuple[str, ...]
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. `rules` is None only for a plain list of players."""

    name: str
    type: SegmentType
    rules: Rule | None = None
    players: PlayerList | None = None
    title: str = ""
    description: str = ""
    purpose: str = "marketing"
    tags: tuple[str, ...] = ()
    owner: str = ""
    protected: bool = False
    renamed_from: str | None = None
    at: Span | None = field(default=None, compare=False, repr=False)
    renamed_at: Span | None = field(default=None, compare=False, repr=False)

    @property
    def address(self) -> str:
        return f"segment.{self.name}"

    @property
    def uses(self) -> frozenset[str]:
        """The segments this one asks about."""
        return used_segments(self.rules)
