"""How far the tests of a segment hold what decides who is in. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segctl.base.span import Span
from segctl.model.rule import Condition, Step
from segctl.model.segment import Adjustment, Guard, Limit, Trigger

# Where a thing that decides stands. `where` is a condition on the events of any of the others.
Part = Literal[
    "rules", "scope", "where", "sequence", "within", "enter", "exit", "for",
    "include", "exclude", "until", "limit", "guard",
]  # fmt: skip


What = Condition | Step | Trigger | Adjustment | Limit | Guard


@dataclass(frozen=True, slots=True)
class Covered:
    """One thing that decides who is in, and each check of it; None where a check has no meaning for it.

    `what` holds it: of `within` the sequence, of `for` the trigger, of `until` the entry, of `where` the event
    with this condition alone. `at` is where it stands. A condition or an event was seen `true` and `false`. Of
    the rest, `true` says that somebody is in, or is not, because of it. `removal` and `negation`: a test fails
    when it is taken out, or turned round.
    """

    part: Part
    what: What
    at: Span | None
    true: bool
    false: bool | None = None
    removal: bool | None = None
    negation: bool | None = None

    @property
    def checks(self) -> tuple[bool, ...]:
        """Those that have a meaning for it."""
        every = (self.true, self.false, self.removal, self.negation)
        return tuple(one for one in every if one is not None)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What decides who is in one segment: events, rules, adjustments, limit, scope and guard, in this order."""

    segment: str
    items: tuple[Covered, ...]

    @property
    def percent(self) -> int:
        """The share of checks that hold, rounded down; 100 where nothing can be checked."""
        checks = [check for one in self.items for check in one.checks]
        return 100 if not checks else 100 * sum(checks) // len(checks)
