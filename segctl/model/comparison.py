"""One fact held against one test: what each operator means (language.md, sections 3 and 4). Times: timing.py."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from segctl.model.facts import Fact
from segctl.model.operators import FieldType
from segctl.model.rule import GroupWord, Test, Value
from segctl.model.time import Clock
from segctl.model.timing import day_passes, moment_passes

T = TypeVar("T")
Quantity = int | float | Decimal


def passes(test: Test, fact: Fact, kind: FieldType, clock: Clock) -> bool:
    """Does a fact of type `kind` pass? None is a missing fact. Raises: TypeError where fact and type disagree."""
    match test.op:
        case "is_set":
            return (fact is not None) == test.value
        case "is_empty":
            return (fact is None or fact == ()) == test.value
        case "ne":
            return not passes(replace(test, op="eq"), fact, kind, clock)
        case "not_in":
            return not passes(replace(test, op="in"), fact, kind, clock)
        case _:
            return fact is not None and _positive(test, fact, kind, clock)


def combined(word: GroupWord, answers: Iterable[bool], n: int = 0) -> bool:
    """AND, OR or NOR of the answers of a group's parts, or whether `n` of them are true."""
    match word:
        case "all":
            return all(answers)
        case "any":
            return any(answers)
        case "none":
            return not any(answers)
        case "at_least":
            return sum(answers) >= n


def known(fact: Fact) -> Fact:
    """The fact, where a float that is not a number is missing."""
    return None if isinstance(fact, float) and math.isnan(fact) else fact


def lowered(text: str) -> str:
    """Lower case by Unicode's simple mapping: each code point by itself, one for one."""
    return "".join("i" if character == "\u0130" else character.lower() for character in text)


def _positive(test: Test, fact: Fact, kind: FieldType, clock: Clock) -> bool:
    match kind:
        case "string":
            return _text_passes(test, _typed(fact, str))
        case "number":
            return _quantity_passes(test, float(_quantity(fact)), float)
        case "integer" | "money":
            return _quantity_passes(test, _quantity(fact), _as_written)
        case "boolean":
            return _typed(fact, bool) == test.value
        case "date":
            return day_passes(test, _typed(fact, date), clock)
        case "datetime":
            return moment_passes(test, _typed(fact, datetime), clock)
        case "list":
            return _list_passes(test, _typed(fact, tuple))


def _text_passes(test: Test, fact: str) -> bool:
    if test.op == "matches":
        return _matches(_typed(test.value, str), fact, ignore_case=test.ignore_case)
    spelt = lowered if test.ignore_case else _as_written
    own = spelt(fact)
    wanted = [spelt(_typed(value, str)) for value in _several(test)]
    match test.op:
        case "eq" | "in":
            return own in wanted
        case "contains":
            return any(text in own for text in wanted)
        case "starts_with":
            return any(own.startswith(text) for text in wanted)
        case "ends_with":
            return any(own.endswith(text) for text in wanted)
        case _:
            raise TypeError(f"{test.op} is not an operator of text")


def _matches(pattern: str, text: str, *, ignore_case: bool) -> bool:
    import re2  # noqa: PLC0415 - the one use of a library in model/, and a rare one

    options = re2.Options()
    options.case_sensitive = not ignore_case
    options.log_errors = False
    return re2.compile(pattern, options).search(text) is not None


def _quantity_passes(test: Test, own: Quantity, converted: Callable[[Quantity], Quantity]) -> bool:
    """Python compares integers, decimals and floats of any size exactly."""
    wanted = [converted(_quantity(value)) for value in _several(test)]
    match test.op:
        case "eq" | "in":
            return own in wanted
        case "gt":
            return own > wanted[0]
        case "gte":
            return own >= wanted[0]
        case "lt":
            return own < wanted[0]
        case "lte":
            return own <= wanted[0]
        case "between":
            return wanted[0] <= own <= wanted[1]
        case _:
            raise TypeError(f"{test.op} is not an operator of numbers")


def _list_passes(test: Test, fact: tuple[str, ...]) -> bool:
    spelt = lowered if test.ignore_case else _as_written
    own = {spelt(text) for text in fact}
    wanted = [spelt(_typed(value, str)) for value in _several(test)]
    match test.op:
        case "contains" | "contains_any":
            return any(text in own for text in wanted)
        case "contains_all":
            return bool(own) and all(text in own for text in wanted)
        case _:
            raise TypeError(f"{test.op} is not an operator of lists")


def _several(test: Test) -> tuple[Value, ...]:
    return test.value if isinstance(test.value, tuple) else (test.value,)


def _as_written(value: T) -> T:
    return value


def _quantity(value: object) -> Quantity:
    if not isinstance(value, Quantity):
        raise TypeError(f"{value!r} is not a number")
    return value


def _typed(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is not of type {kind}")
    return value
