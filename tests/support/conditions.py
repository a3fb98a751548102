"""Random tests: any operator that fits a type, held against values that are often in the data, or just off it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from segctl.model.operators import EVENT_OPERATORS, OPERATORS, TEXT_COMPARISONS, FieldType
from segctl.model.rule import Compare, Group, Now, Operator, Rule, Test, Value, Values
from segctl.model.time import Window
from tests.support.pools import DURATIONS, LISTS, PATTERNS, TEXTS, Pools

MANY: frozenset[Operator] = frozenset(("in", "not_in", "contains_any", "contains_all"))
RELATIVE: frozenset[Operator] = frozenset(("older_than", "within", "within_next", "anniversary_within"))
WHOLE_DAYS = [duration for duration in DURATIONS if duration.whole_days]
DEFAULTS: Mapping[FieldType, Sequence[Any]] = {
    "string": TEXTS, "list": TEXTS, "number": [0.0, 1.0], "integer": [0, 1, 2], "money": [Decimal(0), Decimal(10)],
    "boolean": [True, False],
}  # fmt: skip


def random_test(
    rng: Random, kind: FieldType, facts: Sequence[Any], pools: Pools, ops: Sequence[Operator] = ()
) -> Test:
    """A test of a field that takes values like `facts` (which may hold None), by one of `ops` or any that fits."""
    op = rng.choice(ops or OPERATORS[kind])
    known = [fact for fact in facts if fact is not None] or DEFAULTS.get(kind) or _times(kind, pools)
    if op in RELATIVE:
        whole = kind == "date" or op == "anniversary_within"
        near = [duration for duration in pools.durations if duration.whole_days or not whole]
        anything = WHOLE_DAYS if whole else DURATIONS
        return Test(op, rng.choice(near if near and rng.random() < 0.8 else anything))
    if kind in ("date", "datetime") and op != "is_set":
        return Test(op, _time_value(rng, op, kind, known, pools))
    ignore_case = kind == "string" and op in TEXT_COMPARISONS and rng.random() < 0.4
    if op == "in_list":
        return Test(op, rng.choice(LISTS), ignore_case)
    return Test(op, _value(rng, op, kind, known), ignore_case)


def random_filter(rng: Random, columns: Mapping[str, tuple[FieldType, Sequence[Any]]], depth: int = 2) -> Rule:
    """A `where` over event columns, given each column's type and values."""
    if depth and rng.random() < 0.45:
        return random_group(rng, [random_filter(rng, columns, depth - 1) for _ in range(rng.randint(2, 4))])
    name = rng.choice(list(columns))
    kind, values = columns[name]
    op = rng.choice(EVENT_OPERATORS[kind])
    return Compare(name, (Test(op, _value(rng, op, kind, values)),))


def random_group(rng: Random, parts: Sequence[Rule], during: Window | None = None) -> Group:
    """The parts under any word that fits as many."""
    if len(parts) > 2 and rng.random() < 0.4:
        return Group("at_least", tuple(parts), during, rng.randrange(2, len(parts)))
    return Group(rng.choice(("all", "any", "none")), tuple(parts), during)


def _value(rng: Random, op: Operator, kind: FieldType, known: Sequence[Any]) -> Value | Values:
    if op in ("is_set", "is_empty"):
        return rng.random() < 0.5
    if op == "matches":
        return rng.choice(PATTERNS) if rng.random() < 0.6 else re.escape(rng.choice(known)[:2])
    if op in MANY:
        return tuple(dict.fromkeys(_constant(rng, kind, known) for _ in range(rng.randint(1, 4))))
    if op == "between":
        return tuple(sorted((_constant(rng, kind, known), _constant(rng, kind, known))))
    constant = _constant(rng, kind, known)
    if op in ("contains", "starts_with", "ends_with") and isinstance(constant, str) and kind == "string":
        return constant[:2] if op == "starts_with" else constant[-2:]
    return constant


def _constant(rng: Random, kind: FieldType, known: Sequence[Any]) -> Any:
    """One of the known values as an author could write it, or its neighbour."""
    fact = rng.choice(known)
    off = rng.choice((0, 0, 0, 1, -1))
    match kind:
        case "string" | "list":
            return _respelt(rng, rng.choice(fact) if isinstance(fact, tuple) and fact else fact or "")
        case "number":
            return _written(float(fact), off)
        case "integer":
            return min(max(fact + off, -(2**63)), 2**63 - 1)
        case "money":
            places = Decimal("0.0001") if rng.random() < 0.9 else Decimal("0.000001")
            return fact + off * places
        case _:
            return fact


def _respelt(rng: Random, text: str | tuple[str, ...]) -> str:
    text = text if isinstance(text, str) else ""
    return rng.choice((text, text, text, text.upper(), text.lower(), text[:1]))


def _written(number: float, off: int) -> Decimal | int:
    """Authors write no NaN and no infinity."""
    if not math.isfinite(number):
        return 1
    near = number if off == 0 else math.nextafter(number, math.inf * off)
    return Decimal(repr(near)) if math.isfinite(near) else 1


def _times(kind: FieldType, pools: Pools) -> Sequence[date]:
    return pools.days if kind == "date" else pools.instants


def _time_value(rng: Random, op: Operator, kind: FieldType, known: Sequence[date], pools: Pools) -> Value | Values:
    if op == "on_day":
        return _day(rng, known, pools)
    if op == "between":
        ends = [_bound(rng, kind, known, pools), _bound(rng, kind, known, pools)]
        return tuple(sorted(ends, key=lambda end: _sortable(end, pools)))
    return Now() if rng.random() < 0.2 else _bound(rng, kind, known, pools)


def _bound(rng: Random, kind: FieldType, known: Sequence[date], pools: Pools) -> date:
    if kind == "date" or rng.random() < 0.5:
        return _day(rng, known, pools)
    near = [fact for fact in known if isinstance(fact, datetime)] or pools.instants
    return rng.choice(near) + timedelta(microseconds=rng.choice((0, 0, 1, -1)))


def _day(rng: Random, known: Sequence[date], pools: Pools) -> date:
    fact = rng.choice(known)
    day = fact.astimezone(pools.clock.zone).date() if isinstance(fact, datetime) else fact
    off = rng.choice((0, 0, 1, -1))
    return date.fromordinal(min(max(day.toordinal() + off, 1), date.max.toordinal()))


def _sortable(end: date, pools: Pools) -> datetime:
    if isinstance(end, datetime):
        return end
    naive = datetime(end.year, end.month, end.day)  # noqa: DTZ001 - any order will do near the ends
    return naive.replace(tzinfo=UTC) if end.year in (1, 9999) else naive.replace(tzinfo=pools.clock.zone)
