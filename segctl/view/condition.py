"""One condition of a canonical rule → plain English on one line. Raw: made safe where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.operators import TEST_KEYS
from segctl.view.phrase import phrase, predicate
from segctl.view.speech import Speech, window

_PRESENCE = ("is_set", "is_empty")
# Titles of flags are nouns and verbs alike: "casino player", "allows e-mail".
_FLAGS = {"is yes": "yes", "is no": "no", "is not yes": "not yes", "is not no": "not no"}


def condition(document: Mapping[str, Any], speech: Speech, during: Any = None) -> str:
    """A condition in one line. `during` is the range that scopes it, said between commas."""
    ((head, operand),) = document.items()
    if head == "in_segment":
        return in_segments(operand)
    if not isinstance(operand, Mapping):
        return f"{head} {canonical_json(operand)}"
    said, between = _subject(head, operand, speech), _between(during)
    tests = _tests(operand)
    presences = [
        _presence(name, part, head, said, speech) + between for name, part in tests.items() if name in _PRESENCE
    ]
    others = [predicate(name, part, head, speech) for name, part in tests.items() if name not in _PRESENCE]
    spoken = " and ".join([*presences, *_about(said, between, others)])
    return (spoken or f"{said}{between}") + _case(operand)


def negation(document: Mapping[str, Any], speech: Speech, during: Any = None) -> str:
    """That a condition does not hold, in one line."""
    ((head, operand),) = document.items()
    if head == "in_segment":
        return in_segments(operand, negated=True)
    tests = _tests(operand) if isinstance(operand, Mapping) else {}
    if len(tests) != 1:
        return f"not: {condition(document, speech, during)}"
    ((operator, part),) = tests.items()
    if operator in _PRESENCE and isinstance(part, bool):
        return condition({head: operand | {operator: not part}}, speech, during)
    words, told = phrase(operator, part, head, speech, negated=True)
    said, between = _subject(head, operand, speech), _between(during)
    return " and ".join(_about(said, between, [f"{words} {told}".strip()])) + _case(operand)


def in_segments(names: str | list[str], *, negated: bool = False) -> str:
    """Membership of one segment or of any of several."""
    known = [names] if isinstance(names, str) else names
    if len(known) == 1:
        return f"{'not ' if negated else ''}in segment {known[0]}"
    return f"in {'none' if negated else 'any'} of the segments {', '.join(known)}"


def subject(document: Mapping[str, Any], speech: Speech) -> str:
    """What a condition on a field speaks of."""
    ((head, operand),) = document.items()
    return _subject(head, operand, speech)


def _presence(operator: str, operand: Any, name: str, said: str, speech: Speech) -> str:
    if operator == "is_empty":
        return f"has {'no ' if operand else ''}{said}"
    if speech.type(name) == "boolean":
        return f"{said}: {'known' if operand else 'not known'}"
    article = "an" if said[:1].lower() in "aeio" else "a"
    return f"has {article} {said}" if operand else f"has no {said}"


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


def _subject(head: str, operand: Mapping[str, Any], speech: Speech) -> str:
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
