"""Rules that are true of everybody (SEG603)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.lint.ground import TOLD_STRICTLY, Ground, Stated
from segctl.lint.walk import Found
from segctl.lint.words import label, listed, owner_words
from segctl.model.segment import Segment


def tautologies(ground: Ground) -> Iterator[Diagnostic]:
    """Whole rules, and parts of an `at_least`, that hold whatever is known of a player."""
    for stated in ground.stated:
        if stated.part in TOLD_STRICTLY:
            continue
        for found in stated.walk.found:
            if found.what == "always":
                at = found.part.rule.at or stated.at
                why = (
                    f"Whoever fails {listed(found.because[:-1], at)} passes {listed(found.because[-1:], at)}."
                    if len(found.because) > 1
                    else f"{label(found.part.rule)} is always true."
                )
                yield Diagnostic("SEG603", at, f"{why} {_so(found, stated)}", _help(found, stated))


def _so(found: Found, stated: Stated) -> str:
    if not found.root:
        return "It counts as met for every player."
    if stated.part == "where":
        return "Every event passes."
    return f"Everybody passes {owner_words(stated.owner)}."


def _help(found: Found, stated: Stated) -> tuple[str, ...]:
    if found.root and isinstance(stated.owner, Segment) and stated.owner.type in ("players", "triggered", "sql"):
        return ("Remove `rules`: they narrow nothing.",)
    if len(found.because) > 1:
        return ("Put what must hold together under `all`.",)
    return ("Remove it, or ask for less.",)
