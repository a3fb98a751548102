"""The structured difference of two rules: what was added, removed and changed, whatever the order.

Works on definitions (canonical documents). Children of a group are paired by content first, then by what they
speak of, so that a changed threshold is one line and a moved condition is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.operators import TEST_KEYS
from segctl.plan.document import RuleChange

Document = Mapping[str, Any]
Lines = Callable[[Document], int | None]

_WORDS = ("all", "any", "none")


def rule_changes(before: Document | None, after: Document | None, line_of: Lines) -> tuple[RuleChange, ...]:
    """The lines of the diff, in the order of the new rule. `line_of` says where a new rule stands in its file."""
    return tuple(_changes(before, after, 0, line_of))


def _changes(before: Document | None, after: Document | None, depth: int, line_of: Lines) -> Iterator[RuleChange]:
    if canonical_json(before) == canonical_json(after):  # both may be missing: a plain list has no rule
        return
    if before is None or after is None:
        yield RuleChange(
            "+" if before is None else "-", depth, before, after, line_of(after) if after is not None else None
        )
        return
    word = _word(before)
    if word is None or word != _word(after):
        yield from _replaced(before, after, depth, line_of)
        return
    changed = before.get("during") != after.get("during")
    yield RuleChange(
        "~" if changed else " ",
        depth,
        _head(before, word),
        _head(after, word),
        line_of(after) if changed else None,
    )
    for old, new in _pairs(before[word], after[word]):
        yield from _changes(old, new, depth + 1, line_of)


def _replaced(before: Document, after: Document, depth: int, line_of: Lines) -> Iterator[RuleChange]:
    if _subject(before) == _subject(after) is not None:
        yield RuleChange("~", depth, before, after, line_of(after))
        return
    yield RuleChange("-", depth, before, None)
    yield RuleChange("+", depth, None, after, line_of(after))


def _head(group: Document, word: str) -> Document:
    """A group without its children."""
    return {key: [] if key == word else value for key, value in group.items()}


def _word(rule: Document) -> str | None:
    return next((word for word in _WORDS if word in rule), None)


def _subject(rule: Document) -> str | None:
    """What a condition speaks of: its head, and for a metric its dimensions; None for a group."""
    if _word(rule) is not None:
        return None
    ((head, operand),) = rule.items()
    narrowed = operand if isinstance(operand, dict) else {}
    return canonical_json([head, {key: value for key, value in narrowed.items() if key not in TEST_KEYS}])


def _pairs(before: Sequence[Document], after: Sequence[Document]) -> list[tuple[Document | None, Document | None]]:
    """Old and new children of a group that belong together; equal ones are left out."""
    old = {canonical_json(rule): rule for rule in before}
    new = {canonical_json(rule): rule for rule in after}
    removed = [rule for text, rule in old.items() if text not in new]
    pairs: list[tuple[Document | None, Document | None]] = []
    for text, rule in new.items():
        if text not in old:
            partner = _partner(rule, removed)
            if partner is not None:
                removed.remove(partner)
            pairs.append((partner, rule))
    return pairs + [(rule, None) for rule in removed]


def _partner(rule: Document, candidates: Sequence[Document]) -> Document | None:
    """The old rule that a new one most likely was: the same subject, or the group that shares most with it."""
    word = _word(rule)
    alike = [one for one in candidates if _word(one) == word and (word or _subject(one) == _subject(rule))]
    return max(alike, key=lambda one: _shared(one, rule), default=None)


def _shared(one: Document, other: Document) -> int:
    return len(_subjects(one) & _subjects(other))


def _subjects(rule: Document) -> set[str | None]:
    word = _word(rule)
    return {_subject(rule)} if word is None else set().union(*(_subjects(part) for part in rule[word]))
