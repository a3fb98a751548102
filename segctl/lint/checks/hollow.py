"""A `during` that says what holds anyway (SEG621)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.lint.ground import Ground, place
from segctl.model.rule import Group, Happened, Rule
from segctl.model.segment import NamedRule
from segctl.model.time import Lifetime, Window


def hollow_ranges(ground: Ground) -> Iterator[Diagnostic]:
    """Ranges equal to the one in force above. What stands above a named rule shows only where it is used."""
    for stated in ground.stated:
        if stated.part == "where":
            continue
        above = None if isinstance(stated.owner, NamedRule) else Lifetime()
        for rule, window in _hollow(stated.rule, above):
            why = (
                "Without another one above, everything counts for a lifetime."
                if isinstance(window, Lifetime)
                else "The one above says the same."
            )
            yield Diagnostic(
                "SEG621", place(rule, stated.owner), f"This `during` changes nothing. {why}", ("Remove it.",)
            )


def _hollow(rule: Rule, above: Window | None) -> Iterator[tuple[Rule, Window]]:
    if isinstance(rule, Group | Happened) and rule.during is not None and rule.during == above:
        yield rule, rule.during
    if isinstance(rule, Group):
        for part in rule.rules:
            yield from _hollow(part, rule.during or above)
