"""What the tests of a segment look at: all that decides who is in, seen at work and missed when gone. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from segctl.model.covered import Coverage, Covered
from segctl.model.covered_parts import of_adjustments, of_guard, of_limit
from segctl.model.covered_rules import of_rule
from segctl.model.covered_trigger import of_trigger
from segctl.model.rule import Rule
from segctl.model.segment import Segment
from segctl.model.trial import Stage
from segctl.model.tried import Tried


def coverage(name: str, stage: Stage, tries: Sequence[Tried]) -> Coverage:
    """What the tests of one segment cover of it. Raises: KeyError, if the segment is not declared."""
    segment = stage.segments[name]
    return Coverage(name, tuple(_items(segment, stage.guards.get(segment.purpose), tries)))


def _items(segment: Segment, guard: Rule | None, tries: Sequence[Tried]) -> Iterator[Covered]:
    """A list of players and a query say who may be in; there is nothing in them to see true or false."""
    if segment.trigger is not None:
        yield from of_trigger(segment, segment.trigger, tries)
    if segment.rules is not None:
        yield from of_rule("rules", segment.rules, lambda rule: replace(segment, rules=rule), tries)
    yield from of_adjustments(segment, tries)
    if segment.limit is not None:
        yield of_limit(segment, segment.limit, tries)
    if segment.scope is not None:
        yield from of_rule("scope", segment.scope, lambda rule: replace(segment, scope=rule), tries)
    if guard is not None:
        yield of_guard(segment, guard, tries)
