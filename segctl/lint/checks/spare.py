"""A condition that changes nothing beside its neighbours (SEG604)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.base.span import Span
from segctl.lint.formula import Formula
from segctl.lint.ground import TOLD_STRICTLY, Ground, Stated, place
from segctl.lint.walk import Found
from segctl.lint.words import label, listed
from segctl.model.rule import Group
from segctl.model.segment import Segment


def spare_conditions(ground: Ground) -> Iterator[Diagnostic]:
    """Conditions that could go without letting anybody in or out."""
    for stated in ground.stated:
        if stated.part in TOLD_STRICTLY:
            continue
        for found in stated.walk.found:
            if found.what == "spare":
                at = place(found.part.rule, stated.owner)
                yield Diagnostic("SEG604", at, _why(found, at), (_help(stated),))


def _help(stated: Stated) -> str:
    fixable = stated.part == "rules" and not (isinstance(stated.owner, Segment) and stated.owner.type == "static")
    return "Remove it: `segctl lint --fix`." if fixable else "Remove it."


def _why(found: Found, at: Span) -> str:
    rule = found.part.rule
    group = found.parent.rule if found.parent is not None else None
    because = (*found.because, *found.given)
    if isinstance(group, Group) and group.word in ("any", "none"):
        more = f": {listed(because, at)} {'has' if _alone(because) else 'have'} them already" if because else ""
        return f"{label(rule)} adds nobody to `{group.word}`{more}."
    if not because:
        return f"{label(rule)} is always true."
    return (
        f"{label(rule)} is true of everybody of whom {listed(because, at)} {'is' if _alone(because) else 'are'}."
    )


def _alone(because: tuple[Formula, ...]) -> bool:
    return len({id(one.rule) for one in because}) == 1
