"""A group with no effect of its own: around one part, or inside a group of the same word (SEG605)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.lint.ground import Ground, place
from segctl.model.rule import Group, Rule


def wrappings(ground: Ground) -> Iterator[Diagnostic]:
    """Groups that could be unwrapped."""
    for stated in ground.stated:
        for group, detail in _wrapped(stated.rule, parent=None):
            help_line = (
                "Unwrap it: `segctl lint --fix`." if unwraps(group) else "Write its parts into the group above."
            )
            yield Diagnostic("SEG605", place(group, stated.owner), detail, (help_line,))


def unwraps(group: Group) -> bool:
    """Can its only part stand in its place?"""
    return len(group.rules) == 1 and group.word in ("all", "any") and group.during is None


def _wrapped(rule: Rule, parent: Group | None) -> Iterator[tuple[Group, str]]:
    if not isinstance(rule, Group):
        return
    if unwraps(rule):
        yield rule, f"`{rule.word}` has one part, which says the same alone."
    elif parent is not None and rule.word == parent.word and rule.during is None:
        if rule.word in ("all", "any"):
            yield rule, f"`{rule.word}` inside `{parent.word}` says the same as its parts there."
        elif rule.word == "none" and len(parent.rules) == 1:
            yield rule, "`none` of nothing but `none` is `any`."
    for part in rule.rules:
        yield from _wrapped(part, rule)
