"""One condition of a canonical rule → plain English on one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.operators import TEST_KEYS
from segctl.view.speech import Speech, duration, quoted, stretch, value, values, when, window

_WITHOUT_CASE = ", ignoring case"
_Operands = Callable[[Any, str, Speech], str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """An operator in words: what stands before its operand, and how the operand is said."""

    words: str
    operand: _Operands


def _days(operand: Any, _name: str, _speech: Speech) -> str:
    return duration(operand)


def _ahead(operand: Any, _name: str, _speech: Speech) -> str:
    return stretch(operand)


def _ago(operand: Any, _name: str, _speech: Speech) -> str:
    return f"{duration(operand)} ago"


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
    "eq": Phrase("is", value),
    "ne": Phrase("is not", value),
    "gt": Phrase("more than", value),
    "gte": Phrase("at least", value),
    "lt": Phrase("less than", value),
    "lte": Phrase("at most", value),
    "between": Phrase("between", _ends),
    "in": Phrase("is one of", values),
    "not_in": Phrase("is none of", values),
    "contains": Phrase("contains", _quoted),
    "starts_with": Phrase("starts with", _quoted),
    "ends_with": Phrase("ends with", _quoted),
    "matches": Phrase("matches the pattern", _quoted),
    "contains_any": Phrase("include any of", values),
    "contains_all": Phrase("include all of", values),
    "on_day": Phrase("on", _when),
    "before": Phrase("before", _when),
    "after": Phrase("after", _when),
    "older_than": Phrase("more than", _ago),
    "within": Phrase("within the last", _ahead),
    "within_next": Phrase("within the next", _ahead),
    "anniversary_within": Phrase("within the next", _ahead),
}
_NOW = {"before": "in the past", "after": "in the future"}


def condition(document: Mapping[str, Any], speech: Speech, during: Any = None) -> str:
    """A condition in one line. `during` is the range that scopes it, said between commas."""
    ((head, operand),) = document.items()
    if head == "in_segment":
        return in_segments(operand)
    if not isinstance(operand, Mapping):
        return f"{head} {canonical_json(operand)}"
    said = _subject(head, operand, speech)
    between = f", {window(during)}" if during is not None else ""
    tests = {name: part for name, part in operand.items() if name in TEST_KEYS and name != "ignore_case"}
    presences = [_presence(name, part, said) + between for name, part in tests.items() if name in _PRESENCE]
    others = [predicate(name, part, head, speech) for name, part in tests.items() if name not in _PRESENCE]
    spoken = " and ".join([*presences, *_about(said, between, others)])
    return spoken + (_WITHOUT_CASE if operand.get("ignore_case") is True else "")


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


def phrase(operator: str, operand: Any, name: str, speech: Speech) -> tuple[str, str]:
    """An operator's words and its operand's, apart."""
    if operator in _NOW and operand == "now":
        return "", _NOW[operator]
    if speech.type(name) == "list" and operator == "contains":
        return "include", value(operand, name, speech)
    known = _PHRASES.get(operator)
    if known is None:
        return operator.replace("_", " "), canonical_json(operand)
    return known.words, known.operand(operand, name, speech)


def predicate(operator: str, operand: Any, name: str, speech: Speech) -> str:
    """What a test says of its subject."""
    return " ".join(part for part in phrase(operator, operand, name, speech) if part)


_PRESENCE = ("is_set", "is_empty")


def _presence(operator: str, operand: Any, said: str) -> str:
    if operator == "is_empty":
        return f"has {'no ' if operand else ''}{said}"
    article = "an" if said[:1].lower() in "aeio" else "a"
    return f"has {article} {said}" if operand else f"has no {said}"


def _about(said: str, between: str, others: list[str]) -> list[str]:
    if not others:
        return []
    if others in (["is yes"], ["is no"]):  # titles are nouns and verbs alike: "casino player", "allows e-mail"
        return [f"{said}{between}: {others[0].removeprefix('is ')}"]
    comma = "," if between else ""
    return [f"{said}{between}{comma} {' and '.join(others)}"]


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
