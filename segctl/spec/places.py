"""Where the parts of the catalog stand in its file, for those who compare it with something else. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from segctl.base.source import Source
from segctl.base.span import Span
from segctl.spec.node import Mapping, Node, Scalar, span, text
from segctl.spec.page import Page
from segctl.spec.yaml import documents


@dataclass(frozen=True, slots=True)
class Places:
    """The catalog's document in its file. A path is the keys that lead to a part of it."""

    file: str
    node: Mapping

    def at(self, *path: str) -> Span:
        """Under the value at a path if it is a single one, else under the last key that is there."""
        key, value = self._entry(path)
        return span(self.file, value if type(value) is Scalar else key)

    def key(self, *path: str) -> Span:
        """Under the last key of a path that is there."""
        return span(self.file, self._entry(path)[0])

    def text(self, *path: str) -> str:
        """The text at a path; empty if there is none."""
        value = self._entry(path)[1]
        return value.text if type(value) is Scalar else ""

    def _entry(self, path: tuple[str, ...]) -> tuple[Scalar, Node | None]:
        """The last key that is there, with its value if it ends the path."""
        key, value = self.node.entries["kind"][0], None
        found: Node = self.node
        for name in path:
            if type(found) is not Mapping or name not in found.entries:
                return key, None
            key, found = found.entries[name]
            value = found
        return key, value


def catalog_places(sources: Iterable[Source]) -> Places | None:
    """The places of a project's one catalog; None if no file holds one."""
    for source in sources:
        if b"Catalog" not in source.data and b"\\" not in source.data:
            continue
        for node in documents(Page(source.file), source.data):
            if type(node) is Mapping and text(node, "kind") == "Catalog":
                return Places(source.file, node)
    return None
