"""What is told of one player and one segment: what decides, what is in the way, what comes next. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from segctl.model.ahead import Ahead
from segctl.model.catalog import AgeOf, Catalog
from segctl.model.comparison import passes
from segctl.model.facts import Fact
from segctl.model.operators import PRESENCE
from segctl.model.reasons import Reasons
from segctl.model.remedy import in_the_way
from segctl.model.rule import Compare, Group, InSegment, Rule, Test
from segctl.model.segment import Segment, Trigger
from segctl.model.time import Clock
from segctl.model.verdict import Verdict, conditions

_DISTANCE = ("gte", "lte")


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a player stands before a limit, counted from 1, among how many, and how many of them it lets in."""

    place: int
    among: int
    lets_in: int
    value: Fact


@dataclass(frozen=True, slots=True)
class Snapshot:
    """When a static segment took its members, in which run, and what its rules say of the player today."""

    serial: int
    at: datetime
    today: bool | None


@dataclass(frozen=True, slots=True)
class InState:
    """What the state holds: is the player a member, since when, and as of which instant."""

    inside: bool
    since: datetime | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What would let a player in: a number that is `missing` so much (negative: too high), or a wanted value."""

    field: str
    missing: Decimal | None = None
    wanted: str | bool | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """`reasons` is what every part says. `entered` is when an event let the player in."""

    segment: Segment
    player: str
    clock: Clock
    catalog: Catalog
    reasons: Reasons
    inside: bool
    rank: Rank | None = None
    snapshot: Snapshot | None = None
    entered: datetime | None = None
    state: InState | None = None
    ahead: Ahead | None = None
    declared: bool = False

    @property
    def personal(self) -> frozenset[str]:
        """The fields whose values are personal."""
        return frozenset(name for name, one in self.catalog.attributes.items() if one.pii)


def tidied(tree: Verdict) -> Verdict:
    """A guard's tree without the conditions that close it against missing values (strict.py)."""
    closed = _closed(tree)
    if closed is not None:
        return replace(closed, holds=tree.holds)
    return replace(tree, parts=tuple(map(tidied, tree.parts)))


def _closed(tree: Verdict) -> Verdict | None:
    """What a condition that says "is known, and" says beside that."""
    if not isinstance(tree.rule, Group) or tree.rule.word != "all" or len(tree.parts) != 2:
        return None
    present, asked = tree.parts
    known = isinstance(present.rule, Compare) and all(test.op in PRESENCE for test in present.rule.tests)
    return asked if known and _field(present) == _field(asked) else None


def _field(tree: Verdict) -> str | None:
    match tree.rule:
        case Compare(name):
            return name
        case Group("none", (Compare(name),)):
            return name
        case _:
            return None


def wish(one: Explanation) -> Wish | None:
    """What would let a player in, where that is sure: one condition in the way, on a field that no other names."""
    obstacles = in_the_way(one.reasons.parts)
    if one.inside or len(obstacles) != 1 or not isinstance(obstacles[0], Verdict) or one.segment.limit is not None:
        return None
    leaf = obstacles[0]
    trees = [part.verdict for part in one.reasons.parts if part.verdict is not None]
    others = [each for tree in trees for each in conditions(tree) if each is not leaf]
    if not isinstance(leaf.rule, Compare) or len(leaf.seen) != 1 or _negated(trees, leaf):
        return None
    if any(isinstance(each.rule, InSegment) or _names(each.rule, leaf.rule.field) for each in others):
        return None
    seen = leaf.seen[0]
    failing = [test for test in seen.tests if not passes(test, seen.value, seen.type, one.clock)]
    return _wish(leaf.rule.field, failing[0], seen.value) if len(failing) == len(seen.tests) == 1 else None


def _wish(name: str, test: Test, value: Fact) -> Wish | None:
    match test.value, value:
        case bool(wanted), _ if test.op == "eq":
            return Wish(name, wanted=wanted)
        case str(wanted), _ if test.op == "eq":
            return Wish(name, wanted=wanted)
        case (int() | Decimal()) as bound, (int() | Decimal()) as known if test.op in _DISTANCE:
            return Wish(name, missing=Decimal(bound) - Decimal(known))
        case _:
            return None


def _names(rule: Rule, field: str) -> bool:
    return isinstance(rule, Compare) and rule.field == field


def _negated(trees: list[Verdict], leaf: Verdict) -> bool:
    """Does the condition stand below a `none`, so that passing it would not help?"""
    return any(leaf in list(conditions(group)) for tree in trees for group in _nones(tree))


def _nones(tree: Verdict) -> Iterator[Verdict]:
    if isinstance(tree.rule, Group) and tree.rule.word == "none":
        yield tree
    for part in tree.parts:
        yield from _nones(part)


def tells_personal(one: Explanation) -> bool:
    """Would the next change tell a personal date, since a condition on one decides it?"""
    found = one.ahead.because if one.ahead is not None else ()
    return any(_is_personal(each, one) for each, _ in found)


def _is_personal(condition: Rule | Trigger, one: Explanation) -> bool:
    if not isinstance(condition, Compare):
        return False
    attribute = one.catalog.attributes.get(condition.field)
    source = attribute.source if attribute is not None else None
    return condition.field in one.personal or (isinstance(source, AgeOf) and source.attribute in one.personal)
