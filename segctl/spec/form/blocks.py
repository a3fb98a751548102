"""The keys at the top of a document in their order, each with the lines that belong to it, comments too."""

from __future__ import annotations

from segctl.spec.form.order import in_order
from segctl.spec.node import Mapping, text

MODELINE = "# yaml-language-server:"
MARKERS = ("---", "...")


def is_ordered(root: Mapping) -> bool:
    """Do the keys stand in their order?"""
    keys = list(root.entries)
    return in_order(text(root, "kind"), keys) == keys


def ordered(lines: list[str], root: Mapping) -> list[str]:
    """The lines of a document with its keys in order. `lines` begin at the first line of its file.

    What stands above a key without a deeper indentation heads it. What heads the first key stays at the top, down
    to the last empty line or the line that leads editors to a schema; all of it, if that key is `kind`.
    """
    keys = list(root.entries)
    starts = [root.entries[key][0].start.line for key in keys]
    first, end = above(lines, starts[0]), _end(lines, starts[-1])
    top = _top(lines[first : starts[0]], keys[0])
    begins = [first + top, *(above(lines, start) for start in starts[1:]), end]
    blocks = {key: lines[begins[place] : begins[place + 1]] for place, key in enumerate(keys)}
    moved = [line for key in in_order(text(root, "kind"), keys) for line in blocks[key]]
    while moved and not moved[0]:
        del moved[0]
    return [*lines[: first + top], *moved, *lines[end:]]


def region(lines: list[str], root: Mapping) -> tuple[int, int]:
    """The lines of a document, without the markers around it."""
    markers = [number for number, line in enumerate(lines) if line.startswith(MARKERS)]
    first = max((number + 1 for number in markers if number < root.start.line), default=0)
    return first, min((number for number in markers if number > root.start.line), default=len(lines))


def above(lines: list[str], start: int) -> int:
    """The first of the empty lines and comments that stand right above a line."""
    while start > 0 and (not lines[start - 1] or lines[start - 1].startswith("#")):
        start -= 1
    return start


def _end(lines: list[str], last: int) -> int:
    """Past the last line of the document's content; comments at its end belong to no key."""
    end = next((n for n in range(last + 1, len(lines)) if lines[n].startswith(MARKERS)), len(lines))
    return above(lines, end)


def _top(head: list[str], key: str) -> int:
    """How many of the lines above the first key stay where they are."""
    if key == "kind":
        return len(head)
    stays = [n + 1 for n, line in enumerate(head) if not line or line.startswith(MODELINE)]
    return max(stays, default=0)
