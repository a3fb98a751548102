"""Small edits of a YAML text by the places of its nodes; everything around stays as it was, comments too. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from segctl.lint.places import Standing
from segctl.spec.node import Mark, Node, Scalar, Sequence

_line = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_comment = re.compile(r"(?:^|(?<=[ \t]))#.*")


class Text:
    """A text and where its lines begin."""

    __slots__ = ("starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [found.start() for found in _line.finditer(text)]

    def offset(self, mark: Mark) -> int:
        """The place of a mark."""
        return self.starts[mark.line] + mark.column if mark.line < len(self.starts) else len(self.text)

    def line(self, number: int) -> str:
        """A line without its end, counted from 0."""
        return self.text[self.starts[number] : self.line_end(number)].rstrip("\r\n")

    def line_end(self, number: int) -> int:
        """Where the next line begins."""
        return self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)

    def replaced(self, start: int, end: int, by: str) -> str:
        return self.text[:start] + by + self.text[end:]


def without_item(text: str, items: Sequence, place: int) -> str | None:
    """The text without one item of a list; None where that is not done by taking out lines or a piece of one."""
    if len(items.items) == 1:
        return None
    source, item = Text(text), items.items[place]
    if items.flow:
        if place + 1 < len(items.items):
            return source.replaced(source.offset(item.start), source.offset(items.items[place + 1].start), "")
        return source.replaced(_end(source, items.items[place - 1]), _end(source, item), "")
    first = item.start.line
    if source.line(first)[: item.start.column].strip() != "-":
        return None
    return source.replaced(source.starts[first], source.line_end(_last_line(item)), "")


def unwrapped(text: str, group: Standing) -> str | None:
    """The text with a group's only part in its place; comments between the two go above it."""
    source, mapping = Text(text), group.mapping
    if not isinstance(group.value, Sequence) or len(group.value.items) != 1 or len(mapping.entries) != 1:
        return None
    part = group.value.items[0]
    start, end = source.offset(mapping.start), _end(source, part)
    inner = text[source.offset(part.start) : end]
    if mapping.flow:
        if not inner.startswith("{"):
            inner = f"{{{inner}}}"
        return source.replaced(start, source.offset(mapping.end), inner)
    between = text[start : source.offset(part.start)]
    if text[end : source.line_end(_last_line(part))].strip() == "]":
        end = source.offset(group.value.end)
        inner = inner if inner.startswith("{") else f"{{{inner}}}"
    margin = " " * mapping.start.column
    shift = part.start.column - mapping.start.column
    lines = [
        line if at == 0 else _dedented(line, shift) for at, line in enumerate(inner.splitlines(keepends=True))
    ]
    notes = [found[0].rstrip() for line in between.splitlines() if (found := _comment.search(line))]
    above = "".join(f"{note}\n{margin}" for note in notes)
    return source.replaced(start, end, above + "".join(lines))


def replaced_scalar(text: str, scalar: Scalar, by: str) -> str:
    """The text with other words in the place of a key or value, which stands as it is written here."""
    source = Text(text)
    return source.replaced(source.offset(scalar.start), source.offset(scalar.end), by)


def written(text: str, scalar: Scalar) -> str:
    """A scalar as its author wrote it, with its quotes."""
    source = Text(text)
    return text[source.offset(scalar.start) : source.offset(scalar.end)]


def without_comment(text: str, line: int, column: int) -> str:
    """The text without a comment; of a line of its own nothing stays. Line and column count from 1."""
    source = Text(text)
    before = source.line(line - 1)[: column - 1]
    start = source.starts[line - 1]
    if not before.strip():
        return source.replaced(start, source.line_end(line - 1), "")
    return source.replaced(start + len(before.rstrip()), start + len(source.line(line - 1)), "")


def _dedented(line: str, shift: int) -> str:
    return line[shift:] if not line[:shift].strip() else line.lstrip(" ")


def _end(source: Text, node: Node) -> int:
    """Where its content ends; the end that libyaml tells of a block is where the next one begins."""
    return max((source.offset(mark) for mark in _ends(node)), default=source.offset(node.end))


def _last_line(node: Node) -> int:
    return max((mark.line for mark in _ends(node)), default=node.start.line)


def _ends(node: Node) -> Iterator[Mark]:
    if isinstance(node, Scalar):
        yield node.end
        return
    if node.flow:
        yield node.end
    children = (
        node.items if isinstance(node, Sequence) else [one for pair in node.entries.values() for one in pair]
    )
    for child in children:
        yield from _ends(child)
