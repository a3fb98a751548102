"""The rule tree: what an author means, without how it was written. Plain data.

Equal rules are equal values: `at`, where a rule stands in its file, takes no part in comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as stored
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from segctl.base.span import Span
from segctl.model.time import Duration, Window

Operator = Literal[
    "eq", "ne", "gt", "gte", "lt", "lte", "between", "in", "not_in",
    "in_list", "contains", "starts_with", "ends_with", "matches",
    "on_day", "before", "after", "older_than", "within", "within_next", "anniversary_within",
    "contains_any", "contains_all", "is_empty", "is_set",
]  # fmt: skip
GroupWord = Literal["all", "any", "none", "at_least"]
Money = Literal["real", "bonus", "both"]


@dataclass(frozen=True, slots=True)
class Now:
    """The instant of the run, as a value of `before` and `after`."""


Value = str | int | Decimal | bool | date | datetime | Duration | Now
Values = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """One operator and what it compares with. `between`, `in` and their like hold a tuple of values."""

    op: Operator
    value: Value | Values
    ignore_case: bool = False

    __test__ = False  # the name is the domain's; pytest need not collect it


@dataclass(frozen=True, slots=True)
class Compare:
    """A field of the catalog (or, inside `where`, a column of the event) held against tests; all must hold.

    `dimensions` narrows a metric: pairs of a dimension and the values it may have. `money` chooses the variant
    of a metric that has variants; None means `both`.
    """

    field: str
    tests: tuple[Test, ...]
    dimensions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    money: Money | None = None
    at: Span | None = stored(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class InSegment:
    """Is the player now in any of these segments? `since` tests when they last joined; all must hold."""

    segments: tuple[str, ...]
    since: tuple[Test, ...] = ()
    at: Span | None = stored(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WasInSegment:
    """Was the player in any of these segments at some moment of the window, or ever, as far as is known?"""

    segments: tuple[str, ...]
    window: Window | None = None
    at: Span | None = stored(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Is the player in this stretch of a persistent split, `low <= share < high`, in percent?"""

    salt: str
    low: Decimal
    high: Decimal
    at: Span | None = stored(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Happened:
    """Events of one table that pass `where`, counted and summed. Without a test: did it happen at least once?

    `sums` are pairs of a column and the tests of its sum. `during` replaces the range above.
    """

    events: str
    where: Rule | None = None
    count: tuple[Test, ...] = ()
    sums: tuple[tuple[str, tuple[Test, ...]], ...] = ()
    during: Window | None = None
    at: Span | None = stored(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """Any event of one table that passes `where`."""

    events: str
    where: Rule | None = None
    at: Span | None = stored(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Did these steps happen one after the other, each later than the one before, the last `within` the first?"""

    steps: tuple[Step, ...]
    within: Duration | None = None
    at: Span | None = stored(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Named:
    """The rule that a `kind: Rule` document states under this name, as if it stood here."""

    rule: str
    at: Span | None = stored(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Group:
    """`all` is AND, `any` is OR, `none` is NOR, `at_least` is `n` or more. `during` scopes what counts events."""

    word: GroupWord
    rules: tuple[Rule, ...]
    during: Window | None = None
    n: int = 0
    at: Span | None = stored(default=None, compare=False, repr=False)


Condition = Compare | InSegment | WasInSegment | Bucket | Happened | Sequence | Named
Rule = Group | Condition


def leaves(rule: Rule) -> Iterator[Condition]:
    """The conditions of a rule, in the order in which they stand."""
    if isinstance(rule, Group):
        for part in rule.rules:
            yield from leaves(part)
    else:
        yield rule


def used_segments(rule: Rule | None) -> frozenset[str]:
    """The names of the segments a rule asks about directly."""
    if rule is None:
        return frozenset()
    asking = (leaf for leaf in leaves(rule) if isinstance(leaf, InSegment | WasInSegment))
    return frozenset(name for leaf in asking for name in leaf.segments)


def used_fields(rule: Rule | None) -> frozenset[str]:
    """The names of the catalog fields a rule asks about directly."""
    if rule is None:
        return frozenset()
    return frozenset(leaf.field for leaf in leaves(rule) if isinstance(leaf, Compare))


def used_events(rule: Rule | None) -> frozenset[str]:
    """The names of the event tables whose rows a rule asks about directly, without a metric."""
    found: set[str] = set()
    for leaf in leaves(rule) if rule is not None else ():
        match leaf:
            case Happened(events):
                found.add(events)
            case Sequence(steps):
                found.update(step.events for step in steps)
            case _:
                pass
    return frozenset(found)


def used_rules(rule: Rule | None) -> frozenset[str]:
    """The names of the named rules it uses directly."""
    if rule is None:
        return frozenset()
    return frozenset(leaf.rule for leaf in leaves(rule) if isinstance(leaf, Named))


def used_lists(rule: Rule | None) -> frozenset[str]:
    """The names of the named lists it compares with directly."""
    if rule is None:
        return frozenset()
    tests = (test for leaf in leaves(rule) if isinstance(leaf, Compare) for test in leaf.tests)
    return frozenset(str(test.value) for test in tests if test.op == "in_list")
