"""A segment whose rules only say who is not in (SEG614)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.lint.ground import Ground, place
from segctl.model.expand import expanded
from segctl.model.rule import Compare, Group, Rule, Test

_NEGATIVE = frozenset(("ne", "not_in"))


def all_negative(ground: Ground) -> Iterator[Diagnostic]:
    """Nearly everybody is in such a segment, and everybody of whom nothing is known."""
    for segment in ground.project.segments.values():
        if segment.type not in ("dynamic", "static") or segment.rules is None:
            continue
        if _negative(expanded(segment.rules, ground.names), negated=False):
            detail = f"The rules of `{segment.name}` say nothing but who is not in; everybody else is."
            yield Diagnostic("SEG614", place(segment.rules, segment), detail, (_HELP,))


_HELP = "Begin with who is meant, under `all`: an account status, a country, a segment."


def _negative(rule: Rule, *, negated: bool) -> bool:
    match rule:
        case Group(word, rules):
            return all(_negative(part, negated=negated ^ (word == "none")) for part in rules)
        case Compare(tests=tests):
            denies = [_denies(test) for test in tests]
            return not any(denies) if negated else all(denies)
        case _:
            return negated


def _denies(test: Test) -> bool:
    """Is it true of nearly every value, or of a missing one?"""
    asking = {"is_set": True, "is_empty": False}.get(test.op)
    return test.op in _NEGATIVE or (asking is not None and test.value is not asking)
