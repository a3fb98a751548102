"""A rule as a formula over cases: conditions that say of each case of a subject whether they hold. Pure.

Names are put in their places, an `event` becomes its count and sums, and a field with several tests becomes one
leaf for each. Everything keeps the rule it was made from.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from segctl.base.digest import canonical_json
from segctl.lint.cases import Cases, Sides, cases_of, positive
from segctl.lint.plain import plain_test
from segctl.lint.subject import EVER, Subject, flag, of_column, of_count, of_field, of_membership, of_share, of_sum
from segctl.model.canonical_rule import rule_document
from segctl.model.catalog import Catalog, EventTable
from segctl.model.expand import Names, spelt
from segctl.model.rule import (
    Bucket,
    Compare,
    Condition,
    Group,
    GroupWord,
    Happened,
    InSegment,
    Named,
    Rule,
    Sequence,
    Test,
    WasInSegment,
)
from segctl.model.time import Window

_IS_TRUE = Test("eq", value=True)
_ONCE = Test("gte", 1)


@dataclass(slots=True, eq=False)
class Leaf:
    """One test of one subject. `subject` is its place in the world of cases."""

    rule: Rule
    subject: int
    test: Test
    negated: bool


@dataclass(slots=True, eq=False)
class Many:
    """Parts, joined as a group joins them."""

    rule: Rule
    word: GroupWord
    parts: tuple[Formula, ...]
    n: int = 0


Formula = Leaf | Many


@dataclass(slots=True)
class Cosmos:
    """All subjects that the formulas of one comparison speak of, and the tests asked of each.

    `steps` is how many groups may still be looked into: beyond that nothing more is found out.
    """

    catalog: Catalog
    names: Names
    zone: ZoneInfo
    subjects: list[Subject] = field(default_factory=list)
    tests: list[dict[Test, None]] = field(default_factory=list)
    places: dict[Subject, int] = field(default_factory=dict)
    found: dict[int, Cases] = field(default_factory=dict)
    steps: int = 50_000

    def leaf(self, rule: Rule, subject: Subject, test: Test) -> Leaf:
        """A leaf; its subject is written down."""
        place = self.places.get(subject)
        if place is None:
            place = self.places[subject] = len(self.subjects)
            self.subjects.append(subject)
            self.tests.append({})
        asked, negated = positive(plain_test(test))
        if asked not in self.tests[place]:
            self.tests[place][asked] = None
            self.found.pop(place, None)
        return Leaf(rule, place, asked, negated)

    def cases(self, place: int) -> Cases:
        """The cases of a subject. All formulas are made before."""
        cases = self.found.get(place)
        if cases is None:
            cases = self.found[place] = cases_of(self.subjects[place], tuple(self.tests[place]), self.zone)
        return cases

    def sides(self, leaf: Leaf) -> Sides:
        """Where a leaf may be true, and where it may be false."""
        sides = self.cases(leaf.subject).sides[leaf.test]
        return Sides(sides.false, sides.true) if leaf.negated else sides


def formula(rule: Rule, cosmos: Cosmos, window: Window = EVER) -> Formula:
    """The formula of a rule below a range. Raises: KeyError for an unknown name."""
    match rule:
        case Group(word, rules, during, n):
            below = window if during is None else during
            return Many(rule, word, tuple(formula(part, cosmos, below) for part in rules), n)
        case Named(name):
            return standing_for(formula(cosmos.names.rules[name], cosmos, window), rule)
        case Compare():
            return _compare(rule, cosmos, window)
        case _:
            return _other(rule, cosmos, window)


def of_where(rule: Rule, table: EventTable, cosmos: Cosmos) -> Formula:
    """The formula of a rule over the columns of an event."""
    match rule:
        case Group(word, rules, _, n):
            return Many(rule, word, tuple(of_where(part, table, cosmos) for part in rules), n)
        case Compare(name, tests):
            return _joined(rule, [cosmos.leaf(rule, of_column(name, table), test) for test in tests])
        case _:
            raise TypeError(f"{type(rule).__name__} is not a condition on an event")


def standing_for(made: Formula, rule: Rule) -> Formula:
    """The same formula, told of another rule."""
    return (
        Leaf(rule, made.subject, made.test, made.negated) if isinstance(made, Leaf) else replace(made, rule=rule)
    )


def _compare(rule: Compare, cosmos: Cosmos, window: Window) -> Formula:
    subject = of_field(rule, window, cosmos.catalog)
    return _joined(rule, [cosmos.leaf(rule, subject, spelt(test, cosmos.names)) for test in rule.tests])


def _joined(rule: Rule, leaves: list[Leaf], word: GroupWord = "all") -> Formula:
    return leaves[0] if len(leaves) == 1 else Many(rule, word, tuple(leaves))


def _other(rule: Condition, cosmos: Cosmos, window: Window) -> Formula:
    match rule:
        case Happened():
            return _happened(rule, cosmos, rule.during or window)
        case Bucket(salt, low, high):
            return cosmos.leaf(rule, of_share(salt), Test("between", (low, high)))
        case InSegment(segments, since):
            # a triggered segment has members without a `since`: those it includes
            each = [
                _joined(rule, [cosmos.leaf(rule, of_membership(one), test) for test in since])
                if since
                else cosmos.leaf(rule, flag("member", one, EVER, name=one), _IS_TRUE)
                for one in segments
            ]
            return each[0] if len(each) == 1 else Many(rule, "any", tuple(each))
        case WasInSegment(segments, when):
            flags = [flag("was", one, when or EVER, name=one) for one in segments]
            return _joined(rule, [cosmos.leaf(rule, one, _IS_TRUE) for one in flags], "any")
        case Sequence():
            return cosmos.leaf(rule, flag(canonical_json(rule_document(rule)), window, name="sequence"), _IS_TRUE)
        case Named() | Compare():
            return formula(rule, cosmos, window)


def _happened(rule: Happened, cosmos: Cosmos, window: Window) -> Formula:
    tests = rule.count or (() if rule.sums else (_ONCE,))
    count = of_count(rule, window)
    leaves = [cosmos.leaf(rule, count, test) for test in tests]
    for column, asked in rule.sums:
        subject = of_sum(rule, column, window, cosmos.catalog)
        leaves += [cosmos.leaf(rule, subject, test) for test in asked]
    return _joined(rule, leaves)
