"""Why a line cannot be said in the language at all. What can be said and is answered otherwise: differences.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.peers.fields import found
from tests.peers.lines import Condition, Line, conditions

_BY_OPERATOR = {
    "type": "asks for the type of a value",
    "cidr": "address ranges (cidr)",
}


def reason(line: Line) -> str | None:
    """The first reason that keeps a line from becoming a segment, or None."""
    if line.expect == "inconclusive":
        return "an answer that is neither true nor false"
    if _holds_constant(line.rule):
        return "a constant in place of a condition"
    return next((why for condition in conditions(line.rule) if (why := _why(condition, line.subject))), None)


def _why(condition: Condition, subject: Mapping[str, Any]) -> str | None:
    op, value = condition["op"], condition.get("value")
    owned = found(subject, condition["attr"])
    if op.startswith("semver_"):
        return "versions (semver)"
    if op.startswith("UNKNOWN:"):
        return "an operator that nobody has"
    if op == "elem" and not _is_membership(value):
        return "conditions on the elements of a list"
    if op == "size" and (value != 0 or not _are_texts(owned)):
        return "counts the elements of a list"
    if op == "eq" and isinstance(value, dict):
        return "equality of objects"
    return _BY_OPERATOR.get(op)


def _is_membership(value: Any) -> bool:
    """Does `elem` ask no more than that a text is in the list?"""
    match value:
        case {"$eq": str()}:
            return True
        case {"$in": list(texts)}:
            return _are_texts(texts)
        case _:
            return False


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _holds_constant(rule: Mapping[str, Any]) -> bool:
    match rule:
        case {"const": _}:
            return True
        case {"not": part}:
            return _holds_constant(part)
        case {"all": parts} | {"any": parts}:
            return any(_holds_constant(part) for part in parts)
        case _:
            return False
