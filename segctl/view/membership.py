"""Conditions that are neither fields nor events → plain English: segments, splits, named rules. Raw text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segctl.base.digest import canonical_json
from segctl.view.figures import number
from segctl.view.nouns import either
from segctl.view.phrase import predicate
from segctl.view.speech import Speech, window

Rule = Mapping[str, Any]


def names(operand: Any) -> list[str]:
    """The segments that `in_segment` or `was_in_segment` asks about, however they are written."""
    told = operand.get("segment", []) if isinstance(operand, Mapping) else operand
    return [told] if isinstance(told, str) else list(told)


def in_segment(operand: Any, *, negated: bool = False) -> str:
    """Membership of one segment or of any of several, and since when."""
    since = operand.get("since") if isinstance(operand, Mapping) else None
    if since:
        told = f"in segment {either(names(operand))}, joined {joined(since)}"
        return f"not ({told})" if negated else told
    known = names(operand)
    if len(known) == 1:
        return f"{'not ' if negated else ''}in segment {known[0]}"
    return f"in {'none' if negated else 'any'} of the segments {', '.join(known)}"


def was_in_segment(operand: Any, *, negated: bool = False) -> str:
    """Membership at some moment of a range, or ever."""
    during = operand.get("during") if isinstance(operand, Mapping) else None
    told = in_segment(names(operand))
    if during in (None, "lifetime"):
        return f"was {'never' if negated else 'ever'} {told}"
    return f"was {'not ' if negated else ''}{told} at {'any' if negated else 'some'} point {window(during)}"


def joined(since: Rule) -> str:
    """When players joined: more than 30 days ago."""
    return " and ".join(predicate(name, part, "", Speech()) for name, part in since.items())


def in_bucket(operand: Any, *, negated: bool = False) -> str:
    """A stretch of a split: in the first 10 % of the split spring-test."""
    return f"{'not ' if negated else ''}in {part_of(operand)} of the split {operand.get('salt')}"


def part_of(operand: Any) -> str:
    """Which part of a split: the first 10 %."""
    match operand.get("percent"):
        case [0, 100]:
            return "any part"
        case [0, high]:
            return f"the first {number(high)} %"
        case [low, 100]:
            return f"the last {number(100 - low)} %"
        case [low, high]:
            return f"the part from {number(low)} % to {number(high)} %"
        case other:
            return canonical_json(other)


def by_rule(name: Any, *, negated: bool = False) -> str:
    """A named rule."""
    return f"{'does not match' if negated else 'matches'} the rule {name}"
