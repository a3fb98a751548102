"""Conditions on events → plain English: how many, what they add up to, one after another. Raw text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segctl.view.nouns import article, opposite, quantity
from segctl.view.phrase import predicate
from segctl.view.speech import Speech, duration, window
from segctl.view.where import Events, events

Rule = Mapping[str, Any]

_ONCE = {"gte": 1}


def happened(document: Rule, speech: Speech, during: Any = None, *, negated: bool = False) -> str:
    """`event` and what stands beside it. `during` is the range above it, which one of its own replaces."""
    between = range_of(document.get("during", during))
    return _said(document, speech, between, negated=negated) or f"not ({_said(document, speech, between)})"


def sequence(document: Rule, speech: Speech, during: Any = None, *, negated: bool = False) -> str:
    """`sequence` and its `within`: a session, then a failed payment, within 1 hour."""
    steps = [one_of(step, speech) for step in document["sequence"]]
    told = ("; then " if any(", " in step for step in steps) else ", then ").join(steps)
    if "within" in document:
        told += f", {'all ' if len(steps) > 2 else ''}within {duration(document['within'])}"
    before = "" if during in (None, "lifetime") else f"{window(during)}, "
    return f"{before}{'never ' if negated else ''}{told}"


def one_of(step: Rule, speech: Speech) -> str:
    """One event of a sequence, or one that lets players in or out: a session where device is web."""
    told = events(step, speech)
    return told.said(f"{article(told.one)} {told.one}")


def facets(document: Rule, speech: Speech) -> dict[str, str]:
    """What is asked of the events, apart: how many, each sum, and the range, by what it is called."""
    sums, own = document.get("sum", {}), speech.of(document["event"])
    count = document.get("count") or ({} if sums else _ONCE)
    number = quantity(count, "", "").strip() if count else ""
    said = {"number": "none" if number == "no" else number} if number else {}
    said |= {total(column): _sum(column, tests, own) for column, tests in sums.items()}
    return said | ({"date range": range_of(document["during"])} if "during" in document else {})


def total(column: str) -> str:
    """What the sum of a column is called."""
    return f"total {column.replace('_', ' ')}"


def range_of(during: Any) -> str:
    """A range behind a noun: bets in the last 30 days, bets ever."""
    return "" if during is None else "ever" if during == "lifetime" else window(during)


def _said(document: Rule, speech: Speech, between: str, *, negated: bool = False) -> str:
    """The condition, or nothing where its opposite has no words of its own."""
    count, sums, told = document.get("count"), document.get("sum", {}), events(document, speech)
    if not sums:
        return _number(count or _ONCE, told, between, negated=negated)
    if not count:
        return _sums(document, speech, f"over {told.said(f'all {told.many}', between)}", negated=negated)
    return "" if negated else f"{_number(count, told, between)}, with {_sums(document, speech, 'over them')}"


def _number(tests: Rule, told: Events, between: str, *, negated: bool = False) -> str:
    number = quantity(tests, told.one, told.many, negated=negated)
    return told.said(number, between) if number else ""


def _sums(document: Rule, speech: Speech, over: str, *, negated: bool = False) -> str:
    """No events add up to 0, so a sum is never missing and its opposite can be said."""
    own, sums = speech.of(document["event"]), document["sum"]
    if negated:
        turned = {column: opposite(tests) for column, tests in sums.items()}
        if len(sums) > 1 or None in turned.values():
            return ""
        sums = turned
    return f"{' and '.join(_sum(column, tests, own) for column, tests in sums.items())} {over}"


def _sum(column: str, tests: Rule, own: Speech) -> str:
    return f"{total(column)} {' and '.join(predicate(name, part, column, own) for name, part in tests.items())}"
