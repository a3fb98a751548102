"""What the author of a segment expects of it, for players who are made up. Plain data.

The word *test* alone is an operator with its value (rule.py); this is a document, `kind: SegmentTest`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from segctl.base.span import Span
from segctl.model.facts import PlayerFacts


@dataclass(frozen=True, slots=True)
class Expected:
    """Who is expected in and out at one instant; of the others nothing is said, unless `only` says who is in.

    `order` are all members as the segment's limit ranks them. `places` is where each player is named.
    """

    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    order: tuple[str, ...] | None = None
    places: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)

    @property
    def count(self) -> int:
        """How many expectations these are; `only` and `order` are one each."""
        return len(self.inside) + len(self.outside) + (self.only is not None) + (self.order is not None)


@dataclass(frozen=True, slots=True)
class ClockStep:
    """An instant at which the segment is evaluated, and what is expected then."""

    as_of: datetime
    expected: Expected


@dataclass(frozen=True, slots=True)
class SegmentTest:
    """One document. The steps ascend in time; each is history for those after it.

    `members` fixes who is in segments that the tested one uses, instead of evaluating them; `rows` are the ids
    that the query of a `sql` segment returns. A player is known by its name in the document, which is its id.
    """

    segment: str
    players: Mapping[str, PlayerFacts]
    steps: tuple[ClockStep, ...]
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rows: frozenset[str] | None = None
    title: str = ""
    at: Span | None = field(default=None, compare=False, repr=False)

    @property
    def file(self) -> str:
        """The document's file, below the project's folder."""
        return self.at.file if self.at is not None else ""
