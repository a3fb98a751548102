"""Rules without names of other documents: named rules and lists put in their places. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from segctl.model.rule import Compare, Group, Named, Rule, Test, used_lists, used_rules


@dataclass(frozen=True, slots=True)
class Names:
    """What names stand for: rules as their documents state them, and the values of lists."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NO_NAMES = Names()


def expanded(rule: Rule, names: Names) -> Rule:
    """The same rule with no name left in it. Raises: KeyError for an unknown name.

    A named rule stands where it is used as if it had been written there: a `during` above scopes it.
    """
    match rule:
        case Named(name):
            return expanded(names.rules[name], names)
        case Group():
            parts = tuple(expanded(part, names) for part in rule.rules)
            same = all(part is was for part, was in zip(parts, rule.rules, strict=True))
            return rule if same else replace(rule, rules=parts)
        case Compare() if any(test.op == "in_list" for test in rule.tests):
            return replace(rule, tests=tuple(spelt(test, names) for test in rule.tests))
        case _:
            return rule


def mentions(rule: Rule | None, names: Names) -> frozenset[str]:
    """The addresses of the rules and lists that a rule depends on, directly and through others."""
    found: set[str] = set()
    waiting = [rule]
    while waiting:
        one = waiting.pop()
        found.update(f"list.{name}" for name in used_lists(one))
        for name in used_rules(one):
            if f"rule.{name}" not in found:
                found.add(f"rule.{name}")
                waiting.append(names.rules.get(name))
    return frozenset(found)


def spelt(test: Test, names: Names) -> Test:
    """`in_list` as `in` of the list's values; any other test as it is."""
    if test.op != "in_list":
        return test
    return Test("in", names.lists[str(test.value)], test.ignore_case)
