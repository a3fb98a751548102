"""A rule with one of its conditions taken out, turned round, or another in its place. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from segctl.model.rule import Condition, Group, Rule

Path = tuple[int, ...]


def placed(rule: Rule, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """The conditions of a rule, in the order in which they stand, each with its path."""
    if isinstance(rule, Group):
        for place, part in enumerate(rule.rules):
            yield from placed(part, (*path, place))
    else:
        yield path, rule


def removed(rule: Rule, path: Path) -> Rule | None:
    """The rule without the condition at a path; groups that are left with nothing go as well."""
    if not path or not isinstance(rule, Group):
        return None
    first, *rest = path
    part = removed(rule.rules[first], tuple(rest))
    others = (*rule.rules[:first], *(() if part is None else (part,)), *rule.rules[first + 1 :])
    return replace(rule, rules=others) if others else None


def negated(rule: Rule, path: Path) -> Rule:
    """The rule with the condition at a path turned round."""
    if not path or not isinstance(rule, Group):
        return Group("none", (rule,))
    return _with_part(rule, path[0], negated(rule.rules[path[0]], path[1:]))


def replaced(rule: Rule, path: Path, other: Condition) -> Rule:
    """The rule with another condition at a path."""
    if not path or not isinstance(rule, Group):
        return other
    return _with_part(rule, path[0], replaced(rule.rules[path[0]], path[1:], other))


def _with_part(group: Group, place: int, part: Rule) -> Group:
    return replace(group, rules=(*group.rules[:place], part, *group.rules[place + 1 :]))
