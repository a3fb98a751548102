"""How a canonical rule document is taken apart: its group word and parts, or its head. Plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from segctl.base.digest import canonical_json

Document = Mapping[str, Any]

GROUP_WORDS = ("all", "any", "none", "at_least")
# The first key of a condition that is not a field. Only `event` and `sequence` have keys beside it.
HEADS = ("event", "sequence", "in_segment", "was_in_segment", "bucket", "rule")


def group_word(rule: Document) -> str | None:
    """`all`, `any`, `none` or `at_least`; None for a condition."""
    return next((word for word in GROUP_WORDS if word in rule), None)


def parts(group: Document) -> Sequence[Document]:
    """The rules below a group; none below a condition."""
    word = group_word(group)
    if word is None:
        return ()
    below: Sequence[Document] = group[word]["of"] if word == "at_least" else group[word]
    return below


def without_parts(group: Document) -> dict[str, Any]:
    """A group with everything but what is below it."""
    return {key: _emptied(key, value) for key, value in group.items()}


def ordered(rule: Document) -> dict[str, Any]:
    """The same rule with what stands below its groups in one order, whatever the order was."""
    word = group_word(rule)
    if word is None:
        return {key: ordered(part) if key == "where" else part for key, part in rule.items()}
    below = sorted(map(ordered, parts(rule)), key=canonical_json)
    return {**rule, word: {**rule[word], "of": below} if word == "at_least" else below}


def head(condition: Document) -> str:
    """What a condition begins with: the name of its field, or one of `HEADS`."""
    return next((word for word in HEADS if word in condition), None) or next(iter(condition))


def conditions(rule: Document) -> Iterator[Document]:
    """The conditions of a rule, in the order in which they stand."""
    if group_word(rule) is None:
        yield rule
    for part in parts(rule):
        yield from conditions(part)


def _emptied(key: str, value: Any) -> Any:
    if key == "at_least":
        return {**value, "of": []}
    return [] if key in GROUP_WORDS else value
