"""A rule → its canonical document: the author's own language in long form, in one order. Plain data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.rule import Compare, Group, InSegment, Now, Rule, Test, Value
from segctl.model.time import Between, CalendarPeriod, Duration, Lifetime, Rolling, Window

_UNORDERED = frozenset(("in", "not_in", "contains_any", "contains_all"))
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def rule_document(rule: Rule) -> dict[str, Any]:
    """Equal for rules that differ only in order, in repeated list values, or in short and long form."""
    match rule:
        case Compare():
            return {rule.field: _compare(rule)}
        case Group():
            parts = [rule_document(part) for part in rule.rules]
            if len(parts) > 1:
                parts.sort(key=canonical_json)
            if rule.during is None:
                return {rule.word: parts}
            return {rule.word: parts, "during": window_document(rule.during)}
        case InSegment():
            names = sorted(set(rule.segments))
            return {"in_segment": names[0] if len(names) == 1 else names}


def window_document(window: Window) -> str | dict[str, Any]:
    """What stands under `during:`."""
    match window:
        case Lifetime():
            return "lifetime"
        case CalendarPeriod(period):
            return {"calendar": period}
        case Rolling(last, before):
            rolling = {"last": _duration(last)}
            return rolling if before is None else {**rolling, "before": _duration(before)}
        case Between(start, end):
            return {name: _value(day) for name, day in (("from", start), ("to", end)) if day is not None}


def _compare(rule: Compare) -> dict[str, Any]:
    document: dict[str, Any] = {test.op: _operand(test) for test in rule.tests}
    for name, texts in rule.dimensions:
        values = sorted(set(texts))
        document[name] = values[0] if len(values) == 1 else values
    if rule.money is not None and rule.money != "both":
        document["money"] = rule.money
    for test in rule.tests:
        if test.ignore_case:
            document["ignore_case"] = True
    return document


def _operand(test: Test) -> Any:
    value = test.value
    if not isinstance(value, tuple):
        return _value(value)
    values = [_value(part) for part in value]
    return sorted(set(values)) if test.op in _UNORDERED else values


def _value(value: Value) -> Any:
    match value:
        case str() | int():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        case date():
            return value.isoformat()
        case Duration():
            return _duration(value)
        case Now():
            return "now"


def _duration(duration: Duration) -> str:
    """In the largest unit that counts it whole: 48h are 2d, 14 days stay days, 12 months are a year."""
    if duration.months:
        years, months = divmod(duration.months, 12)
        return f"{duration.months}mo" if months else f"{years}y"
    for seconds, unit in _UNITS:
        if duration.seconds % seconds == 0:
            return f"{duration.seconds // seconds}{unit}"
    message = f"{duration.seconds} seconds cannot be written in minutes"
    raise ValueError(message)
