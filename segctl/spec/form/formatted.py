"""A document file in its one form, and proof that nothing but its form has changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence as Many

from segctl.spec.form.blocks import MARKERS, is_ordered, ordered
from segctl.spec.form.layout import Layout, Unusual, lay_out
from segctl.spec.form.rewrite import rewritten
from segctl.spec.node import Mapping, Node, Scalar, Sequence
from segctl.spec.page import Page
from segctl.spec.yaml import documents

_line_breaks = re.compile(r"\r\n?").sub


class Changed(Exception):  # noqa: N818 - a bug of segctl, on its way to whoever says so
    """Formatting would have changed more than the form."""


def formatted(page: Page, data: bytes) -> str | None:
    """The file's text in its one form; None if it cannot be read, and the page says why. Raises: Changed.

    Lines end with a line feed, and a leading byte order mark is dropped. A document that is written in braces, or
    in a way that the layout does not know, stays as it is.
    """
    roots = documents(page, data)
    if page.mistakes or not roots:
        return None
    before = data.decode("utf-8-sig")
    lines = _line_breaks("\n", before).split("\n")
    layouts = [_layout(lines, root) for root in roots]
    text = "\n".join(rewritten(_joined(lines, roots, layouts)))
    out_of_order = [
        place
        for place, root in enumerate(roots)
        if layouts[place] is not None and type(root) is Mapping and not is_ordered(root)
    ]
    if out_of_order:
        text = _reordered(page, text, out_of_order)
    text = text.lstrip("\n") if layouts[-1] is None else text.strip("\n") + "\n"
    if text != before and not _same(page, before, roots, text):
        raise Changed
    return text


def _layout(lines: list[str], root: Node) -> Layout | None:
    """Where the lines of a document belong; None if it stays as it is."""
    if type(root) is not Mapping or root.flow or lines[root.start.line].startswith(MARKERS):
        return None
    layout = Layout(lines)
    try:
        lay_out(layout, root)
    except Unusual:
        return None
    return layout


def _joined(lines: list[str], roots: Many[Node], layouts: Many[Layout | None]) -> Layout:
    """The layout of a whole file."""
    whole = Layout(lines)
    ends = [*(root.start.line for root in roots[1:]), len(lines)]
    for root, layout, end in zip(roots, layouts, ends, strict=True):
        if layout is None:
            whole.kept.update(range(root.start.line, end))
            whole.moved.update(dict.fromkeys(range(root.start.line, end), (0, 0)))
        else:
            whole.tokens.update(layout.tokens)
            whole.edits.update(layout.edits)
            whole.moved.update(layout.moved)
            whole.blocks.update(layout.blocks)
            whole.kept |= layout.kept
    return whole


def _reordered(page: Page, text: str, places: Many[int]) -> str:
    """Document by document, from the last, so that the places of those before it stay."""
    lines = text.split("\n")
    roots = documents(Page(page.file), text.encode())
    for place in reversed(places):
        root = roots[place]
        if type(root) is Mapping:
            lines = ordered(lines, root)
    return "\n".join(lines)


def _same(page: Page, before: str, roots: Many[Node], text: str) -> bool:
    """Do both texts say the same, with the same signs?"""
    again = documents(Page(page.file), text.encode())
    first, second = (Counter("".join(one.split())) for one in (before, text))
    return first == second and [_top(root) for root in roots] == [_top(root) for root in again]


def _top(node: Node) -> object:
    """What a document says, whatever the order of its keys."""
    return (
        {key: _said(value) for key, (_, value) in node.entries.items()} if type(node) is Mapping else _said(node)
    )


def _said(node: Node) -> object:
    """What a node says: texts, whether they stand in quotes, and the order of everything."""
    match node:
        case Scalar():
            return node.plain, node.text
        case Sequence():
            return [_said(item) for item in node.items]
        case Mapping():
            return [(key, _said(value)) for key, (_, value) in node.entries.items()]
