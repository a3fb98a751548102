"""Do two readings of a project mean the same? What holds an edit to its promise. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from segctl.lint.formula import formula
from segctl.lint.ground import Ground
from segctl.lint.normal import normal
from segctl.lint.refute import implies
from segctl.model.canonical import catalog_document, list_document, segment_document
from segctl.model.canonical_rule import rule_document
from segctl.model.expand import expanded
from segctl.model.rule import Rule
from segctl.model.segment import Segment

_Same = Callable[[Rule, Rule, Ground, Ground], bool]


def differing(before: Ground, after: Ground) -> Iterator[str]:
    """The addresses of objects that may mean something else; none if it is certain that all mean the same."""
    old, new = before.project, after.project
    if catalog_document(before.catalog) != catalog_document(after.catalog):
        yield f"catalog.{before.catalog.name}"
    for name in old.segments.keys() | new.segments.keys():
        if not _same_segment(old.segments.get(name), new.segments.get(name), before, after):
            yield f"segment.{name}"
    yield from _differing_rules(before, after)
    for name in old.lists.keys() | new.lists.keys():
        one, other = old.lists.get(name), new.lists.get(name)
        if one is None or other is None or list_document(one) != list_document(other):
            yield f"list.{name}"


def _differing_rules(before: Ground, after: Ground) -> Iterator[str]:
    for name in before.names.rules.keys() | after.names.rules.keys():
        if not _both(before.names.rules.get(name), after.names.rules.get(name), before, after, equivalent):
            yield f"rule.{name}"
    old, new = ({name: one.rule for name, one in each.project.guards.items()} for each in (before, after))
    for name in old.keys() | new.keys():
        if not _both(old.get(name), new.get(name), before, after, _same_form):
            yield f"guard.{name}"


def equivalent(rule: Rule, other: Rule, before: Ground, after: Ground) -> bool:
    """Are they certainly true of the same players?"""
    if _same_form(rule, other, before, after):
        return True
    first, second = expanded(rule, before.names), expanded(other, after.names)
    cosmos = before.cosmos()
    one, two = formula(first, cosmos), formula(second, cosmos)
    return implies(one, two, cosmos) and implies(two, one, cosmos)


def _same_segment(one: Segment | None, other: Segment | None, before: Ground, after: Ground) -> bool:
    """A snapshot is taken anew when its rules are written differently, so nothing may change in them."""
    if one is None or other is None:
        return False
    if one == other:
        return True
    if one.type == "static":
        return segment_document(one) == segment_document(other)
    bare = [segment_document(replace(each, rules=None, scope=None)) for each in (one, other)]
    return (
        bare[0] == bare[1]
        and _both(one.rules, other.rules, before, after, equivalent)
        and _both(one.scope, other.scope, before, after, _same_form)
    )


def _same_form(rule: Rule, other: Rule, before: Ground, after: Ground) -> bool:
    """Guards and scopes are read more strictly than rules, so what is equivalent for rules is not enough."""
    return rule_document(normal(rule, before.names)) == rule_document(normal(other, after.names))


def _both(one: Rule | None, other: Rule | None, before: Ground, after: Ground, same: _Same) -> bool:
    if one is None or other is None:
        return one is other
    return same(one, other, before, after)
