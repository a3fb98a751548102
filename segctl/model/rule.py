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
    "contains", "starts_with", "ends_with", "matches",
    "on_day", "before", "after", "older_than", "within", "within_next", "anniversary_within",
    "contains_any", "contains_all", "is_empty", "is_set",
]  # fmt: skip
GroupWord = Literal["all", "any", "none"]
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
    """Is the player now in any of these segments?"""

    segments: tuple[str, ...]
    at: Span | None = stored(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Group:
    """`all` is AND, `any` is OR, `none` is NOR. `during` scopes the metrics below it."""

    word: GroupWord
    rules: tuple[Rule, ...]
    during: Window | None = None
    at: Span | None = stored(default=None, compare=False, repr=False)


Rule = Group | Compare | InSegment


def leaves(rule: Rule) -> Iterator[Compare | InSegment]:
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
    return frozenset(name for leaf in leaves(rule) if isinstance(leaf, InSegment) for name in leaf.segments)


def used_fields(rule: Rule | None) -> frozenset[str]:
    """The names of the catalog fields a rule asks about directly."""
    if rule is None:
        return frozenset()
    return frozenset(leaf.field for leaf in leaves(rule) if isinstance(leaf, Compare))
