"""A condition on a field → plain English on one line. Raw text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.operators import PRESENCE, TEST_KEYS
from segctl.view.nouns import article
from segctl.view.phrase import phrase, predicate
from segctl.view.speech import Speech, window

# Titles of flags are nouns and verbs alike: "casino player", "allows e-mail".
_FLAGS = {"is yes": "yes", "is no": "no", "is not yes": "no or not known", "is not no": "yes or not known"}


def field(head: str, operand: Any, speech: Speech, during: Any = None) -> str:
    """A field held against tests. `during` is the range that scopes it, said between commas."""
    if not isinstance(operand, Mapping):
        return f"{head} {canonical_json(operand)}"
    said, between = subject(head, operand, speech), _between(during)
    tests = _tests(operand)
    presences = [
        _presence(name, part, head, said, speech) + between for name, part in tests.items() if name in PRESENCE
    ]
    others = [predicate(name, part, head, speech) for name, part in tests.items() if name not in PRESENCE]
    spoken = " and ".join([*presences, *_about(said, between, others)])
    return (spoken or f"{said}{between}") + _case(operand)


def not_field(head: str, operand: Any, speech: Speech, during: Any = None) -> str:
    """That it does not hold."""
    tests = _tests(operand) if isinstance(operand, Mapping) else {}
    if len(tests) != 1:
        return f"not ({field(head, operand, speech, during)})"
    ((operator, part),) = tests.items()
    if operator in PRESENCE and isinstance(part, bool):
        return field(head, operand | {operator: not part}, speech, during)
    words, told = phrase(operator, part, head, speech, negated=True)
    said, between = subject(head, operand, speech), _between(during)
    return " and ".join(_about(said, between, [f"{words} {told}".strip()])) + _case(operand)


def subject(head: str, operand: Mapping[str, Any], speech: Speech) -> str:
    """What a condition speaks of: the field, and what narrows it."""
    narrowed = [
        f"{name.replace('_', ' ')} {' or '.join([texts] if isinstance(texts, str) else map(str, texts))}"
        for name, texts in operand.items()
        if name not in TEST_KEYS and name != "money"
    ]
    if "money" in operand:
        narrowed.append(f"{operand['money']} money")
    title = speech.title(head)
    if "anniversary_within" in operand:
        title = "birthday" if "birth" in title else f"anniversary of {title}"
    return f"{title} ({', '.join(narrowed)})" if narrowed else title


def _presence(operator: str, operand: Any, name: str, said: str, speech: Speech) -> str:
    if operator == "is_empty":
        return f"has {'no ' if operand else ''}{said}"
    if speech.type(name) == "boolean":
        return f"{said}: {'known' if operand else 'not known'}"
    return f"has {article(said)} {said}" if operand else f"has no {said}"


def _about(said: str, between: str, others: list[str]) -> list[str]:
    if not others:
        return []
    if others[0] in _FLAGS and len(others) == 1:
        return [f"{said}{between}: {_FLAGS[others[0]]}"]
    comma = "," if between else ""
    return [f"{said}{between}{comma} {' and '.join(others)}"]


def _tests(operand: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in operand.items() if name in TEST_KEYS and name != "ignore_case"}


def _between(during: Any) -> str:
    return "" if during is None else f", {window(during)}"


def _case(operand: Mapping[str, Any]) -> str:
    return ", ignoring case" if operand.get("ignore_case") is True else ""
