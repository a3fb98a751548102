"""Lists and mappings in brackets, on one line: `[a, b]`, `{gte: 1}`."""

from __future__ import annotations

from segctl.spec.node import Mapping, Node, Scalar


class _Odd(Exception):  # noqa: N818 - it only leaves the tree
    """Something in it is not written in the usual way, so all of it stays as it is."""


def tidy(line: str, node: Node) -> str:
    """The text of a node of one line: no space inside the brackets, one after `,` and `:`."""
    try:
        return _written(line, node)
    except _Odd:
        return line[node.start.column : node.end.column]


def _written(line: str, node: Node) -> str:
    text = line[node.start.column : node.end.column]
    if type(node) is Scalar:
        if not text:
            raise _Odd
        return text
    if type(node) is Mapping:
        if not text.startswith("{"):
            raise _Odd
        pairs = (f"{_written(line, key)}: {_written(line, value)}" for key, value in node.entries.values())
        return f"{{{', '.join(pairs)}}}"
    return f"[{', '.join(_written(line, item) for item in node.items)}]"
