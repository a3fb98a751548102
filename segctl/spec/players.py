"""`players_file:` → the list that its side file holds. Reads no disk: who calls brings the lists."""

from __future__ import annotations

from collections.abc import Callable

from segctl.base.source import ListSource, Unreadable
from segctl.spec.node import Node, Scalar
from segctl.spec.page import Page, shown

# A name below the project's root, with `/` between folders → the list, or why it cannot be read.
Lists = Callable[[str], ListSource | Unreadable]


def read_players_file(page: Page, node: Node, lists: Lists) -> ListSource | None:
    """The list that a document names, seen from the document's folder."""
    if type(node) is not Scalar:
        return None
    name = _below_root(page.file, node.text)
    if name is None:
        detail = f"{shown(node.text)} is not a path below the project's folder."
        page.mistake("SEG012", node, detail, "Write it from this document's folder, with `/`: `../lists/vip.csv`.")
        return None
    found = lists(name)
    if isinstance(found, Unreadable):
        page.mistake("SEG012", node, found.detail, *found.help)
        return None
    return found


def _below_root(document: str, path: str) -> str | None:
    if path.startswith("/") or "\\" in path or ":" in path:
        return None
    steps = document.split("/")[:-1]
    for step in path.split("/"):
        if step == "..":
            if not steps:
                return None
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps) or None
