"""A segment whose members are all in another one, seen from their rules (SEG607)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from segctl.base.diagnostic import Diagnostic
from segctl.base.span import Span
from segctl.lint.formula import Many, formula
from segctl.lint.ground import Ground
from segctl.lint.known import NOTHING, always, assumed
from segctl.lint.normal import normal
from segctl.lint.subject import Subject
from segctl.lint.walk import subjects
from segctl.model.canonical_rule import rule_document
from segctl.model.rule import Group
from segctl.model.segment import Segment

_MOST_PAIRS = 10_000


@dataclass(frozen=True, slots=True)
class _Asked:
    """A segment, all that its rules ask about, and for each part that must hold what that part asks about."""

    segment: Segment
    asks: frozenset[Subject]
    parts: tuple[frozenset[Subject], ...]


def contained_segments(ground: Ground) -> Iterator[Diagnostic]:
    """Each segment that is certainly within another, told once. One that names the other says it itself.

    Among very many segments that ask about the same things, not all pairs are compared.
    """
    asked = list(_all_asked(ground))
    uses = {one.segment.name: one.segment.uses for one in asked}
    often = Counter(subject for one in asked for subject in one.asks)
    asking: dict[Subject, list[_Asked]] = defaultdict(list)
    for one in asked:
        for subject in one.asks:
            asking[subject].append(one)
    told: set[str] = set()
    left = _MOST_PAIRS
    for outer in asked:
        if not _holds_all(outer.segment):
            continue
        rarest = min(outer.parts, key=lambda part: sum(often[subject] for subject in part))
        near = {one.segment.name: one for subject in rarest for one in asking[subject]}
        for inner in near.values():
            if left == 0 or inner.segment.name in told or not _may_be(inner, outer, uses):
                continue
            left -= 1
            if _implies(inner.segment, outer.segment, ground):
                told.add(inner.segment.name)
                detail = f"Every member of `{inner.segment.name}` is in `{outer.segment.name}` too."
                help_line = (
                    f"If that is meant, say it: `in_segment: {outer.segment.name}` instead of its conditions."
                )
                yield Diagnostic("SEG607", inner.segment.at or Span("", 1, 1, 1, 2), detail, (help_line,))


def _all_asked(ground: Ground) -> Iterator[_Asked]:
    for stated in ground.stated:
        segment, made, walk = stated.owner, stated.made, stated.walk
        if stated.part != "rules" or not isinstance(segment, Segment) or segment.type == "static":
            continue
        if any(found.root for found in walk.found):
            continue
        joined = isinstance(stated.rule, Group) and stated.rule.word == "all"
        parts = made.parts if joined and isinstance(made, Many) else (made,)
        each = tuple(frozenset(walk.cosmos.subjects[place] for place in subjects(part)) for part in parts)
        yield _Asked(segment, frozenset().union(*each), each)


def _holds_all(segment: Segment) -> bool:
    """Are all who meet the rules in, but for the guard?"""
    return segment.type == "dynamic" and not segment.exclude and segment.limit is None and segment.scope is None


def _may_be(inner: _Asked, outer: _Asked, uses: Mapping[str, frozenset[str]]) -> bool:
    if inner is outer or inner.segment.include or inner.segment.purpose != outer.segment.purpose:
        return False
    if any(part.isdisjoint(inner.asks) for part in outer.parts):
        return False
    return not _leads_to(inner.segment.name, outer.segment.name, uses)


def _leads_to(start: str, end: str, uses: Mapping[str, frozenset[str]]) -> bool:
    waiting, seen = [start], set[str]()
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        if name not in seen:
            seen.add(name)
            waiting += uses.get(name, ())
    return False


def _implies(inner: Segment, outer: Segment, ground: Ground) -> bool:
    """Is it certain, and more than another form of the same rules, which is told as SEG606?"""
    if inner.rules is None or outer.rules is None:
        return False
    if rule_document(normal(inner.rules, ground.names)) == rule_document(normal(outer.rules, ground.names)):
        return False
    cosmos = ground.cosmos()
    less, more = formula(inner.rules, cosmos), formula(outer.rules, cosmos)
    known = assumed(less, NOTHING, cosmos)
    return known is not None and always(more, known, cosmos)
