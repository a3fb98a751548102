"""Guards read with three values, written apart from model/strict.py: None is unknown (language.md, 4.1).

A list without elements and a missing one are the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from segctl.model.catalog import Catalog
from segctl.model.evaluate import field_value, holds
from segctl.model.facts import PlayerFacts
from segctl.model.rule import Compare, Group, Rule
from segctl.model.time import Clock, Lifetime, Window

Answer = bool | None
ABOUT_MISSING = ("is_set", "is_empty")


def known(rule: Rule, player: PlayerFacts, catalog: Catalog, clock: Clock, window: Window = Lifetime()) -> Answer:  # noqa: B008
    """Is a rule without names and segments true of a player, false, or unknown since a value is missing?"""
    match rule:
        case Group(word, rules, during, n):
            answers = [known(part, player, catalog, clock, during or window) for part in rules]
            return _combined(word, answers, n)
        case Compare(name, tests, dimensions, money) if any(test.op not in ABOUT_MISSING for test in tests):
            fact = field_value(
                name, player, catalog=catalog, clock=clock, window=window, dimensions=dimensions, money=money
            )
            return None if fact in (None, ()) else holds(rule, player, catalog=catalog, clock=clock, window=window)
        case _:
            return holds(rule, player, catalog=catalog, clock=clock, window=window)


def _combined(word: str, answers: Sequence[Answer], n: int) -> Answer:
    """True or false where that is so whatever the unknown answers are."""
    sure, possible = answers.count(True), answers.count(True) + answers.count(None)
    match word:
        case "all":
            return _at_least(sure, possible, len(answers))
        case "any":
            return _at_least(sure, possible, 1)
        case "none":
            anyone = _at_least(sure, possible, 1)
            return None if anyone is None else not anyone
        case _:
            return _at_least(sure, possible, n)


def _at_least(sure: int, possible: int, wanted: int) -> Answer:
    if sure >= wanted:
        return True
    return False if possible < wanted else None
