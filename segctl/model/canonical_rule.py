"""A rule → its canonical document: the author's own language in long form, in one order. Plain data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.rule import (
    Bucket,
    Compare,
    Condition,
    Group,
    Happened,
    InSegment,
    Named,
    Now,
    Rule,
    Sequence,
    Step,
    Test,
    Value,
    WasInSegment,
)
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
            # the text of a part begins with its first key, so most often that alone decides, and is there already
            parts.sort(key=min if len({min(part) for part in parts}) == len(parts) else canonical_json)
            head: Any = parts if rule.word != "at_least" else {"n": rule.n, "of": parts}
            return {rule.word: head, **_during(rule.during)}
        case _:
            return _other(rule)


def step_document(step: Step) -> dict[str, Any]:
    """An event of a sequence, or one that lets players in or out."""
    return {"event": step.events, **_where(step.where)}


def tests_document(tests: tuple[Test, ...]) -> dict[str, Any]:
    """The operators and values of tests."""
    document: dict[str, Any] = {test.op: _operand(test) for test in tests}
    if any(test.ignore_case for test in tests):
        document["ignore_case"] = True
    return document


def window_document(window: Window) -> str | dict[str, Any]:
    """What stands under `during:`."""
    match window:
        case Lifetime():
            return "lifetime"
        case CalendarPeriod(period):
            return {"calendar": period}
        case Rolling(last, before):
            rolling = {"last": duration_text(last)}
            return rolling if before is None else {**rolling, "before": duration_text(before)}
        case Between(start, end):
            return {name: value_document(day) for name, day in (("from", start), ("to", end)) if day is not None}


def _other(rule: Condition) -> dict[str, Any]:
    match rule:
        case Compare():
            return {rule.field: _compare(rule)}
        case InSegment(segments, since):
            names = _names(segments)
            return {"in_segment": {"segment": names, "since": tests_document(since)} if since else names}
        case WasInSegment(segments, window):
            return {"was_in_segment": {"segment": _names(segments), **_during(window)}}
        case Bucket(salt, low, high):
            return {"bucket": {"salt": salt, "percent": [value_document(low), value_document(high)]}}
        case Happened():
            return _happened(rule)
        case Sequence(steps, within):
            document: dict[str, Any] = {"sequence": [step_document(step) for step in steps]}
            return document if within is None else {**document, "within": duration_text(within)}
        case Named(name):
            return {"rule": name}


def _happened(rule: Happened) -> dict[str, Any]:
    document = {"event": rule.events, **_where(rule.where)}
    if rule.count:
        document["count"] = tests_document(rule.count)
    if rule.sums:
        document["sum"] = {name: tests_document(tests) for name, tests in rule.sums}
    return {**document, **_during(rule.during)}


def _names(segments: tuple[str, ...]) -> str | list[str]:
    names = sorted(set(segments))
    return names[0] if len(names) == 1 else names


def _where(where: Rule | None) -> dict[str, Any]:
    return {} if where is None else {"where": rule_document(where)}


def _during(window: Window | None) -> dict[str, Any]:
    return {} if window is None else {"during": window_document(window)}


def _compare(rule: Compare) -> dict[str, Any]:
    document = tests_document(rule.tests)
    for name, texts in rule.dimensions:
        values = sorted(set(texts))
        document[name] = values[0] if len(values) == 1 else values
    if rule.money is not None and rule.money != "both":
        document["money"] = rule.money
    return document


def _operand(test: Test) -> Any:
    value = test.value
    if not isinstance(value, tuple):
        return value_document(value)
    values = [value_document(part) for part in value]
    return sorted(set(values)) if test.op in _UNORDERED else values


def value_document(value: Value) -> Any:
    """A value as an author writes it."""
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
            return duration_text(value)
        case Now():
            return "now"


def duration_text(duration: Duration) -> str:
    """In the largest unit that counts it whole: 48h are 2d, 14 days stay days, 12 months are a year."""
    if duration.months:
        years, months = divmod(duration.months, 12)
        return f"{duration.months}mo" if months else f"{years}y"
    for seconds, unit in _UNITS:
        if duration.seconds % seconds == 0:
            return f"{duration.seconds // seconds}{unit}"
    message = f"{duration.seconds} seconds cannot be written in minutes"
    raise ValueError(message)
