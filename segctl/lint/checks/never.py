"""What can never be true: conditions that exclude each other (SEG601 for a whole segment, SEG602 for a part)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.base.span import Span
from segctl.lint.ground import Ground, Stated, place
from segctl.lint.walk import Found
from segctl.lint.words import label, listed, owner_words
from segctl.model.rule import Compare, Group
from segctl.model.segment import Guard, Segment


def contradictions(ground: Ground) -> Iterator[Diagnostic]:
    """Rules and parts of rules that hold of nobody."""
    for stated in ground.stated:
        for found in stated.walk.found:
            if found.what == "never":
                at = _place(found, stated)
                code = "SEG601" if found.root and _empties(stated) else "SEG602"
                yield Diagnostic(code, at, f"{_reason(found, at)} {_so(found, stated)}", (_help(found, stated),))


def _help(found: Found, stated: Stated) -> str:
    """How to mend it."""
    if _among_parts(found):
        return "Change one of them: `any` is for alternatives, `all` for what must hold together."
    rule = found.part.rule
    if isinstance(rule, Compare) and stated.part != "where":
        return f"Change or remove it. What the field can hold: segctl catalog show {rule.field}"
    return "Change or remove it."


def _among_parts(found: Found) -> bool:
    """Do parts exclude each other, or is it one alone?"""
    return len({id(one.rule) for one in found.because}) > 1


def _reason(found: Found, at: Span) -> str:
    """Why it cannot be."""
    where = f" where {listed(found.given, at)} stands" if found.given else ""
    if _among_parts(found):
        rule = found.part.rule
        if isinstance(rule, Group) and rule.word == "none":
            return f"{listed(found.because, at)} leave nobody over for `none`{where}."
        return f"{listed(found.because, at)} exclude each other{where}."
    return f"{label(found.part.rule)} cannot be true{where}."


def _place(found: Found, stated: Stated) -> Span:
    last = found.because[-1].rule if found.because else found.part.rule
    return place(last, stated.owner)


def _empties(stated: Stated) -> bool:
    """Does it leave a segment without members? What is included stays in."""
    match stated.owner:
        case Segment():
            return stated.part == "scope" or (stated.part == "rules" and not stated.owner.include)
        case Guard():
            return stated.part == "guards"
        case _:
            return False


def _so(found: Found, stated: Stated) -> str:
    if stated.part == "where":
        return "No event passes." if found.root else "This part of `where` is never true."
    if not found.root:
        return "This part never lets anybody in or out."
    match stated.owner:
        case Guard():
            return f"Nobody passes {owner_words(stated.owner)}."
        case Segment() if stated.owner.include:
            return "Only those who are included are in."
        case _:
            return f"Nobody can be in {owner_words(stated.owner)}."
