"""What a line's attributes become: fields of a catalog, and one player's facts.

A field has the type of what the player has there; where nothing is, of what the rule compares with. Two things are
read from JSON's texts, since JSON has no others: what an operator of dates is asked of, and (Unleash, whose
contexts hold only texts) what an operator of numbers is asked of. A path into an object is a column of its own,
and an object is no value of any column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from segctl.model.facts import Fact
from segctl.model.operators import FieldType
from tests.peers.lines import Condition, Line, conditions

_LIST_OPERATORS = frozenset(("includes", "elem", "contains_all", "contains_all_ci", "size"))
_NUMBER_OPERATORS = frozenset(("num_eq", "gt", "gte", "lt", "lte"))


def field_name(path: str, kind: FieldType) -> str:
    """Lines share the columns whose name and type are the same."""
    return f"{re.sub('[^a-z0-9]+', '_', path.lower()).strip('_')}_{kind}"


def kinds(line: Line) -> dict[str, FieldType]:
    """The type of each attribute the rule asks about, by its path."""
    asked: dict[str, list[Condition]] = {}
    for condition in conditions(line.rule):
        asked.setdefault(condition["attr"], []).append(condition)
    return {path: _kind(line, path, uses) for path, uses in asked.items()}


def facts(line: Line) -> dict[str, Fact]:
    """The player's facts by field name."""
    return {
        field_name(path, kind): fact
        for path, kind in kinds(line).items()
        if (fact := _fact(found(line.subject, path), kind)) is not None
    }


def found(subject: Mapping[str, Any], path: str) -> Any:
    """The value at a path such as `pets.dog.name`, or None."""
    value: Any = subject
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def moment(text: str) -> datetime:
    """An instant; where no offset is written, UTC."""
    read = datetime.fromisoformat(text.replace(" +", "+"))
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _kind(line: Line, path: str, uses: Sequence[Condition]) -> FieldType:
    owned = found(line.subject, path)
    operators = {use["op"] for use in uses}
    if operators & {"date_before", "date_after"}:
        return "date" if isinstance(owned, dict) and "$date" in owned else "datetime"
    if line.suite == "unleash" and operators & _NUMBER_OPERATORS:
        return "number"
    if owned is not None and not isinstance(owned, dict):
        return "list" if isinstance(owned, list) else _kind_of(owned)
    return "list" if operators & _LIST_OPERATORS else _kind_of(uses[0].get("value"))


def _kind_of(value: Any) -> FieldType:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case [first, *_]:
            return _kind_of(first)
        case _:
            return "string"


def _fact(owned: Any, kind: FieldType) -> Fact:
    match kind, owned:
        case _, None:
            return None
        case "date", {"$date": text}:
            return date.fromisoformat(text)
        case "datetime", {"$datetime": text} | str(text):
            return moment(text)
        case "number", str(text):
            return float(text)
        case _, dict():
            return None
        case _, list(texts):
            return tuple(texts)
        case _, (bool() | int() | float() | str()) as value:
            return value
        case _:
            raise TypeError(f"{owned!r} is no value of a field of type {kind}")
