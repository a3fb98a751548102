"""Finds in a file's YAML what the model has lost: items of lists, values, documents. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segctl.base.span import Span
from segctl.spec.node import Mapping as Map
from segctl.spec.node import Node, Scalar, Sequence
from segctl.spec.page import Page
from segctl.spec.yaml import documents


@dataclass(frozen=True, slots=True)
class Standing:
    """A key with its value and the mapping it stands in; `home` is the list that holds that mapping, if any."""

    key: Scalar
    value: Node
    mapping: Map
    home: Sequence | None
    above: Standing | None

    @property
    def item(self) -> int:
        """Its place in the list. Raises: ValueError without one."""
        if self.home is None:
            raise ValueError(self.key.text)
        return next(place for place, one in enumerate(self.home.items) if one is self.mapping)


def read(source: str) -> list[Node]:
    """The documents of a file that was read before."""
    return documents(Page(""), source.encode())


def standing(nodes: list[Node], at: Span) -> Standing | None:
    """The key that a span points at."""
    for one in entries(nodes):
        start = one.key.start
        if (start.line + 1, start.column + 1) == (at.line, at.column):
            return one
    return None


def entries(nodes: list[Node]) -> Iterator[Standing]:
    """Every key of every mapping."""
    for node in nodes:
        yield from _below(node, None, None)


def _below(node: Node, home: Sequence | None, above: Standing | None) -> Iterator[Standing]:
    if isinstance(node, Map):
        for key, value in node.entries.values():
            one = Standing(key, value, node, home, above)
            yield one
            yield from _below(value, None, one)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _below(item, node, above)


def document_at(nodes: list[Node], name: Span) -> Map | None:
    """The document whose name stands there."""
    for node in nodes:
        if isinstance(node, Map):
            value = node.get("name")
            if isinstance(value, Scalar) and value.start.line + 1 == name.line:
                return node
    return None
