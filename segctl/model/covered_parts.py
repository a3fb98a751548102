"""What tests cover of includes, excludes, the limit and the guard of a segment. Pure.

Of each: is somebody in, or not, because of it; and would a test fail without it?
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from segctl.base.span import Span
from segctl.model.covered import Covered, Part, What
from segctl.model.missed import missed, outcomes
from segctl.model.rule import Rule
from segctl.model.segment import Adjustment, Guard, Limit, Order, Segment
from segctl.model.trial import FIXED
from segctl.model.tried import Tried

_TURNED: dict[Order, Order] = {"asc": "desc", "desc": "asc"}


def of_part(part: Part, what: What, at: Span | None, without: Segment, tries: Sequence[Tried]) -> Covered:
    """A part of a segment; `without` is the segment without it."""
    found = list(outcomes(without, tries))
    return Covered(part, what, at, any(one.moves for one in found), removal=any(one.fails for one in found))


def of_adjustments(segment: Segment, tries: Sequence[Tried]) -> Iterator[Covered]:
    """Each entry of `include` and `exclude`, and its last day."""
    for place, entry in enumerate(segment.include):
        yield from _of_entry("include", entry, tries, *(_included(segment, place, one) for one in _less(entry)))
    for place, entry in enumerate(segment.exclude):
        yield from _of_entry("exclude", entry, tries, *(_excluded(segment, place, one) for one in _less(entry)))


def of_limit(segment: Segment, limit: Limit, tries: Sequence[Tried]) -> Covered:
    """The limit; turned round, it keeps those at the other end of the order."""
    turned = replace(segment, limit=replace(limit, order=_TURNED[limit.order]))
    one = of_part("limit", limit, limit.at, replace(segment, limit=None), tries)
    return replace(one, negation=missed(turned, tries))


def of_guard(segment: Segment, guard: Rule, tries: Sequence[Tried]) -> Covered:
    """The guard of the segment's purpose, as a whole: its conditions are not the segment's."""
    without = replace(segment, purpose=FIXED)
    return of_part("guard", Guard(segment.purpose, guard, guard.at), guard.at, without, tries)


def _of_entry(
    part: Part, entry: Adjustment, tries: Sequence[Tried], without: Segment, for_good: Segment
) -> Iterator[Covered]:
    yield of_part(part, entry, entry.at, without, tries)
    if entry.until is not None:
        yield of_part("until", entry, entry.at, for_good, tries)


def _less(entry: Adjustment) -> tuple[tuple[Adjustment, ...], tuple[Adjustment, ...]]:
    """What stands in its place when it is taken out, and when its last day is."""
    return (), (replace(entry, until=None),)


def _included(segment: Segment, place: int, entries: tuple[Adjustment, ...]) -> Segment:
    return replace(segment, include=(*segment.include[:place], *entries, *segment.include[place + 1 :]))


def _excluded(segment: Segment, place: int, entries: tuple[Adjustment, ...]) -> Segment:
    return replace(segment, exclude=(*segment.exclude[:place], *entries, *segment.exclude[place + 1 :]))
