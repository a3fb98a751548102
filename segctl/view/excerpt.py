"""The lines of a file around a span, with carets under it that stand where a terminal puts the characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from segctl.base.span import Span
from segctl.view.safe import seen
from segctl.view.width import cells, steps

_TAB = 4
_LEAD = 24  # how much of a long line is kept before the span

_line_break = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line's characters as they are shown, and the column at which each begins (and the last one ends)."""

    parts: tuple[str, ...]
    starts: tuple[int, ...]

    @property
    def width(self) -> int:
        return self.starts[-1]


def lines_of(text: str) -> list[str]:
    """The lines of a file as its spans count them."""
    return _line_break.split(text.removeprefix("\ufeff"))


def excerpt(span: Span, lines: Sequence[str], width: int) -> list[tuple[int | None, str]]:
    """The line before, the line itself and the carets (whose number is None); empty if there is no such line."""
    if not 1 <= span.line <= len(lines):
        return []
    text = lines[span.line - 1]
    line = _measured(text)
    first = min(span.column - 1, len(text))
    end = span.end_column - 1 if span.end_line == span.line else len(text.rstrip())
    begins = line.starts[first]
    ends = max(line.starts[max(first, min(end, len(text)))], begins + 1)
    offset = _offset(line, begins, ends, width)
    shown: list[tuple[int | None, str]] = []
    before = _measured(lines[span.line - 2].rstrip() if span.line > 1 else "")
    if before.width > offset:
        shown.append((span.line - 1, _window(before, offset, width)))
    shown.append((span.line, _window(line, offset, width)))
    carets = min(ends, offset + width) - begins
    shown.append((None, " " * (begins - offset) + "^" * max(carets, 1)))
    return shown


def _measured(text: str) -> _Line:
    """Tabs reach to the next stop; everything else takes what it takes."""
    parts = seen(text)
    taken = 0
    widths: list[int] = []
    for at, wide in enumerate(_widths(text, parts)):
        if text[at] == "\t":
            parts[at] = " " * (_TAB - taken % _TAB)
        widths.append(_TAB - taken % _TAB if text[at] == "\t" else wide)
        taken += widths[-1]
    return _Line(tuple(parts), (0, *accumulate(widths)))


def _widths(text: str, parts: Sequence[str]) -> Iterator[int]:
    """Of what is shown as it is, its place in the text matters: a mark takes nothing."""
    for character, part, wide in zip(text, parts, steps(text), strict=True):
        yield wide if part == character else cells(part)


def _offset(line: _Line, begins: int, ends: int, width: int) -> int:
    """How many columns are cut off at the left, so that the span is seen."""
    if line.width <= width or ends <= width - 1:
        return 0
    wanted = max(begins - _LEAD, 0)
    return next((start for start in line.starts if start >= wanted), 0)


def _window(line: _Line, offset: int, width: int) -> str:
    """The part of a line that is seen, with an ellipsis where it goes on."""
    inside = [at for at in range(len(line.parts)) if line.starts[at] >= offset]
    if not inside:
        return ""
    lead = line.starts[inside[0]] - offset
    room = offset + width - (1 if line.width - offset > width else 0)
    kept = [line.parts[at] for at in inside if line.starts[at + 1] <= room]
    text = " " * lead + "".join(kept)
    if offset:
        text = "…" + text[1:] if cells(text[:1]) == 1 else "… " + text[1:]
    return text + ("…" if room < offset + width else "")
