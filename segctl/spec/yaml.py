"""Text → YAML documents with places, in one pass over libyaml's events. Interprets nothing.

What makes YAML dangerous or hard to review is refused while the events pass by, before anything is built
from it: anchors, aliases, merge keys, tags, directives, depth, and keys written twice.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs forget to export it
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from segctl.base.span import Span
from segctl.spec.decode import REMOVE, character, decoded, invisible
from segctl.spec.node import Entry, Mapping, Mark, Node, Scalar, Sequence
from segctl.spec.page import Page, shown

MAX_DEPTH = 32
_MOST_REPEATED = 20
_STARTS = frozenset((MappingStartEvent, SequenceStartEvent))
_ENDS = frozenset((MappingEndEvent, SequenceEndEvent))

# What libyaml says, and what authors most often did.
_HELP = {
    "mapping values are not allowed in this context": "Put quotes around a text that has `: ` in it.",
    "found character that cannot start any token": "Indent with spaces, and quote a text that begins with `@`, "
    "`%`, a backtick, or a tab.",
    "found unexpected end of stream": "A quote is opened here and never closed.",
    "could not find expected ':'": "Write `key: value`.",
    "did not find expected key": "The indentation does not line up with the lines above.",
    "did not find expected '-' indicator": "The indentation does not line up with the list above.",
    "did not find expected ',' or ']'": "A `[` is opened here, and what follows is not its end.",
    "did not find expected ',' or '}'": "A `{` is opened here, and what follows is not its end.",
}
# Here the place that helps is where something was opened, not where its end was missed.
_OPENED = frozenset(
    ("found unexpected end of stream", "did not find expected ',' or ']'", "did not find expected ',' or '}'"),
)


class _Stopped(Exception):  # noqa: N818 - it only leaves the loop; the mistake is noted already
    """Reading a file cannot go on."""


def documents(page: Page, data: bytes) -> list[Node]:
    """The documents of a file, without empty ones. None at all if the file cannot be read; the page says why."""
    text = decoded(page, data)
    if text is None:
        return []
    try:
        nodes = _nodes(page, text)
    except _Stopped:
        return []
    except YAMLError as error:
        _note_syntax(page, error)
        return []
    return [node for node in nodes if not (type(node) is Scalar and node.plain and not node.text)]


def _nodes(page: Page, text: str) -> list[Node]:
    """Builds bottom-up: `parts` are the finished children of the innermost open collection.

    Keys and values of a mapping are parts alike until it closes. A sign that a file does not contain need not be
    looked for at each of its events.
    """
    hidden = not text.isascii() or "\\" in text
    marked = "&" in text or "!" in text
    next_event: Callable[[], Any] = CParser(text.encode()).get_event
    parts: list[Node] = []
    opened: list[tuple[list[Node], Any]] = []
    while (event := next_event()) is not None:
        kind = type(event)
        if marked:
            _check_marks(page, event)
        if kind is ScalarEvent:
            value = _visible(page, event) if hidden else event.value
            parts.append(Scalar(value, not event.style, event.start_mark, event.end_mark))
        elif kind in _STARTS:
            if len(opened) >= MAX_DEPTH:
                _refuse(page, event)
            opened.append((parts, event))
            parts = []
        elif kind in _ENDS:
            outer, start = opened.pop()
            outer.append(_collection(page, parts, start, event.end_mark))
            parts = outer
        else:
            _check_other(page, event)
    return parts


def _check_marks(page: Page, event: Any) -> None:
    if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
        _refuse(page, event)


def _collection(page: Page, parts: list[Node], opening: Any, end: Mark) -> Node:
    start: Mark = opening.start_mark
    flow: bool = opening.flow_style
    if opening.__class__ is SequenceStartEvent:
        return Sequence(parts, flow, start, end)
    entries: dict[str, Entry] = {}
    each = iter(parts)
    for key in each:
        value = next(each)
        if type(key) is not Scalar:
            _stop(page, "SEG201", key.start, key.end, "A key must be a text; this is a list or a mapping.")
        elif key.text in entries:
            _note_twice(page, entries[key.text][0], key)
            if len(page.mistakes) >= _MOST_REPEATED:
                raise _Stopped
        else:
            entries[key.text] = (key, value)
    if "<<" in entries and entries["<<"][0].plain:
        key = entries["<<"][0]
        _stop(page, "SEG005", key.start, key.end, "Merge keys (`<<`) hide what a document says.", _SPELL_OUT)
    return Mapping(entries, flow, start, end)


_SPELL_OUT = "Write the keys out where they belong."


def _note_twice(page: Page, first: Scalar, second: Scalar) -> None:
    lines = first.start.line + 1, second.start.line + 1
    where = f"twice on line {lines[0]}" if lines[0] == lines[1] else f"on line {lines[0]} and on line {lines[1]}"
    page.mistake("SEG003", second, f"The key {shown(second.text)} stands {where}.", "Keep one of them.")


def _visible(page: Page, event: Any) -> str:
    """The text of a scalar in composed form (NFC); escapes in it may not bring in what a file may not have."""
    value: str = event.value
    found = invisible(value)
    if found is not None:
        detail = f"The text has {character(found[0])} in it."
        _stop(page, "SEG009", event.start_mark, event.end_mark, detail, REMOVE)
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def _check_other(page: Page, event: Any) -> None:
    kind = type(event)
    if kind is AliasEvent or (kind is DocumentStartEvent and (event.version or event.tags)):
        _refuse(page, event)


def _refuse(page: Page, event: Any) -> None:
    code, detail, help_line = _refusal(event)
    _stop(page, code, event.start_mark, event.end_mark, detail, help_line)


def _refusal(event: Any) -> tuple[str, str, str]:
    if getattr(event, "anchor", None) is not None:
        detail = "Anchors and aliases (`&`, `*`) hide what a document says."
        return "SEG005", detail, "Write the value out where it is used; quote a text that begins with `&` or `*`."
    if getattr(event, "tag", None) is not None:
        return "SEG005", "Tags (`!`) are not used here.", "Quote a text that begins with `!`."
    if type(event) is DocumentStartEvent:
        return "SEG005", "Directives (`%`) are not used here.", "Remove the line."
    return "SEG004", f"Lists and mappings are nested more than {MAX_DEPTH} deep here.", ""


def _stop(page: Page, code: str, start: Mark, end: Mark, detail: str, *help_lines: str) -> None:
    last = end.column + (start.line == end.line and start.column == end.column)
    at = Span(page.file, start.line + 1, start.column + 1, end.line + 1, last + 1)
    page.note(code, at, detail, *help_lines)
    raise _Stopped


def _note_syntax(page: Page, error: YAMLError) -> None:
    problem, mark = "it cannot be parsed", None
    if isinstance(error, MarkedYAMLError):
        problem = error.problem or problem
        mark = error.context_mark if problem in _OPENED else error.problem_mark
        mark = mark or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    at = Span(page.file, line, column, line, column + 1)
    page.note("SEG002", at, f"{problem[:1].upper()}{problem[1:]}.", _HELP.get(problem, ""))
