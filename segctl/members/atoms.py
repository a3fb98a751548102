"""One test over one column of facts: true or false for every player. This is where meaning is vectorised.

Held to the oracle (model/evaluate.py) by a differential test; the rules are language.md, sections 3 and 4.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Any

import numpy as np

from segctl.members.columns import Bools, Column, Flags, Floats, Lists, Numbers, Texts
from segctl.members.moments import anniversary_within, days, instants, local_days
from segctl.members.text import matching
from segctl.model.operators import FieldType
from segctl.model.rule import Operator, Test
from segctl.model.time import Clock, Duration

# Each of these is the exact complement of the other, missing values included (language.md, section 4.1).
_COMPLEMENTS: dict[Operator, Operator] = {"ne": "eq", "not_in": "in"}


def truth(facts: Column, field_type: FieldType, test: Test, clock: Clock) -> Bools:
    """For every player: does the test hold? Missing values fail all but `ne`, `not_in` and `is_set: false`."""
    positive = _COMPLEMENTS.get(test.op)
    if positive is not None:
        return ~truth(facts, field_type, Test(positive, test.value, test.ignore_case), clock)
    if test.op == "is_set":
        there = present(facts)
        return there if test.value else ~there
    return _positive(facts, field_type, test, clock)


def _positive(facts: Column, field_type: FieldType, test: Test, clock: Clock) -> Bools:
    match facts:
        case Texts():
            return _of_players(matching(facts.words, test), facts)
        case Lists():
            return _list(facts, test)
        case Flags(values, valid):
            return _where_valid(values == test.value, valid)
        case Floats(values, valid):
            return _where_valid(_float(values, test), valid)
        case Numbers(values, valid, _) if field_type in ("date", "datetime"):
            return _where_valid(_moment(values, field_type, test, clock), valid)
        case Numbers(values, valid, scale):
            return _where_valid(_exact(values, test, scale), valid)


def present(facts: Column) -> Bools:
    """Of whom is anything known?"""
    match facts:
        case Texts(codes, _):
            return codes >= 0
        case Lists(places, _, _, count):
            return _marked(places, count)
        case Numbers(values, valid) | Floats(values, valid) | Flags(values, valid):
            return np.ones(len(values), dtype=np.bool_) if valid is None else valid


def _where_valid(found: Bools, valid: Bools | None) -> Bools:
    return found if valid is None else found & valid


def _of_players(found: Bools, facts: Texts | Lists) -> Bools:
    """The words' answers by code; code -1, missing, takes the False at the end."""
    return np.asarray(np.append(found, False)[facts.codes])


def _marked(places: Any, count: int) -> Bools:
    marked = np.zeros(count, dtype=np.bool_)
    marked[places] = True
    return marked


def _list(facts: Lists, test: Test) -> Bools:
    match test.op, test.value:
        case "is_empty", wanted:
            empty = ~present(facts)
            return empty if wanted else ~empty
        case "contains_all", tuple() as values:
            each = [_list(facts, Test("contains", value)) for value in values]
            return np.asarray(np.logical_and.reduce(each))
        case _, value:
            found = matching(facts.words, Test("in", value if isinstance(value, tuple) else (value,)))
            return _marked(facts.places[_of_players(found, facts)], facts.count)


def _moment(values: Any, field_type: FieldType, test: Test, clock: Clock) -> Bools:
    if test.op == "anniversary_within":
        assert isinstance(test.value, Duration)  # noqa: S101 - spec/ reads nothing else
        numbers = values if field_type == "date" else local_days(values, clock)
        return anniversary_within(numbers, test.value, clock)
    stretch = days(test, clock) if field_type == "date" else instants(test, clock)
    return np.asarray((values > stretch.after) & (values <= stretch.until))


def _float(values: Any, test: Test) -> Bools:
    constants = test.value if isinstance(test.value, tuple) else (test.value,)
    numbers = [float(constant) for constant in constants]  # type: ignore[arg-type]
    match test.op:
        case "in" | "eq":
            return np.isin(values, numbers)
        case "between":
            return np.asarray((values >= numbers[0]) & (values <= numbers[1]))
        case "gt":
            return np.asarray(values > numbers[0])
        case "gte":
            return np.asarray(values >= numbers[0])
        case "lt":
            return np.asarray(values < numbers[0])
        case _:
            return np.asarray(values <= numbers[0])


def _exact(values: Any, test: Test, scale: int) -> Bools:
    constants = test.value if isinstance(test.value, tuple) else (test.value,)
    bounds = [_scaled(constant, scale) for constant in constants]
    match test.op:
        case "in" | "eq":
            found = np.zeros(len(values), dtype=np.bool_)
            for floor, exact in bounds:
                if exact:
                    found |= np.asarray(values == floor, dtype=np.bool_)
            return found
        case "between":
            return _at_least(values, bounds[0]) & ~_above(values, bounds[1])
        case "gt":
            return _above(values, bounds[0])
        case "gte":
            return _at_least(values, bounds[0])
        case "lt":
            return ~_at_least(values, bounds[0])
        case _:
            return ~_above(values, bounds[0])


def _scaled(constant: Any, scale: int) -> tuple[int, bool]:
    """A constant in units of the column, rounded down, and whether that was exact."""
    shifted = Decimal(constant).scaleb(scale)
    floor = int(shifted.to_integral_value(ROUND_FLOOR))
    return floor, floor == shifted


def _above(values: Any, bound: tuple[int, bool]) -> Bools:
    return np.asarray(values > bound[0], dtype=np.bool_)


def _at_least(values: Any, bound: tuple[int, bool]) -> Bools:
    floor, exact = bound
    return np.asarray(values >= floor if exact else values > floor, dtype=np.bool_)
