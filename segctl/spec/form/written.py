"""A canonical document → the text of a file, as an author would write it. Data in, text out; no comment but one.

Read back, the text is the same canonical document, in the form that `segctl fmt` gives. A value that is no longer
known is left empty with a comment, so that validating finds it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from segctl.spec.form.order import in_order
from segctl.spec.form.quoted import quoted
from segctl.spec.form.shortened import in_reading_order, shortened

WIDTH = 100
_RULES = ("rules", "scope", "enter", "exit")
_GROUPS = frozenset(("all", "any", "none", "of", "at_least"))
# under these a text is a date, and nobody quotes it
_DATED = frozenset(("on_day", "before", "after", "between", "from", "to", "until"))
_day = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?", re.ASCII).fullmatch
_ERASED = "# erased: what stood here is not kept any more"


class Erased:
    """Stands in a document for a value that is not known any more."""


def written(document: Mapping[str, Any]) -> str:
    """The document's text, its keys in their order."""
    made = {key: shortened(part) if key in _RULES else part for key, part in document.items()}
    keys = in_order(str(document["kind"]), list(made))
    return "\n".join(line for key in keys for line in _pair(key, made[key], 0)) + "\n"


def _pair(key: str, value: Any, column: int) -> Iterator[str]:
    """The lines of a key and its value: on one line if there is room and no group in it."""
    head = f"{' ' * column}{key}:"
    if isinstance(value, Erased):
        yield f"{head}  {_ERASED}"
        return
    if isinstance(value, str):
        yield from _text(head, key, value, column)
        return
    line = None if _in_a_block(key, value, column) else _flow(key, value)
    if line is not None and (not isinstance(value, Mapping | list) or len(head) + 1 + len(line) <= WIDTH):
        yield f"{head} {line}"
        return
    yield head
    yield from _block(key, value, column + 2)


def _in_a_block(key: str, value: Any, column: int) -> bool:
    """Groups are never in brackets unless an event's filter fits its line, nor are the entries of a document."""
    entries = isinstance(value, list) and bool(value) and isinstance(value[0], Mapping) and column == 0
    return key in _GROUPS or entries or (key == "rules" and isinstance(value, Mapping))


def _block(key: str, value: Any, column: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, part in in_reading_order(value):
            yield from _pair(name, part, column)
        return
    for item in value:
        if isinstance(item, Mapping):
            first, *rest = _item(item, column)
            yield f"{' ' * column}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{' ' * column}- {_flow(key, item)}"


def _item(item: Mapping[str, Any], column: int) -> Iterator[str]:
    """A mapping in a list. What has several keys and no group in it stands in braces, if there is room."""
    line = _flow("", item)
    several = len(item) != 1 and not _GROUPS & item.keys() and "event" not in item and "sequence" not in item
    if several and line is not None and column + 2 + len(line) <= WIDTH:
        yield line
        return
    for name, part in in_reading_order(item):
        yield from _pair(name, part, column + 2)


def _text(head: str, key: str, value: str, column: int) -> Iterator[str]:
    """A text of several lines, or one that is too long for its line, in a block of its own."""
    indent = " " * (column + 2)
    lines = value.removesuffix("\n").split("\n")
    if "\n" in value and _literal(value, lines):
        yield f"{head} |{'' if value.endswith(chr(10)) else '-'}"
        yield from (f"{indent}{line}" if line else "" for line in lines)
        return
    folded = textwrap.wrap(value, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
    if len(head) + len(value) > WIDTH and len(folded) > 1 and " ".join(folded) == value and value.isprintable():
        yield f"{head} >-"
        yield from (f"{indent}{line}" for line in folded)
        return
    yield f"{head} {_scalar(key, value)}"


def _literal(value: str, lines: Sequence[str]) -> bool:
    """Can it stand below `|`, to the letter?"""
    seen = all(line.isprintable() and line == line.rstrip() for line in lines)
    return seen and not value.endswith("\n\n") and bool(lines[-1]) and bool(lines[0]) and lines[0][0] != " "


def _flow(key: str, value: Any) -> str | None:
    """A value on one line; None if something in it is not known."""
    match value:
        case Erased():
            return None
        case Mapping():
            parts = [(name, _flow(name, part)) for name, part in in_reading_order(value)]
            texts = [None if part is None else f"{name}: {part}" for name, part in parts]
            return None if None in texts else "{" + ", ".join(text for text in texts if text is not None) + "}"
        case list():
            items = [_flow(key, item) for item in value]
            return None if None in items else "[" + ", ".join(item for item in items if item is not None) + "]"
        case _:
            return _scalar(key, value)


def _scalar(key: str, value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return f"{Decimal(repr(value)):f}"
        case str():
            return value if key in _DATED and _day(value) else quoted(value)
        case _:
            return str(value)
