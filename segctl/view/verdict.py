"""The verdict on a condition as people read it: what is asked, what is so, and whether it passes. Raw text."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from segctl.model.canonical_rule import rule_document, window_document
from segctl.model.facts import Fact
from segctl.model.rule import Happened, Rule
from segctl.model.time import Lifetime, Window
from segctl.model.verdict import Seen, Verdict
from segctl.view import figures
from segctl.view.condition import condition
from segctl.view.data import fact_data
from segctl.view.speech import Speech


def asked(rule: Rule, speech: Speech, window: Window | None = None) -> str:
    """A condition in one line, with the range that scopes it."""
    scoped = None if window is None or isinstance(window, Lifetime) else window_document(window)
    own = isinstance(rule, Happened) and rule.during is not None  # it says its range itself
    return condition(rule_document(rule), speech, None if own else scoped)


def answered(tree: Verdict, speech: Speech) -> str:
    """What the condition saw: `2`, or `count 1, stake EUR 20.00`; empty where the verdict says it already."""
    if len(tree.seen) == 1 and tree.seen[0].value is tree.holds:
        return ""
    if len(tree.seen) == 1:
        return value(tree.seen[0], speech)
    return ", ".join(f"{seen.what} {value(seen, speech)}" for seen in tree.seen)


def value(seen: Seen, speech: Speech) -> str:
    """One fact in words."""
    fact: Fact = seen.value
    if fact is None:
        return "missing"
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if isinstance(fact, int | float | Decimal):
        return figures.money(fact, speech.currency) if seen.type == "money" else figures.number(fact)
    if isinstance(fact, datetime):
        return figures.moment(fact, seconds=True)
    return ", ".join(fact) if isinstance(fact, tuple) else str(fact)


def tree_data(tree: Verdict) -> dict[str, Any]:
    """A tree for programs: the condition in canonical form, its verdict, what it saw, and its parts."""
    data: dict[str, Any] = {"rule": rule_document(tree.rule), "holds": tree.holds}
    if tree.rule.at is not None:
        data |= {"file": tree.rule.at.file, "line": tree.rule.at.line}
    if tree.seen:
        data["seen"] = [
            {"what": seen.what, "value": fact_data(seen.value), "passes": seen.passes} for seen in tree.seen
        ]
    if tree.parts:
        data["parts"] = [tree_data(part) for part in tree.parts]
    return data
