"""Which events a condition speaks of, in plain English: `where` as words around a noun and a clause. Raw text.

Inside a clause, groups are said with and, or and brackets; what does not hold is turned inside out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from segctl.model.operators import TEST_KEYS
from segctl.model.parts import group_word, parts
from segctl.view.nouns import be, either, plural, singular
from segctl.view.phrase import phrase, predicate
from segctl.view.speech import Speech, value

Rule = Mapping[str, Any]

# Columns that say of which sort an event is: with one value, they read as an adjective, in this order.
_ADJECTIVES = ("status", "product", "type", "kind")
_adjective = re.compile(r"[a-z][a-z_-]{2,}").fullmatch
_MISREAD = frozenset(("all", "any", "every", "first", "last", "next", "none", "other", "some", "such"))
_AMOUNT = "amount"
_COMPARED = frozenset(("gt", "gte", "lt", "lte", "between"))


@dataclass(frozen=True, slots=True)
class Events:
    """Events in words: one and many of them, and the clause that narrows them, or nothing."""

    one: str
    many: str
    where: str

    def said(self, noun: str, window: str = "") -> str:
        """`bets in the last 30 days where provider is studio_x`, the noun given."""
        clause = f"where {self.where}" if self.where else ""
        return " ".join(part for part in (noun, window, clause) if part)


def events(document: Rule, speech: Speech) -> Events:
    """The events that `event` and `where` of a condition speak of."""
    name = str(document["event"])
    noun, own = name.replace("_", " "), speech.of(name)
    rest = list(_all(document.get("where")))
    before = [text.replace("_", " ") for text in map(_adjective_of(rest), _ADJECTIVES) if text]
    after = [f"of {text}" for text in (_amount(rest, own),) if text]
    words = [" ".join([*before, word, *after]) for word in (singular(noun), plural(noun))]
    return Events(words[0], words[1], _all_of(rest, own))


def clause(rule: Rule, speech: Speech, *, negated: bool = False) -> str:
    """A rule over the columns of an event: stake is at least EUR 5.00 and provider is studio_x."""
    word = group_word(rule)
    if word is None:
        return _condition(rule, speech, negated=negated)
    if word == "at_least":
        n = rule[word]["n"]
        how = f"fewer than {n}" if negated else f"at least {n}"
        return f"{how} of ({'; '.join(_bracketed(part, speech, negated=False) for part in parts(rule))})"
    ordered = sorted(parts(rule), key=lambda part: group_word(part) is not None)
    below = [_bracketed(part, speech, negated=negated != (word == "none")) for part in ordered]
    return _joined(below, "and" if (word == "any") == negated else "or")


def _all_of(rules: list[Rule], speech: Speech) -> str:
    if len(rules) == 1:
        return clause(rules[0], speech)
    return clause({"all": rules}, speech) if rules else ""


def _all(where: Rule | None) -> list[Rule]:
    """The conditions that must hold together."""
    if where is None:
        return []
    return [one for part in parts(where) for one in _all(part)] if group_word(where) == "all" else [where]


def _adjective_of(rest: list[Rule]) -> Callable[[str], str]:
    """Takes the condition on a column out of the rest, if it can be said before the noun."""

    def taken(column: str) -> str:
        for rule in rest:
            match dict(rule.get(column, {})) if isinstance(rule.get(column), Mapping) else {}:
                case {"eq": str(text), **others} if not others and _adjective(text) and text not in _MISREAD:
                    rest.remove(rule)
                    return text
        return ""

    return taken


def _amount(rest: list[Rule], speech: Speech) -> str:
    """`at least EUR 100.00`, if that is asked of the amount and can be said after the noun."""
    for rule in rest:
        tests = rule.get(_AMOUNT)
        if isinstance(tests, Mapping) and tests and tests.keys() <= _COMPARED:
            rest.remove(rule)
            return " and ".join(predicate(name, part, _AMOUNT, speech) for name, part in tests.items())
    return ""


def _bracketed(rule: Rule, speech: Speech, *, negated: bool) -> str:
    text = clause(rule, speech, negated=negated)
    return f"({text})" if group_word(rule) not in (None, "at_least") and len(parts(rule)) > 1 else text


def _joined(clauses: list[str], word: str) -> str:
    if len(clauses) > 1 and any(" and " in one or " or " in one for one in clauses):
        return f", {word} ".join(clauses)
    return either(clauses, word)


def _condition(rule: Rule, speech: Speech, *, negated: bool) -> str:
    ((column, tests),) = rule.items()
    noun = column.replace("_", " ")
    turned = negated and len(tests) == 1
    said = [_said(name, part, column, speech, negated=turned) for name, part in tests.items() if name in TEST_KEYS]
    verb = f"{be(column)} "
    text = " and ".join([f"{noun} {said[0]}", *(part.removeprefix(verb) for part in said[1:])])
    return f"not ({text})" if negated and not turned else text


def _said(operator: str, operand: Any, column: str, speech: Speech, *, negated: bool = False) -> str:
    verb = be(column)
    if operator == "is_set":
        return f"{verb} {'known' if operand is not negated else 'not known'}"
    if operator in ("in", "not_in") and isinstance(operand, list):
        told = [value(one, column, speech) for one in operand]
        if (operator == "in") != negated:
            return f"{verb} {either(told)}"
        return f"{verb} {'neither' if len(told) > 1 else 'not'} {either(told, 'nor')}"
    words, text = phrase(operator, operand, column, speech, negated=negated)
    if operator in _COMPARED:
        return f"{verb} {words} {text}"
    return f"{verb}{words.removeprefix('is')} {text}" if words.startswith("is") else f"{words} {text}"
