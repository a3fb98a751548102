"""What differs between two definitions beside their rules → lines in plain English. Raw text."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from segctl.plan.document import Change
from segctl.view.beside import LABELS, beside, entry_moves, query, told
from segctl.view.english import listed
from segctl.view.figures import count, counted, moved
from segctl.view.speech import Speech

Definition = Mapping[str, Any]
Told = tuple[str, str]

# Keys that are told with both values, and what stands for a missing one.
_PLAIN = {"type": "none", "purpose": "marketing", "title": "none", "owner": "nobody", "protected": False}
_MOST_QUERY = 12
_SOME = 6


def moves(before: Definition, after: Definition, speech: Speech) -> Iterator[Told]:
    """What changed in an object that stays: a symbol and a text."""
    for key, default in _PLAIN.items():
        old, new = before.get(key, default), after.get(key, default)
        if old != new:
            guard = ", and with it the guard" if key == "purpose" else ""
            yield "~", f"{key}: {_told(old)} → {_told(new)}{guard}"
    yield from _numbers("listed players", before.get("players"), after.get("players"))
    yield from _values(before.get("values"), after.get("values"))
    for key in LABELS:
        yield from entry_moves(key, before, after, speech)
    yield from _query(before.get("query"), after.get("query"))


def created(kind: str, after: Definition, speech: Speech) -> list[str]:
    """What is to know of a new object beside its rules."""
    said = [told(key, text) for key, text in beside(after, speech)]
    said += _queried(after.get("query"))
    if kind == "list" and isinstance(after.get("values"), list):
        said.append(f"values: {_some(after['values'])}")
    return said


def risk(change: Change) -> str:
    """What a change of a guard means for everybody."""
    if "archive" in change.actions:
        return f"Risk: from now on nothing keeps anybody out of {change.name} segments."
    if "create" in change.actions or "recover" in change.actions:
        return f"Risk: from now on who does not pass is in no {change.name} segment."
    return f"Risk: this decides who may be in any {change.name} segment."


def _told(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _numbers(noun: str, old: Any, new: Any) -> Iterator[Told]:
    if old is None or new is None or old == new:
        return
    numbers = [count(listed(one)) for one in (old, new)]
    others = " others" if numbers[0] == numbers[1] else ""
    yield "~", f"{noun}: {' → '.join(numbers)}{others}"


def _values(old: Any, new: Any) -> Iterator[Told]:
    """The values of a list that came and went; of a redacted one only how many it has."""
    if not isinstance(old, list) or not isinstance(new, list):
        yield from _numbers("values", old, new)
        return
    came, went = [one for one in new if one not in old], [one for one in old if one not in new]
    if came or went:
        yield "~", f"values: {count(len(old))} → {count(len(new))}  ({moved(len(came), len(went))})"
    yield from ((symbol, _some(some)) for symbol, some in (("+", came), ("-", went)) if some)


def _some(values: list[Any]) -> str:
    rest = len(values) - _SOME
    shown = values if rest < 2 else values[:_SOME]
    return ", ".join(map(str, shown)) + (f" and {count(rest)} more" if rest > 1 else "")


def _queried(text: Any) -> list[str]:
    return [f"{'' if at else 'query':6} {line}" for at, line in enumerate(query(text, _MOST_QUERY))]


def _query(old: Any, new: Any) -> Iterator[Told]:
    """The lines of a query that came and went."""
    if old is None or new is None:
        yield from (("+", line) for line in _queried(new))
        yield from [("-", "query")] if old is not None else []
        return
    if old == new:
        return
    was, now = (query(text, len(str(text))) for text in (old, new))
    different = [line for line in difflib.ndiff(was, now) if line[:2] in ("+ ", "- ")]
    if not different:
        yield "~", "query: a private one → another"
        return
    yield "~", "query:"
    yield from ((line[0], f"  {line[2:].rstrip()}") for line in different[:_MOST_QUERY])
    if len(different) > _MOST_QUERY:
        yield "~", f"  … {counted(len(different) - _MOST_QUERY, 'more line differs', 'more lines differ')}"
