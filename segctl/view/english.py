"""Canonical rules → plain English, for people who never read YAML. Raw: made safe where it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from segctl.view.condition import condition, negation
from segctl.view.speech import Speech, window

_WORDS = {"all": "all of", "any": "at least one of", "none": "none of"}
_JOINED = {"all": "; and ", "any": "; or ", "none": "; or "}

Rule = Mapping[str, Any]


def outline(rule: Rule, speech: Speech) -> list[tuple[int, str]]:
    """A rule as lines with their depth: one for each condition, and one for each group above them."""
    return list(_lines(rule, speech, 0))


def sentence(rule: Rule, speech: Speech) -> str:
    """A rule in one line. Groups inside it stand in brackets."""
    word = group_word(rule)
    if word is None or _alone(rule, speech) is not None or word == "none" or "during" in rule:
        return _clause(rule, speech)
    return _joined(rule, word, speech)


def group_word(rule: Rule) -> str | None:
    """`all`, `any` or `none`; None for a condition."""
    return next((word for word in _WORDS if word in rule), None)


def heading(group: Rule) -> str:
    """A group without its conditions: in the last 30 days, all of."""
    word = group_word(group) or "all"
    return f"{window(group['during'])}, {_WORDS[word]}" if "during" in group else _WORDS[word]


def listed(players: Any) -> int:
    """How many players a list in a definition has, redacted or not."""
    return int(players.get("count", 0)) if isinstance(players, Mapping) else len(players)


def _lines(rule: Rule, speech: Speech, depth: int) -> Iterator[tuple[int, str]]:
    word, alone = group_word(rule), _alone(rule, speech)
    if alone is not None:
        yield depth, alone
    elif word is None:
        yield depth, condition(rule, speech)
    else:
        yield depth, f"{heading(rule)}:"
        for part in rule[word]:
            yield from _lines(part, speech, depth + 1)


def _alone(rule: Rule, speech: Speech) -> str | None:
    """A group of a single condition, as that condition: what its range scopes, or that it does not hold."""
    word = group_word(rule)
    if word is None or len(rule[word]) != 1 or group_word(rule[word][0]) is not None:
        return None
    (only,) = rule[word]
    return (negation if word == "none" else condition)(only, speech, rule.get("during"))


def _clause(rule: Rule, speech: Speech) -> str:
    word, alone = group_word(rule), _alone(rule, speech)
    if alone is not None:
        return alone
    if word is None:
        return condition(rule, speech)
    return f"{heading(rule)} ({_joined(rule, word, speech)})"


def _joined(rule: Rule, word: str, speech: Speech) -> str:
    clauses = [_clause(part, speech) for part in rule[word]]
    if len(clauses) < 2:
        return "".join(clauses)
    return "; ".join(clauses[:-1]) + _JOINED[word] + clauses[-1]
