"""Which parts of two groups belong together: what conditions speak of, and how much groups share. Pure.

It does not matter which of the two is the older: the pairs are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.operators import TEST_KEYS
from segctl.model.parts import conditions, group_word, head

Document = Mapping[str, Any]
Pair = tuple[Document | None, Document | None]

# Of the same event table, segment or field; the rest of what they speak of differs.
_RELATED = 1
_SAME = 2


def pairs(before: Sequence[Document], after: Sequence[Document]) -> list[Pair]:
    """Old and new parts that belong together, in the order of the new ones, then what went; without equal ones."""
    old, new = _rest(before, after), _rest(after, before)
    found = sorted(
        (-likeness, sorted((canonical_json(old[one]), canonical_json(new[other]))), one, other)
        for one in range(len(old))
        for other in range(len(new))
        if (likeness := _likeness(old[one], new[other])) is not None
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, one, other in found:
        if other not in partner and one not in taken:
            partner[other] = one
            taken.add(one)
    told: list[Pair] = [(old[partner[at]] if at in partner else None, rule) for at, rule in enumerate(new)]
    return told + [(rule, None) for at, rule in enumerate(old) if at not in taken]


def speaks_of(one: Document, other: Document) -> bool:
    """Do two conditions ask about the same thing, or a related one?"""
    return group_word(one) is None and group_word(other) is None and _related(one, other) > 0


def _rest(rules: Sequence[Document], others: Sequence[Document]) -> list[Document]:
    """The rules without those that the others have too, each as often as they have it."""
    known = Counter(map(canonical_json, others))
    rest = []
    for rule in rules:
        text = canonical_json(rule)
        known[text] -= 1
        if known[text] < 0:
            rest.append(rule)
    return rest


def _likeness(one: Document, other: Document) -> int | None:
    """More is more alike; None for what cannot be a pair."""
    word = group_word(one)
    if word != group_word(other):
        return None
    if word is None:
        return _related(one, other) or None
    return sum((_subjects(one) & _subjects(other)).values())


def _related(one: Document, other: Document) -> int:
    name = head(one)
    if name != head(other):
        return 0
    if _subject(one) == _subject(other):
        return _SAME
    match name:
        case "in_segment" | "was_in_segment":
            return _RELATED if _segments(one[name]) & _segments(other[name]) else 0
        case "event":
            return _RELATED if one["event"] == other["event"] and _asked(one) == _asked(other) else 0
        case _:
            return 0


def _subjects(rule: Document) -> Counter[str]:
    return Counter(map(_subject, conditions(rule)))


def _subject(condition: Document) -> str:
    """What a condition speaks of, without what it holds that against."""
    name = head(condition)
    operand = condition[name]
    match name:
        case "event":
            return canonical_json([name, operand, condition.get("where")])
        case "in_segment" | "was_in_segment":
            return canonical_json([name, sorted(_segments(operand))])
        case "bucket":
            return canonical_json([name, operand.get("salt")])
        case "sequence" | "rule":
            return canonical_json([name, operand])
        case _:
            narrowed = operand if isinstance(operand, Mapping) else {}
            return canonical_json([name, {key: part for key, part in narrowed.items() if key not in TEST_KEYS}])


def _segments(operand: Any) -> set[str]:
    names = operand["segment"] if isinstance(operand, Mapping) else operand
    return {names} if isinstance(names, str) else set(names)


def _asked(event: Document) -> dict[str, Any]:
    return {key: part for key, part in event.items() if key not in ("event", "where")}
