"""The conditions of a named rule written out once more (SEG608)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.base.digest import canonical_json
from segctl.lint.ground import Ground, place
from segctl.lint.normal import normal
from segctl.model.canonical_rule import rule_document
from segctl.model.expand import Names
from segctl.model.rule import Group, Rule
from segctl.model.segment import NamedRule

_LEAST = 2


def spelt_out(ground: Ground) -> Iterator[Diagnostic]:
    """Groups with all parts of a named rule, and rules that are one. A rule of a single condition is no loss."""
    all_named = [(name, *_named_parts(name, ground)) for name in ground.project.rules]
    known = [one for one in all_named if len(one[2]) >= _LEAST]
    for stated in ground.stated if known else ():
        if stated.part == "where":
            continue
        for group in _groups(stated.rule):
            own = _parts(group, ground.names)
            for name, word, parts in known:
                itself = isinstance(stated.owner, NamedRule) and stated.owner.name == name
                if word == group.word and parts <= own and not itself:
                    detail = f"These conditions hold all that the rule `{name}` says."
                    yield Diagnostic("SEG608", place(group, stated.owner), detail, (_INSTEAD.format(name),))


_INSTEAD = "Write `- rule: {}` instead."


def _named_parts(name: str, ground: Ground) -> tuple[str, frozenset[str]]:
    rule = normal(ground.names.rules[name], ground.names)
    if not isinstance(rule, Group) or rule.word not in ("all", "any") or rule.during is not None:
        return "", frozenset()
    return rule.word, _parts(rule, ground.names)


def _parts(group: Group, names: Names) -> frozenset[str]:
    """The parts that stand here themselves: `rule: x` is no copy of x."""
    return frozenset(canonical_json(rule_document(normal(part, names))) for part in group.rules)


def _groups(rule: Rule) -> Iterator[Group]:
    if isinstance(rule, Group):
        yield rule
        for part in rule.rules:
            yield from _groups(part)
