"""What YAML is made of, with its places. Plain data: nothing is interpreted here.

These are slotted classes instead of frozen dataclasses because a project has tens of thousands of them.
"""

from __future__ import annotations

from typing import Protocol, final

from segctl.base.span import Span


class Mark(Protocol):
    """A place in a text; line and column count from 0."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@final
class Scalar:
    """A text as it was written. `plain` says that no quotes stood around it."""

    __slots__ = ("end", "plain", "start", "text")

    def __init__(self, text: str, plain: bool, start: Mark, end: Mark) -> None:  # noqa: FBT001 - a hot path
        self.text = text
        self.plain = plain
        self.start = start
        self.end = end


@final
class Sequence:
    """A list. `flow` says that it was written in brackets."""

    __slots__ = ("end", "flow", "items", "start")

    def __init__(self, items: list[Node], flow: bool, start: Mark, end: Mark) -> None:  # noqa: FBT001 - a hot path
        self.items = items
        self.flow = flow
        self.start = start
        self.end = end


@final
class Mapping:
    """Keys with their values, by the text of the key. `flow` says that it was written in braces."""

    __slots__ = ("end", "entries", "flow", "start")

    def __init__(self, entries: dict[str, Entry], flow: bool, start: Mark, end: Mark) -> None:  # noqa: FBT001 - a hot path
        self.entries = entries
        self.flow = flow
        self.start = start
        self.end = end

    def get(self, key: str) -> Node | None:
        """The value under `key`."""
        entry = self.entries.get(key)
        return None if entry is None else entry[1]


Node = Scalar | Sequence | Mapping
Entry = tuple[Scalar, Node]


def span(file: str, node: Node) -> Span:
    """Where a node stands. Of a block that spans lines: its first key, or its first dash. Never empty."""
    start, end = node.start, node.end
    if type(node) is Scalar and not node.text and node.plain:
        return Span(file, start.line + 1, start.column + 1, start.line + 1, start.column + 2)
    if type(node) is Mapping and not node.flow and node.entries:
        end = next(iter(node.entries.values()))[0].end
    elif type(node) is Sequence and not node.flow:
        return Span(file, start.line + 1, start.column + 1, start.line + 1, start.column + 2)
    return Span(file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def text(node: Mapping, key: str, default: str = "") -> str:
    """The text under `key`; the default if there is none."""
    value = node.get(key)
    return value.text if type(value) is Scalar else default


def texts(node: Mapping, key: str) -> tuple[str, ...]:
    """The texts of a list without repeats; empty if there is no list."""
    value = node.get(key)
    if type(value) is not Sequence:
        return ()
    return tuple(dict.fromkeys(item.text for item in value.items if type(item) is Scalar))
