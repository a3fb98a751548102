"""A guard as a rule that a missing value does not pass (language.md, section 4.1). Pure.

Conditions are two-valued: `none: [{age: {lt: 18}}]` is true of a player whose age is missing. For a guard that
would be fail-open, so guards are read with three values (Kleene's): a condition on a missing value is unknown, and
a guard passes only where it is true. `is_set` and `is_empty` ask about missing itself, and stay as they are.
"""

from __future__ import annotations

from segctl.model.catalog import Catalog
from segctl.model.operators import PRESENCE
from segctl.model.rule import Compare, Condition, Group, Rule, Test


def strict(rule: Rule, catalog: Catalog) -> Rule:
    """A two-valued rule that is true exactly where the guard is known to be true. Names are expanded before."""
    return _true(rule, catalog)


def _true(rule: Rule, catalog: Catalog) -> Rule:
    match rule:
        case Group("none", rules, during):
            return Group("all", tuple(_false(part, catalog) for part in rules), during)
        case Group(word, rules, during, n):
            return Group(word, tuple(_true(part, catalog) for part in rules), during, n)
        case _:
            return _known(rule, rule, catalog)


def _false(rule: Rule, catalog: Catalog) -> Rule:
    match rule:
        case Group("all", rules, during):
            return Group("any", tuple(_false(part, catalog) for part in rules), during)
        case Group("any", rules, during):
            return Group("all", tuple(_false(part, catalog) for part in rules), during)
        case Group("none", rules, during):
            return Group("any", tuple(_true(part, catalog) for part in rules), during)
        case Group(_, rules, during, n):
            # fewer than n of m hold: m - n + 1 or more are false
            return Group("at_least", tuple(_false(part, catalog) for part in rules), during, len(rules) - n + 1)
        case _:
            return _known(Group("none", (rule,)), rule, catalog)


def _known(verdict: Rule, condition: Condition, catalog: Catalog) -> Rule:
    """A verdict on a condition, where the field that it asks about is not missing."""
    if not isinstance(condition, Compare) or all(test.op in PRESENCE for test in condition.tests):
        return verdict
    field = catalog.field(condition.field)
    if field is not None and field.type == "list":
        present = Compare(condition.field, (Test("is_empty", value=False),))
    else:
        present = Compare(condition.field, (Test("is_set", value=True),), condition.dimensions, condition.money)
    return Group("all", (present, verdict))
