"""`# segctl: ignore SEG604 reason`: comments that say why something is meant. Pure.

On a line, or alone above it, such a comment speaks of what is told of that line; above the first line of a
document, of the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from segctl.base.codes import CODES
from segctl.base.diagnostic import Diagnostic
from segctl.base.span import Span
from segctl.lint.places import read
from segctl.spec.node import Mapping as Map
from segctl.spec.node import Node, Scalar, Sequence

_MARK = "segctl: ignore"
_comment = re.compile(
    r"(?:^|(?<=[ \t]))#[ \t]*segctl: ignore\b[ \t]*((?:SEG[0-9]{3}\b[, \t]*)*)(.*?)[ \t]*$"
).search
_code = re.compile(r"SEG[0-9]{3}").findall
_line_break = re.compile(r"\r\n|\r|\n")
_OWN = frozenset(("SEG631", "SEG632", "SEG633"))
# What a day decides comes and goes by itself.
_BY_DAY = frozenset(("SEG615", "SEG616", "SEG617"))


@dataclass(frozen=True, slots=True)
class Ignore:
    """One comment: which codes it names, and which lines it speaks of (both ends included)."""

    codes: tuple[str, ...]
    reason: str
    at: Span
    first: int
    last: int

    def covers(self, diagnostic: Diagnostic) -> bool:
        """Does it speak of this one? Only with a reason."""
        span = diagnostic.span
        here = span.file == self.at.file and self.first <= span.line <= self.last
        return here and bool(self.reason) and diagnostic.code in self.codes


def ignores(texts: Mapping[str, str]) -> tuple[Ignore, ...]:
    """All such comments of a project."""
    return tuple(one for file, text in texts.items() if _MARK in text for one in _of_file(file, text))


def heeded(
    diagnostics: Iterable[Diagnostic], found: Iterable[Ignore], ran: frozenset[str]
) -> Iterator[Diagnostic]:
    """What is left to tell, and what is to be told of the comments themselves. `ran` are the codes looked for."""
    comments = tuple(found)
    by_file: dict[str, list[Ignore]] = {}
    for one in comments:
        by_file.setdefault(one.at.file, []).append(one)
    used: set[tuple[Span, str]] = set()
    for diagnostic in diagnostics:
        covering = [one for one in by_file.get(diagnostic.span.file, ()) if one.covers(diagnostic)]
        used.update((one.at, diagnostic.code) for one in covering)
        if not covering:
            yield diagnostic
    for one in comments:
        yield from _about(one, used, ran)


def _about(one: Ignore, used: set[tuple[Span, str]], ran: frozenset[str]) -> Iterator[Diagnostic]:
    unknown = [code for code in one.codes if code not in CODES or not code.startswith("SEG6") or code in _OWN]
    if unknown or not one.codes:
        what = f"`{unknown[0]}` is not a code of `segctl lint`." if unknown else "It names no code."
        yield Diagnostic("SEG633", one.at, what, ("Write `# segctl: ignore SEG604` and the reason.",))
    elif not one.reason:
        yield Diagnostic(
            "SEG631", one.at, "It has no effect until it says why.", ("Write the reason after the code.",)
        )
    else:
        stale = [code for code in one.codes if (one.at, code) not in used and code in ran - _BY_DAY]
        if stale:
            detail = f"Nothing that `{stale[0]}` tells of is here."
            help_line = (
                "Remove it: `segctl lint --fix`." if len(one.codes) == 1 else f"Remove `{stale[0]}` from it."
            )
            yield Diagnostic("SEG632", one.at, detail, (help_line,))


def _of_file(file: str, text: str) -> Iterator[Ignore]:
    lines = _line_break.split(text.removeprefix("\ufeff"))
    inside = None
    for number, line in enumerate(lines, 1):
        found = _comment(line)
        if found is None:
            continue
        inside = _inside_scalars(text) if inside is None else inside
        column = found.start() + 1
        if any(start <= (number, column) < end for start, end in inside):
            continue
        at = Span(file, number, column, number, len(line.rstrip()) + 1)
        first, last = _reach(lines, number, alone=not line[: found.start()].strip())
        yield Ignore(tuple(_code(found[1])), found[2].lstrip(":- \t"), at, first, last)


def _reach(lines: list[str], number: int, *, alone: bool) -> tuple[int, int]:
    if not alone:
        return number, number
    below = next((n for n in range(number + 1, len(lines) + 1) if _has_content(lines[n - 1])), number)
    before = [n for n in range(1, number) if _has_content(lines[n - 1]) or lines[n - 1].startswith("---")]
    if before and not lines[before[-1] - 1].startswith("---"):
        return below, below
    end = next((n for n in range(number + 1, len(lines) + 1) if lines[n - 1].startswith("---")), len(lines) + 1)
    return number, end - 1


def _has_content(line: str) -> bool:
    text = line.strip()
    return bool(text) and not text.startswith("#") and not line.startswith("---")


def _inside_scalars(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where texts begin and end: what looks like a comment there is none."""
    return [
        ((one.start.line + 1, one.start.column + 1), (one.end.line + 1, one.end.column + 1))
        for node in read(text)
        for one in _scalars(node)
    ]


def _scalars(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Sequence():
            for item in node.items:
                yield from _scalars(item)
        case Map():
            for key, value in node.entries.values():
                yield key
                yield from _scalars(value)
