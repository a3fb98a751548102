"""All cases that tests can tell apart in one subject: a few values that stand for all. Pure.

A set of cases is a number whose bits are cases. A case on which a test may come out either way is in both of its
sets, so what follows from them is never too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from segctl.lint.subject import Subject
from segctl.lint.texts import ANY_CLOCK, text_cases
from segctl.lint.times import time_cases
from segctl.model.bucket import in_bucket
from segctl.model.comparison import passes
from segctl.model.facts import Fact
from segctl.model.operators import FieldType
from segctl.model.rule import Test

_MOST_ANSWERS = 500_000
_MOST_ELEMENTS = 5
Answers = Mapping[Test, bool | None]
_INFINITY = float("inf")
_WHOLE = 100


class Sides(NamedTuple):
    """The cases in which a test may be true, and those in which it may be false."""

    true: int
    false: int


@dataclass(frozen=True, slots=True)
class Cases:
    """`all` cases of a subject, those in which it is `missing`, and those of who has no events (or no value)."""

    all: int
    missing: int
    nothing: int
    sides: dict[Test, Sides]


def cases_of(subject: Subject, tests: Sequence[Test], zone: ZoneInfo) -> Cases:
    """The cases of a subject that these tests can tell apart; each test is a positive one."""
    constants = sum(len(test.value) if isinstance(test.value, tuple) else 1 for test in tests)
    if constants * len(tests) > _MOST_ANSWERS:
        return _unknown(tests)
    match subject.kind:
        case "string":
            return _told(text_cases(tests, subject.values), subject, tests)
        case "date" | "datetime":
            return _told(time_cases(subject.kind, tests, zone, past=subject.past), subject, tests)
        case kind:
            facts = _facts(subject, tests)
            if facts is None:
                return _unknown(tests)
            return _evaluated([*facts, *([None] if subject.missing else [])], tests, kind)


def _unknown(tests: Iterable[Test]) -> Cases:
    """One case, in which nothing is certain: for more tests than are worth the time."""
    return Cases(1, 1, 1, {test: Sides(1, 1) for test in tests})


def _facts(subject: Subject, tests: Sequence[Test]) -> list[Fact] | None:
    """Values that stand for all; None if they are too many."""
    match subject.kind:
        case "list":
            return _lists(tests)
        case "share":
            return [fact for fact in _numbers(tests) if isinstance(fact, Decimal) and 0 <= fact < _WHOLE]
        case "integer":
            return [fact for fact in _integers(tests) if subject.least is None or _at_least(fact, subject.least)]
        case "number" | "money":
            return _numbers(tests)
        case _:
            return [True, False]


def positive(test: Test) -> tuple[Test, bool]:
    """The test without its negation, and whether it was negated."""
    match test.op:
        case "ne":
            return Test("eq", test.value, test.ignore_case), True
        case "not_in":
            return Test("in", test.value, test.ignore_case), True
        case "is_set" | "is_empty" if test.value is False:
            return Test(test.op, value=True), True
        case _:
            return test, False


def _told(table: Sequence[Answers], subject: Subject, tests: Iterable[Test]) -> Cases:
    """Cases of which each test says yes, no, or either (None). A missing value is the last one."""
    sides: dict[Test, Sides] = {}
    missing = (1 << len(table)) if subject.missing else 0
    for test in tests:
        true, false = 0, missing
        for place, case in enumerate(table):
            held = test.op == "is_set" or case.get(test)
            true |= (held is not False) << place
            false |= (held is not True) << place
        sides[test] = Sides(true, false)
    return Cases(((1 << len(table)) - 1) | missing, missing, missing, sides)


def _evaluated(facts: Sequence[Fact], tests: Iterable[Test], kind: FieldType | str) -> Cases:
    """Each test asked of each value, by the oracle itself."""
    sides: dict[Test, Sides] = {}
    everything = (1 << len(facts)) - 1
    for test in tests:
        true = sum(1 << place for place, fact in enumerate(facts) if _passes(test, fact, kind))
        sides[test] = Sides(true, everything & ~true)
    missing = sum(1 << place for place, fact in enumerate(facts) if fact is None)
    empty = sum(1 << place for place, fact in enumerate(facts) if fact is None or fact is False or fact == 0)
    return Cases(everything, missing, missing or empty, sides)


def _passes(test: Test, fact: Fact, kind: FieldType | str) -> bool:
    if kind == "share":
        low, high = test.value if isinstance(test.value, tuple) else (0, 0)
        return isinstance(fact, Decimal) and in_bucket(float(fact), Decimal(str(low)), Decimal(str(high)))
    return passes(test, fact, kind, ANY_CLOCK)  # type: ignore[arg-type]  # all other kinds are types of fields


def _numbers(tests: Iterable[Test]) -> list[Fact]:
    """Every constant, a number between each two neighbours, and numbers beyond both ends."""
    ordered = sorted({Decimal(0), *_constants(tests)})
    between = [(low + high) / 2 for low, high in pairwise(ordered)]
    return [*ordered, *between, -_INFINITY, _INFINITY]


def _integers(tests: Iterable[Test]) -> list[Fact]:
    """Every constant and its neighbours."""
    near = {int(value) + off for value in (Decimal(0), *_constants(tests)) for off in (-1, 0, 1)}
    return [*sorted(near)]


def _constants(tests: Iterable[Test]) -> Iterator[Decimal]:
    for test in tests:
        for value in test.value if isinstance(test.value, tuple) else (test.value,):
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                yield Decimal(value)


def _at_least(fact: Fact, least: int) -> bool:
    return isinstance(fact, int) and fact >= least


def _lists(tests: Iterable[Test]) -> list[Fact] | None:
    """Every choice of the texts that are asked about, with and without another; None if there are too many."""
    elements: dict[str, None] = {}
    for test in tests:
        several = test.value if isinstance(test.value, tuple) else (test.value,)
        elements.update((text, None) for text in several if isinstance(text, str))
    if len(elements) > _MOST_ELEMENTS:
        return None
    other = "".join(elements) + "."  # longer than each, so none of them
    choices = [choice for size in range(len(elements) + 1) for choice in combinations(elements, size)]
    return [*choices, (other,), *((*choice, other) for choice in choices if choice)]
