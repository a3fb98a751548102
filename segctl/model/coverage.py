"""What the tests of a segment look at: each condition seen true and false, and missed when it is gone. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from segctl.base.span import Span
from segctl.model.membership import Ids, Society, members_of, memberships_of
from segctl.model.rule import Condition, Group, Rule
from segctl.model.segment import Segment
from segctl.model.tried import Tried, untrue
from segctl.model.verdict import Asked, Verdict, verdict

Place = Literal["rules", "scope"]
Path = tuple[int, ...]
_CHECKS = 4


@dataclass(frozen=True, slots=True)
class Covered:
    """One condition: seen true and false by some player at some step, and missed by some test when taken out or
    turned round. `at` is where it stands.
    """

    condition: Condition
    at: Span | None
    true: bool
    false: bool
    removal: bool
    negation: bool

    @property
    def checks(self) -> int:
        """How many of the four hold."""
        return sum((self.true, self.false, self.removal, self.negation))


@dataclass(frozen=True, slots=True)
class Coverage:
    """The conditions of one segment's rules and scope, in the order in which they stand."""

    segment: str
    conditions: tuple[Covered, ...]

    @property
    def percent(self) -> int:
        """The share of checks that hold, rounded down; 100 where there is no condition."""
        whole = len(self.conditions) * _CHECKS
        return 100 if not whole else 100 * sum(one.checks for one in self.conditions) // whole


def coverage(segment: Segment, tries: Sequence[Tried]) -> Coverage:
    """What the tests of one segment cover of it."""
    found: list[Covered] = []
    places: tuple[tuple[Place, Rule | None], ...] = (("rules", segment.rules), ("scope", segment.scope))
    for place, rule in places:
        if rule is None:
            continue
        seen = list(_trees(rule, tries))
        for path, condition in _conditions(rule):
            verdicts = {_at(tree, path).holds for tree in seen}
            found.append(
                Covered(
                    condition=condition,
                    at=condition.at,
                    true=True in verdicts,
                    false=False in verdicts,
                    removal=_missed(segment, place, removed(rule, path), tries),
                    negation=_missed(segment, place, negated(rule, path), tries),
                )
            )
    return Coverage(segment.name, tuple(found))


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
    first, *rest = path
    part = negated(rule.rules[first], tuple(rest))
    return replace(rule, rules=(*rule.rules[:first], part, *rule.rules[first + 1 :]))


def _conditions(rule: Rule, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    if isinstance(rule, Group):
        for place, part in enumerate(rule.rules):
            yield from _conditions(part, (*path, place))
    else:
        yield path, rule


def _trees(rule: Rule, tries: Sequence[Tried]) -> Iterator[Verdict]:
    """The rule's verdicts on every player at every step."""
    for one in tries:
        for scene in one.scenes:
            society = scene.society
            for player, facts in society.players.items():
                memberships = memberships_of(player, society, scene.found)
                asked = Asked(facts, society.catalog, society.clock, memberships, society.names)
                yield verdict(rule, asked)


def _at(tree: Verdict, path: Path) -> Verdict:
    for place in path:
        tree = tree.parts[place]
    return tree


def _missed(segment: Segment, place: Place, rule: Rule | None, tries: Sequence[Tried]) -> bool:
    """Does some expectation come out otherwise when the segment has this rule instead?"""
    changed = replace(segment, rules=rule) if place == "rules" else replace(segment, scope=rule)
    return any(_differs(changed, one) for one in tries)


def _differs(changed: Segment, one: Tried) -> bool:
    snapshot: Ids | None = None
    for scene in one.scenes:
        members = members_of(changed, _with_snapshot(scene.society, changed, snapshot), scene.found)
        if changed.type == "static" and snapshot is None:
            snapshot = members
        if untrue(one.test, scene, members) != untrue(one.test, scene, scene.found[changed.name]):
            return True
    return False


def _with_snapshot(society: Society, segment: Segment, snapshot: Ids | None) -> Society:
    if snapshot is None:
        return society
    return replace(society, snapshots={**society.snapshots, segment.name: snapshot})
