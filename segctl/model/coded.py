"""Segments as JSON that names its classes, and back: the same value, places included. Pure, and runs nothing.

A closed table says which classes there are. Places are written without their file, which is given when reading.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from segctl.base.span import Span
from segctl.model import rule, segment, time

_CLASSES: dict[str, Any] = {
    one.__name__: one
    for one in (
        *(rule.Now, rule.Test, rule.Compare, rule.InSegment, rule.WasInSegment, rule.Bucket),
        *(rule.Happened, rule.Step, rule.Sequence, rule.Named, rule.Group),
        *(time.Duration, time.Rolling, time.CalendarPeriod, time.Between, time.Lifetime),
        *(segment.PlayerList, segment.Trigger, segment.Adjustment, segment.Limit, segment.Webhook),
        segment.Segment,
    )
}
_SLOTS = {one: one.__slots__ for one in _CLASSES.values()}
_PLAIN = frozenset((str, int, bool, type(None)))
_READ: dict[str, Callable[[str], Any]] = {
    "Decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
}
_PLACE = "at"


def encoded(value: Any) -> str:
    """The text of a value. Raises: TypeError, for what is not in the table."""
    return json.dumps(_encoded(value), separators=(",", ":"))


def decoded(text: str, file: str) -> Any:
    """The value of such a text, with its places in `file`."""
    return _decoded(json.loads(text), file)


def _encoded(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return [_encoded(part) for part in value]
    if kind is Span:
        return {_PLACE: value[1:]}
    if kind is Decimal:
        return {"Decimal": str(value)}
    if kind is datetime and value.tzinfo is UTC:
        return {"datetime": value.isoformat()}
    if kind is date:
        return {"date": value.isoformat()}
    if kind in _SLOTS:
        return {kind.__name__: [_encoded(getattr(value, name)) for name in _SLOTS[kind]]}
    raise TypeError(f"{kind.__name__} is not among what can be written")


def _decoded(value: Any, file: str) -> Any:
    kind = type(value)
    if kind is list:
        return tuple([_decoded(part, file) for part in value])
    if kind is not dict:
        return value
    [(name, parts)] = value.items()
    if name == _PLACE:
        return Span(file, *parts)
    if name in _READ:
        return _READ[name](parts)
    return _CLASSES[name](*[_decoded(part, file) for part in parts])
