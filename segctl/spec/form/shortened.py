"""Canonical rules in the short form: `country: DE` for `country: {eq: DE}`, and keys in the order of reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# what `field: value` and `field: [a, b]` stand for
_SHORT = frozenset(("eq", "in", "contains_any"))
_GROUPS = frozenset(("all", "any", "none"))
_WHOLE = frozenset(("in_segment", "was_in_segment", "bucket", "rule", "during", "count", "sum", "within", "event"))
_FIRST = ("event", "sequence", "where", "count", "sum", "within", "n", "of", "top", "percent", "by", "order")
_LAST = ("ignore_case", "money", "reason", "until")


def shortened(rule: Any) -> Any:
    """A rule, a step, or a list of them, in the short form where there is one."""
    if isinstance(rule, list):
        return [shortened(part) for part in rule]
    if not isinstance(rule, Mapping):
        return rule
    return {key: _part(key, value) for key, value in rule.items()}


def in_reading_order(mapping: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What a condition is about comes first; a range heads its group, and ends an event."""
    during = 0 if not mapping.keys().isdisjoint((*_GROUPS, "at_least")) else len(_FIRST) + 1
    ranks = {**{key: place for place, key in enumerate(_FIRST, 1)}, "during": during}
    ranks |= {key: len(_FIRST) + 2 + place for place, key in enumerate(_LAST)}
    return iter(sorted(mapping.items(), key=lambda pair: ranks.get(pair[0], len(_FIRST))))


def _part(key: str, value: Any) -> Any:
    if key in _GROUPS or key in ("sequence", "where"):
        return shortened(value)
    if key == "at_least":
        return {**value, "of": shortened(value["of"])}
    if key in _WHOLE or not isinstance(value, Mapping) or len(value) != 1:
        return value
    operator, operand = next(iter(value.items()))
    return operand if operator in _SHORT else value
