"""Values at both sides of what a condition asks: exactly the threshold, and just beside it. Pure.

Each comes with a word for the name of the player who has it. None is a missing value.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from segctl.model.facts import Fact
from segctl.model.operators import PRESENCE, FieldType
from segctl.model.rule import Now, Test
from segctl.model.time import Clock, Duration, day_start, micros, moment, shifted, shifted_day

Target = tuple[str, Fact]
_STEPS: dict[str, Decimal] = {"money": Decimal("0.01"), "number": Decimal("0.01"), "integer": Decimal(1)}
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
STRANGER = "something else"


def targets(test: Test, kind: FieldType, values: tuple[str, ...], clock: Clock) -> list[Target]:
    """Values worth a player each. `values` are the field's allowed texts, if it is closed."""
    match kind:
        case "string" | "list":
            return list(_texts(test, kind, values))
        case "integer" | "number" | "money":
            return list(_numbers(test, kind))
        case "boolean":
            return [("yes", True), ("no", False), ("missing", None)]
        case "date":
            return list(_days(test, clock))
        case "datetime":
            return list(_moments(test, clock))


def _texts(test: Test, kind: FieldType, values: tuple[str, ...]) -> Iterator[Target]:
    wanted = [str(value) for value in (test.value if isinstance(test.value, tuple) else (test.value,))]
    if test.op in PRESENCE:
        wanted = [values[0] if values else "something"]
    if test.op == "matches":
        wanted = ["".join(sign for sign in wanted[0] if sign.isalnum() or sign in "-_@ ") or "a"]
    shown = [wanted[0], wanted[-1]] if len(wanted) > 1 else wanted
    listed = kind == "list"
    for text in shown:
        yield text, (text,) if listed else text
    if listed and len(wanted) > 1:
        yield "all", tuple(wanted)
    stranger = next((value for value in values if value not in wanted), "" if values else STRANGER)
    if stranger:
        yield stranger, (stranger,) if listed else stranger
    yield "missing", None


def _numbers(test: Test, kind: FieldType) -> Iterator[Target]:
    bounds = test.value if isinstance(test.value, tuple) else (test.value,)
    step = _STEPS[kind]
    seen: set[Decimal] = set()
    for bound in (bounds[0], bounds[-1]):
        if isinstance(bound, bool) or not isinstance(bound, int | Decimal):
            continue
        for value in (Decimal(bound) - step, Decimal(bound), Decimal(bound) + step):
            if value not in seen:
                seen.add(value)
                yield f"{'exactly ' if value == bound else ''}{value:f}", _number(value, kind)
    if test.op == "between" and len(seen) > 3:
        middle = (Decimal(str(bounds[0])) + Decimal(str(bounds[1]))) / 2
        yield "between", _number(middle.quantize(step), kind)
    if not seen:
        yield "1", _number(Decimal(1), kind)
    yield "missing", None


def _number(value: Decimal, kind: FieldType) -> Fact:
    if kind == "money":
        return value
    return float(value) if kind == "number" else int(value)


def _days(test: Test, clock: Clock) -> Iterator[Target]:
    today = clock.today
    days: list[date] = []
    match test.value:
        case Duration() as duration if test.op == "anniversary_within":
            end = shifted_day(today, duration, 1)
            for day, word in (
                (today - _DAY, "yesterday"),
                (today, "today"),
                (end, "last day"),
                (end + _DAY, "day after"),
            ):
                yield f"birthday {word}", _born(day)
        case Duration() as duration:
            edge = shifted_day(today, duration, 1 if test.op == "within_next" else -1)
            days = [edge, today] if test.op.startswith("within") else [edge]
        case Now():
            days = [today]
        case tuple() as ends:
            days = [end for end in ends if isinstance(end, date)]
        case date() as day:
            days = [day]
        case _:
            days = [today]
    for day in dict.fromkeys(each for middle in days for each in (middle - _DAY, middle, middle + _DAY)):
        yield day.isoformat(), day
    yield "missing", None


def _born(birthday: date) -> date:
    year = birthday.year - 36  # a leap year whenever the birthday's is
    return birthday.replace(year=year) if (birthday.month, birthday.day) != (2, 29) else date(year, 2, 28)


def _moments(test: Test, clock: Clock) -> Iterator[Target]:
    edges: list[tuple[str, int]] = []
    match test.value:
        case Duration() as duration:
            ahead = test.op == "within_next"
            edges = [("the edge", shifted(clock, duration, 1 if ahead else -1))]
            edges += [("now", clock.micros)] if test.op.startswith("within") else []
        case Now():
            edges = [("now", clock.micros)]
        case datetime() as at:
            edges = [("the edge", micros(at))]
        case date() as day:
            edges = [("its start", day_start(day, clock.zone)), ("its end", day_start(day + _DAY, clock.zone))]
        case tuple() as ends:
            edges = [(f"end {number}", _edge(end, clock)) for number, end in enumerate(ends, 1)]
        case _:
            edges = [("now", clock.micros)]
    for word, edge in edges:
        yield f"1s before {word}", moment(edge) - _SECOND
        yield f"exactly {word}", moment(edge)
        yield f"1s after {word}", moment(edge) + _SECOND
    yield "missing", None


def _edge(end: object, clock: Clock) -> int:
    if isinstance(end, datetime):
        return micros(end)
    return day_start(end, clock.zone) if isinstance(end, date) else clock.micros
