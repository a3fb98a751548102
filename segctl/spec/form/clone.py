"""A copy of one segment's document, under another name. Text in, text out; comments come along."""

from __future__ import annotations

import json
import re

from segctl.spec.form.blocks import MARKERS, MODELINE, above, region
from segctl.spec.node import Mapping, Node, Scalar, text

_bare = re.compile(r"[A-Za-z][\w ()./&+-]*[\w)]").fullmatch
_WORDS = frozenset(("true", "false", "null"))
_LONGEST_TITLE = 200
_SUFFIX = " (copy)"


def cloned(lines: list[str], root: Mapping, name: str, title: str | None) -> str | None:
    """The text of a file with a copy of the document at `root`; its form is not tidied.

    The title gets the words "(copy)" unless another is given. The copy is not protected and was never renamed.
    None if the document is written in braces, where no line is its own.
    """
    first, last = region(lines, root)
    if root.flow or lines[root.start.line].startswith(MARKERS):
        return None
    copy = list(lines[first:last])
    for start, end, text_ in sorted(_edits(lines, root, name, title), reverse=True):
        copy[start - first : end - first] = text_
    if first and lines[0].startswith(MODELINE):
        copy.insert(0, lines[0])
    return "\n".join(copy)


_Edit = tuple[int, int, list[str]]  # from a line up to another, and the lines that stand there instead


def _edits(lines: list[str], root: Mapping, name: str, title: str | None) -> list[_Edit]:
    indent = " " * root.start.column
    edits = [_replaced(lines, root, "name", name)]
    said = title if title is not None else _copied(text(root, "title"))
    if "title" in root.entries and said:
        edits.append(_replaced(lines, root, "title", _written(said)))
    elif said:
        edits.append(
            (
                root.entries["name"][0].start.line,
                root.entries["name"][0].start.line,
                [f"{indent}title: {_written(said)}"],
            )
        )
    if "protected" in root.entries:
        edits.append(_replaced(lines, root, "protected", "false"))
    if "renamed_from" in root.entries:
        edits.append(_removed(lines, root, "renamed_from"))
    return edits


def _copied(title: str) -> str:
    return f"{title[: _LONGEST_TITLE - len(_SUFFIX)]}{_SUFFIX}" if title else ""


def _replaced(lines: list[str], root: Mapping, key: str, value: str) -> _Edit:
    """A key's line with another value. What stood behind the value, such as a comment, stays."""
    word, node = root.entries[key]
    head = lines[word.start.line][: word.end.column]
    end = _end(lines, node)
    rest = lines[node.end.line][node.end.column :] if _on_a_line(node) else ""
    return word.start.line, end, [f"{head}: {value}{rest}"]


def _removed(lines: list[str], root: Mapping, key: str) -> _Edit:
    """A key's lines are gone, and the comments that head it, unless they head the document."""
    word, node = root.entries[key]
    start = word.start.line
    first = next(iter(root.entries))
    while key != first and lines[start - 1].startswith("#"):
        start -= 1
    return start, _end(lines, node), []


def _end(lines: list[str], node: Node) -> int:
    """Past the last line of a value."""
    if _on_a_line(node):
        return node.end.line + 1
    end = node.end.line + (node.end.column > 0)
    return max(above(lines, end), node.start.line + 1)


def _on_a_line(node: Node) -> bool:
    return type(node) is Scalar and node.end.line == node.start.line


def _written(title: str) -> str:
    """A title as YAML, in quotes where it could be something else without."""
    return title if _bare(title) and title.lower() not in _WORDS else json.dumps(title, ensure_ascii=False)
