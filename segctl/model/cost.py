"""What one segment adds to a run beside all others. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.base.timings import Spent
from segctl.model.funnel import Place


@dataclass(frozen=True, slots=True)
class ConditionCost:
    """A condition: the facts it asks for, those nobody else asks for, and the segments that share the others."""

    place: Place
    facts: int
    own: int
    sharing: int


@dataclass(frozen=True, slots=True)
class ReadCost:
    """What is read of a table for one segment alone: the facts, and whether others read the table as well.

    `spent` is what reading it took; None where it was not read.
    """

    table: str
    asked: str
    facts: int
    shared: bool
    spent: Spent | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """`others` are the segments it is held against; `facts` all that it asks for, `own` those nobody else does.

    `kept` says that its members are a snapshot or a list that no run looks at, `query` what its own query took.
    """

    segment: str
    type: str
    purpose: str
    others: int
    facts: int
    own: int
    conditions: tuple[ConditionCost, ...]
    reads: tuple[ReadCost, ...]
    measured: bool
    kept: bool = False
    declared: bool = False
    query: Spent | None = None
