"""Where a document names a player: the lines, never the text. Reads no disk."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.source import Source
from segctl.base.words import word_lines
from segctl.spec.node import Mapping, Node, Scalar, Sequence
from segctl.spec.page import Page
from segctl.spec.yaml import documents


def naming_lines(source: Source, player_id: str) -> list[int]:
    """The lines, from 1, on which a YAML file has the id: as a value or a key, or as a word, in comments too.

    An id of digits alone counts only as a whole value: in a rule it would be any number.
    """
    found = {mark for node in documents(Page(source.file), source.data) for mark in _scalars(node, player_id)}
    if not player_id.isdigit():
        found |= word_lines(player_id, source.data.decode("utf-8", "replace"))
    return sorted(found)


def _scalars(node: Node, player_id: str) -> Iterator[int]:
    if type(node) is Scalar:
        if node.text == player_id:
            yield node.start.line + 1
    elif type(node) is Sequence:
        for item in node.items:
            yield from _scalars(item, player_id)
    elif type(node) is Mapping:
        for key, value in node.entries.values():
            yield from _scalars(key, player_id)
            yield from _scalars(value, player_id)
