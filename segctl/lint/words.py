"""How checks speak of rules: by their heads and lines, never by their values, which may be personal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from segctl.base.span import Span
from segctl.lint.formula import Formula
from segctl.lint.ground import Owner
from segctl.model.rule import Bucket, Compare, Group, Happened, InSegment, Named, Rule, WasInSegment
from segctl.model.rule import Sequence as Steps
from segctl.model.segment import Guard, NamedRule, Segment

_MOST = 4


def label(rule: Rule) -> str:
    """The head of a rule, as its author wrote it."""
    return f"`{_head(rule)}`"


def _head(rule: Rule) -> str:
    match rule:
        case Compare(field):
            return field
        case Group(word):
            return word
        case Happened(events):
            return f"event: {events}"
        case Named(name):
            return f"rule: {name}"
        case InSegment(segments) | WasInSegment(segments):
            head = "in_segment" if isinstance(rule, InSegment) else "was_in_segment"
            return f"{head}: {segments[0]}" if len(segments) == 1 else f"{head}: [{', '.join(segments)}]"
        case Bucket() | Steps():
            return "bucket" if isinstance(rule, Bucket) else "sequence"


def owner_words(owner: Owner) -> str:
    """What a document is called in a sentence."""
    match owner:
        case Segment():
            return f"the segment `{owner.name}`"
        case NamedRule():
            return f"the rule `{owner.name}`"
        case Guard():
            return f"the guard `{owner.purpose}`"


def listed(parts: Iterable[Formula], at: Span) -> str:
    """Rules with their lines, as seen from a place: `country` on line 8 and `age` on line 9."""
    rules = {id(part.rule): part.rule for part in parts}
    return joined(tuple(located(rule, at) for rule in rules.values()))


def located(rule: Rule, at: Span) -> str:
    """A rule and its line."""
    if rule.at is None:
        return label(rule)
    line = f"line {rule.at.line}" if rule.at.file == at.file else f"line {rule.at.line} of {rule.at.file}"
    return f"{label(rule)} on {line}"


def joined(parts: Sequence[str]) -> str:
    """`a`, `b` and `c`."""
    if len(parts) > _MOST:
        parts = (*parts[:_MOST], f"{len(parts) - _MOST} more")
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
