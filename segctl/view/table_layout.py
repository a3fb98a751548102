"""A table's cells as people are shown them, in columns that fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from segctl.view.figures import count, day, elapsed, number, short
from segctl.view.safe import safe
from segctl.view.table import Cell, Column, Form, Table
from segctl.view.width import cells, left, right

_GAP = "  "


@dataclass(slots=True)
class Laid:
    """A column with its cells as they are shown, and the width it has so far."""

    column: Column
    shown: Sequence[str]
    numeric: bool
    width: int
    least: int


def laid(table: Table, at: int) -> Laid:
    """As wide as its longest cell. Numbers and dates are never cut: a part of one is another one."""
    column, raw = table.columns[at], [row[at] for row in table.rows]
    shown = [_shown(cell, column.form) for cell in raw]
    numeric = all(
        cell is None or (isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)) for cell in raw
    )
    width = max(cells(column.title), *map(cells, shown))
    text = any(isinstance(cell, str | tuple) for cell in raw)
    return Laid(column, shown, numeric, width, min(column.least, width) if text else width)


def fitting(columns: list[Laid], width: int | None) -> list[Laid]:
    """Leaves columns out and narrows the others, the widest first, until they fit or cannot."""
    if width is None:
        return columns
    optional = [one for one in columns if one.column.optional]
    while optional and _total([one.least for one in columns]) > width:
        columns = [one for one in columns if one is not optional[-1]]
        optional.pop()
    excess = _total([one.width for one in columns]) - width
    for staying in (False, True):
        excess = _narrowed([one for one in columns if staying or not one.column.stays], excess)
    return columns


def _narrowed(columns: Sequence[Laid], excess: int) -> int:
    """Takes from the widest, again and again, and returns what is left to take."""
    while excess > 0:
        gives = [one for one in columns if one.width > one.least]
        if not gives:
            return excess
        max(gives, key=lambda one: one.width).width -= 1
        excess -= 1
    return 0


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def line(row: Sequence[str], columns: Sequence[Laid]) -> str:
    """One row set in its columns, numbers to the right."""
    parts = [(right if one.numeric else left)(cell, one.width) for cell, one in zip(row, columns, strict=True)]
    return _GAP.join(parts).rstrip()


def _shown(cell: Cell, form: Form) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case int():
            return _integer(cell, form)
        case Decimal():
            return number(cell)
        case datetime():
            return day(cell) if form == "day" else f"{cell.astimezone(UTC):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case tuple():
            return safe(", ".join(cell))
        case _:
            return safe(short(str(cell)) if form == "digest" else str(cell))


def _integer(cell: int, form: Form) -> str:
    if form == "elapsed":
        return elapsed(cell)
    return str(cell) if form == "plain" else count(cell)
