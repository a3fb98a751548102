"""Operators in plain English: the table of their words, and a test said with them. Raw text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from segctl.base.digest import canonical_json
from segctl.view.speech import Speech, duration, quoted, stretch, value, values, when

_Operands = Callable[[Any, str, Speech], str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """An operator in words, as it holds and as it does not, and how its operand is said."""

    words: str
    operand: _Operands
    negated: str = ""


def _ahead(operand: Any, _name: str, _speech: Speech) -> str:
    return stretch(operand)


def _ago(operand: Any, _name: str, _speech: Speech) -> str:
    return f"{duration(operand)} ago"


def _named(operand: Any, _name: str, _speech: Speech) -> str:
    return str(operand)


def _quoted(operand: Any, _name: str, _speech: Speech) -> str:
    return quoted(operand)


def _when(operand: Any, _name: str, _speech: Speech) -> str:
    return when(operand)


def _ends(operand: Any, name: str, speech: Speech) -> str:
    match operand:
        case [low, high]:
            return f"{value(low, name, speech)} and {value(high, name, speech)}"
        case _:
            return values(operand, name, speech)


_PHRASES: dict[str, Phrase] = {
    "eq": Phrase("is", value, "is not"),
    "ne": Phrase("is not", value, "is"),
    "gt": Phrase("more than", value),
    "gte": Phrase("at least", value),
    "lt": Phrase("less than", value),
    "lte": Phrase("at most", value),
    "between": Phrase("between", _ends),
    "in": Phrase("is one of", values, "is none of"),
    "not_in": Phrase("is none of", values, "is one of"),
    "in_list": Phrase("is in the list", _named, "is not in the list"),
    "contains": Phrase("contains", _quoted, "does not contain"),
    "starts_with": Phrase("starts with", _quoted, "does not start with"),
    "ends_with": Phrase("ends with", _quoted, "does not end with"),
    "matches": Phrase("matches the pattern", _quoted, "does not match the pattern"),
    "contains_any": Phrase("include any of", values, "include none of"),
    "contains_all": Phrase("include all of", values, "do not include all of"),
    "on_day": Phrase("on", _when),
    "before": Phrase("before", _when),
    "after": Phrase("after", _when),
    "older_than": Phrase("more than", _ago),
    "within": Phrase("within the last", _ahead),
    "within_next": Phrase("within the next", _ahead),
    "anniversary_within": Phrase("within the next", _ahead),
}
_INCLUDES = Phrase("include", value, "do not include")
# A list of one value is said as that value.
_SINGLE = {"in": "eq", "not_in": "ne"}
_NOW = {"before": "in the past", "after": "in the future"}


def phrase(operator: str, operand: Any, name: str, speech: Speech, *, negated: bool = False) -> tuple[str, str]:
    """An operator's words and its operand's, apart."""
    if operator in _NOW and operand == "now":
        return "not" if negated else "", _NOW[operator]
    if operator in _SINGLE and isinstance(operand, list) and len(operand) == 1:
        return phrase(_SINGLE[operator], operand[0], name, speech, negated=negated)
    known = _INCLUDES if operator == "contains" and speech.type(name) == "list" else _PHRASES.get(operator)
    if known is None:
        return operator.replace("_", " "), canonical_json(operand)
    words = known.words
    if negated:
        words = known.negated or f"not {words}"
    return words, known.operand(operand, name, speech)


def predicate(operator: str, operand: Any, name: str, speech: Speech) -> str:
    """What a test says of its subject."""
    return " ".join(part for part in phrase(operator, operand, name, speech) if part)
