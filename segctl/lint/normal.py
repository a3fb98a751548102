"""A rule in one form: names expanded, groups without an effect of their own taken out. Pure."""

from __future__ import annotations

from dataclasses import replace

from segctl.base.digest import canonical_json
from segctl.model.canonical_rule import rule_document
from segctl.model.expand import Names, expanded
from segctl.model.rule import Compare, Group, Happened, Operator, Rule, Test


def normal(rule: Rule, names: Names) -> Rule:
    """Rules with one normal form mean the same; the opposite is not promised."""
    return _flat(expanded(rule, names))


def _flat(rule: Rule) -> Rule:
    if isinstance(rule, Compare):
        tests = [_single(test) for test in rule.tests]
        if len({test.op for test in tests}) < len(tests):  # `ne: DE` beside `not_in: [GB]`: one key holds one test
            tests = list(rule.tests)
        return replace(rule, tests=tuple(sorted(tests, key=lambda test: test.op)))
    if isinstance(rule, Happened):
        return rule if rule.where is None else replace(rule, where=_flat(rule.where))
    if not isinstance(rule, Group):
        return rule
    parts = [_flat(part) for part in rule.rules]
    if rule.word != "at_least":
        parts = [inner for part in parts for inner in _opened(part, rule)]
        parts = list({canonical_json(rule_document(part)): part for part in parts}.values())
    if len(parts) == 1 and rule.word in ("all", "any") and rule.during is None:
        return parts[0]
    return replace(rule, rules=tuple(parts))


def _single(test: Test) -> Test:
    """A list of one value is that value."""
    op = _OF_ONE.get(test.op)
    if op is None or not isinstance(test.value, tuple) or len(set(test.value)) > 1:
        return test
    return Test(op, test.value[0], test.ignore_case)


_OF_ONE: dict[Operator, Operator] = {
    "in": "eq",
    "not_in": "ne",
    "contains_any": "contains",
    "contains_all": "contains",
}


def _opened(part: Rule, group: Group) -> tuple[Rule, ...]:
    """The parts of a group that stands in one of its own word; `any` may stand in `none` as well."""
    if not isinstance(part, Group) or part.during is not None:
        return (part,)
    same = part.word == group.word != "none" or (part.word == "any" and group.word == "none")
    return part.rules if same else (part,)
