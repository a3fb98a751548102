"""Where each line of a text belongs: a tree of nodes with their places → how the lines change.

Only white space changes: two spaces a level, list dashes indented below their key, one space after `:` and `-`.
What stands in quotes, in block texts and in brackets over several lines moves as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from segctl.spec.form.brackets import tidy
from segctl.spec.node import Mapping, Node, Scalar, Sequence

STEP = 2
_colon = re.compile(r"[ \t]*:[ \t]*").fullmatch
_ends_key = re.compile(r"[ \t]*:[ \t]*(#.*)?").fullmatch
_unusual_head = re.compile(r"[|>](?:[-+]?[1-9]|\+)").match


class Unusual(Exception):  # noqa: N818 - a document that is left as it is
    """The document uses a form of YAML that has no place in the layout, such as `? key`."""


@dataclass(slots=True)
class Layout:
    """What is known of each line, by its number from 0.

    `tokens` are the dashes and the first content of a line: old column and new. `edits` replace text in it: start,
    end, new text. `moved` are lines inside a value: old columns that are cut and new ones that are put in their
    place. `kept` lines are inside a quoted text, where spaces at the end may count. `blocks` are the last lines of
    block texts with the new column of their key: a comment below may not stand deeper, or it would become text.
    """

    lines: list[str]
    tokens: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    edits: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)
    moved: dict[int, tuple[int, int]] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    blocks: dict[int, int] = field(default_factory=dict)


def lay_out(layout: Layout, root: Mapping) -> None:
    """Notes the places of a document whose root is a block. Raises: Unusual."""
    _mapping(layout, root, 0)


def _mapping(layout: Layout, node: Mapping, column: int) -> None:
    for key, value in node.entries.values():
        if key.start.line != key.end.line:
            raise Unusual
        _place(layout, key.start.line, key.start.column, column)
        _after_key(layout, key, value)
        _value(layout, value, (key.start.line, key.start.column), column)


def _after_key(layout: Layout, key: Scalar, value: Node) -> None:
    line = layout.lines[key.end.line]
    empty = type(value) is Scalar and value.plain and not value.text
    if value.start.line == key.end.line and not empty:
        between = line[key.end.column : value.start.column]
        if not _colon(between):
            raise Unusual
        _edit(layout, key.end.line, key.end.column, value.start.column, ": ")
        return
    found = _ends_key(line[key.end.column :])
    if not found:
        raise Unusual
    _edit(layout, key.end.line, key.end.column, key.end.column + line[key.end.column :].index(":") + 1, ":")


def _sequence(layout: Layout, node: Sequence, column: int) -> None:
    old = node.start.column
    for item in node.items:
        number = _dash(layout, item, old)
        _place(layout, number, old, column)
        rest = layout.lines[number][old + 1 :]
        if rest.strip() and not rest.lstrip().startswith("#"):
            _place(layout, number, old + 1 + len(rest) - len(rest.lstrip()), column + STEP)
        _value(layout, item, (number, old), column)


def _dash(layout: Layout, item: Node, column: int) -> int:
    """The line of an item's dash, which is the item's own or one above it."""
    for number in range(item.start.line, -1, -1):
        line = layout.lines[number]
        if line[column : column + 1] == "-" and not line[:column].strip(" -"):
            return number
    raise Unusual


def _value(layout: Layout, node: Node, parent: tuple[int, int], column: int) -> None:
    """A value of a key or a list. Its parent stood at a line and column, and begins at `column` now."""
    if type(node) is Scalar:
        _scalar(layout, node, parent, column)
    elif node.flow:
        _flow(layout, node, parent, column)
    elif type(node) is Mapping:
        _mapping(layout, node, column + STEP)
    elif type(node) is Sequence:
        _sequence(layout, node, column + STEP)


def _scalar(layout: Layout, node: Scalar, parent: tuple[int, int], column: int) -> None:
    line = layout.lines[node.start.line]
    sign = line[node.start.column : node.start.column + 1]
    if node.plain and not node.text:
        return
    if node.start.line != parent[0]:
        _place(layout, node.start.line, node.start.column, column + STEP)
    if not node.plain and sign in "|>":
        _block_text(layout, node, parent, column)
        return
    for number in range(node.start.line + 1, node.end.line + 1):
        text = layout.lines[number]
        if text.strip():
            layout.moved[number] = (len(text) - len(text.lstrip(" \t")), column + STEP)
        if not node.plain and number < node.end.line:
            layout.kept.add(number)
    if not node.plain and node.end.line > node.start.line:
        layout.kept.add(node.start.line)


def _block_text(layout: Layout, node: Scalar, parent: tuple[int, int], column: int) -> None:
    """The lines below `|` or `>`. There a number fixes their column, and `+` keeps empty lines at the end."""
    if _unusual_head(layout.lines[node.start.line][node.start.column :]):
        raise Unusual
    first = node.start.line + 1
    filled = next((line for line in layout.lines[first:] if line.strip()), "")
    old = len(filled) - len(filled.lstrip(" "))
    if old <= parent[1]:  # the text is empty
        return
    end = _end_of_block(layout.lines, first, old)
    layout.blocks[end - 1] = column
    for number in range(first, end):
        layout.moved[number] = (old, column + STEP)
        layout.kept.add(number)


def _end_of_block(lines: list[str], first: int, column: int) -> int:
    """Past the last line of a block text at a column. A line of nothing but more spaces belongs to it."""
    last = first
    for number in range(first, len(lines)):
        text = lines[number]
        if text.strip() and len(text) - len(text.lstrip(" ")) < column:
            break
        if text.strip() or len(text) > column:
            last = number + 1
    return last


def _flow(layout: Layout, node: Mapping | Sequence, parent: tuple[int, int], column: int) -> None:
    start, end = node.start, node.end
    if start.line != parent[0]:
        _place(layout, start.line, start.column, column + STEP)
    if start.line == end.line:
        _edit(layout, start.line, start.column, end.column, tidy(layout.lines[start.line], node))
        return
    for number in range(start.line + 1, end.line + 1):
        text = layout.lines[number]
        if text.strip():
            old = len(text) - len(text.lstrip(" \t"))
            layout.moved[number] = (old, max(old + column - parent[1], column + STEP))
            layout.kept.add(number)
    layout.kept.add(start.line)


def _place(layout: Layout, number: int, old: int, new: int) -> None:
    tokens = layout.tokens.setdefault(number, [])
    if (old, new) not in tokens:
        tokens.append((old, new))


def _edit(layout: Layout, number: int, start: int, end: int, text: str) -> None:
    if layout.lines[number][start:end] != text:
        layout.edits.setdefault(number, []).append((start, end, text))
