"""Which parts of two groups belong together: what conditions speak of, and how much groups share. Pure.

It does not matter which of the two is the older: the pairs are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.operators import TEST_KEYS
from segctl.model.parts import conditions, group_word, head

Document = Mapping[str, Any]
Pair = tuple[Document | None, Document | None]

# Of the same event table, segment or field; the rest of what they speak of differs.
_RELATED = 1
_SAME = 2


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a group, with what is asked of it again and again worked out once.

    A condition has a `subject`, and in `related` what makes another one its kin: a segment in common, or the same
    asked of other events of the table. A group has the subjects `below` it.
    """

    rule: Document
    text: str
    word: str | None
    subject: str
    related: frozenset[str]
    below: Counter[str]

    @classmethod
    def of(cls, rule: Document) -> _Part:
        word, text = group_word(rule), canonical_json(rule)
        if word is None:
            return cls(rule, text, word, _subject(rule), frozenset(_related(rule)), Counter())
        return cls(rule, text, word, "", frozenset(), Counter(map(_subject, conditions(rule))))


def pairs(before: Sequence[Document], after: Sequence[Document]) -> list[Pair]:
    """Old and new parts that belong together, in the order of the new ones, then what went; without equal ones."""
    old, new = list(map(_Part.of, _rest(before, after))), list(map(_Part.of, _rest(after, before)))
    found = sorted(
        (-likeness, sorted((one.text, other.text)), at, where)
        for at, one in enumerate(old)
        for where, other in enumerate(new)
        if (likeness := _likeness(one, other)) is not None
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, at, where in found:
        if where not in partner and at not in taken:
            partner[where] = at
            taken.add(at)
    told: list[Pair] = [
        (old[partner[where]].rule if where in partner else None, one.rule) for where, one in enumerate(new)
    ]
    return told + [(one.rule, None) for at, one in enumerate(old) if at not in taken]


def speaks_of(one: Document, other: Document) -> bool:
    """Do two conditions ask about the same thing, or a related one?"""
    parts = _Part.of(one), _Part.of(other)
    return parts[0].word is None and _likeness(*parts) is not None


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


def _likeness(one: _Part, other: _Part) -> int | None:
    """More is more alike; None for what cannot be a pair."""
    if one.word != other.word:
        return None
    if one.word is not None:
        return sum((one.below & other.below).values())
    if one.subject == other.subject:
        return _SAME
    return None if one.related.isdisjoint(other.related) else _RELATED


def _related(condition: Document) -> Iterator[str]:
    name = head(condition)
    match name:
        case "in_segment" | "was_in_segment":
            yield from (f"{name} {segment}" for segment in _segments(condition[name]))
        case "event":
            yield canonical_json({key: part for key, part in condition.items() if key != "where"})
        case _:
            pass


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
