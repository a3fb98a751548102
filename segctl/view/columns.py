"""The lines of a plan set in columns: names, what they are, and numbers, as wide as they need and no wider."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from segctl.view.change import Row
from segctl.view.figures import count, moved
from segctl.view.safe import safe
from segctl.view.style import Style, painted
from segctl.view.width import cells, cut, left

_SYMBOL = 3
_ARROW = " → "
_LEAST_WHAT = 32
_LEAST_NAME = 24
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Layout:
    """The width of each column. A name that is longer than its column stands on a line of its own.

    `whole` is what all columns after the name have together.
    """

    name: int
    what: int
    whole: int
    before: int
    after: int

    @classmethod
    def of(cls, rows: Sequence[Row], width: int) -> Layout:
        """The columns that fit `width`: names give way last."""
        before = max((len(count(row.impact.before)) for row in rows if row.impact and not row.added), default=0)
        after = max((len(count(row.impact.after)) for row in rows if row.impact), default=0)
        tail = max((len(_tail(row)) for row in rows), default=0)
        numbers = (before + len(_ARROW) if before else 0) + after + tail
        room = width - _SYMBOL - 1 - (numbers + len(_GAP) if numbers else 0) - len(_GAP)
        names = max((cells(safe(row.name)) for row in rows), default=0)
        whats = max((cells(safe(row.what)) for row in rows), default=0)
        name = min(names, max(room - min(whats, _LEAST_WHAT), _LEAST_NAME))
        what = min(whats, max(room - name, 1))
        return cls(name, what, width - _SYMBOL - 1 - name - len(_GAP), before, after)


def shown_row(row: Row, layout: Layout, style: Style) -> Iterator[str]:
    """The line of one object, or two when its name is long."""
    how = {"+": style.added, "-": style.removed}.get(row.symbol, style.changed)
    symbol = painted(f"{row.symbol:>{_SYMBOL}}", how)
    name = safe(row.name)
    if cells(name) > layout.name:
        yield f"{symbol} {name}"
        symbol, name = " " * _SYMBOL, ""
    line = f"{symbol} {left(name, layout.name)}{_GAP}{_what_and_numbers(row, layout)}"
    yield line.rstrip()


def _what_and_numbers(row: Row, layout: Layout) -> str:
    numbers = _numbers(row, layout)
    what = safe(row.what)
    return f"{left(what, layout.what)}{_GAP}{numbers}" if numbers else cut(what, layout.whole)


def _numbers(row: Row, layout: Layout) -> str:
    """Before → after, and who joins and leaves. What is created has no before."""
    impact = row.impact
    if impact is None:
        return ""
    before = f"{count(impact.before):>{layout.before}}{_ARROW}" if layout.before else ""
    if row.added:
        before = " " * len(before)
    return f"{before}{count(impact.after):>{layout.after}}{_tail(row)}"


def _tail(row: Row) -> str:
    if row.impact is None or row.gone:
        return ""
    if row.added:
        return " player " if row.impact.after == 1 else " players"
    moves = row.impact.joining or row.impact.leaving
    return f"{_GAP}({moved(row.impact.joining, row.impact.leaving)})" if moves else ""
