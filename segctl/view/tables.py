"""Lists as a table for people, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from segctl.base.errors import Refused
from segctl.view.data import instant_text, json_text
from segctl.view.safe import safe, safe_csv
from segctl.view.style import PLAIN, Style, painted
from segctl.view.table import Cell, Column, Table
from segctl.view.table_layout import fitting, laid, line

__all__ = ["NARROW", "Column", "Table", "table_csv", "table_json", "table_sorted", "table_text"]

NARROW = 80


def table_text(table: Table, *, width: int | None = NARROW, style: Style = PLAIN) -> str:
    """The table cut to `width`; None for as wide as it is."""
    if not table.rows:
        return f"{safe(table.empty)}\n"
    columns = fitting([laid(table, at) for at in range(len(table.columns))], width)
    titles = line([one.column.title.upper() for one in columns], columns)
    rows = [line(row, columns) for row in zip(*(one.shown for one in columns), strict=True)]
    lines = [painted(titles, style.strong), *rows]
    missing = [one.title for one in table.columns if one not in {shown.column for shown in columns}]
    note = f"Left out: {', '.join(missing)} (--wide)." if missing else ""
    if table.note or note:
        lines += ["", f"{safe(table.note)} {note}".strip()]
    return "\n".join(lines) + "\n"


def table_csv(table: Table) -> str:
    """RFC 4180 with a header, numbers without separators, lists joined by spaces."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([_in_csv(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def table_json(table: Table) -> str:
    """A list of objects, one for each row."""
    keys = [column.key for column in table.columns]
    return json_text([dict(zip(keys, map(_in_json, row), strict=True)) for row in table.rows])


def table_sorted(table: Table, key: str) -> Table:
    """By one column, `-key` for the greatest first; equal rows keep their order, and what is missing comes last.

    Raises: Refused, for a column that the table does not have.
    """
    name = key.removeprefix("-")
    keys = [column.key for column in table.columns]
    if name not in keys:
        raise Refused(f"There is no column `{name}`.", f"Columns are {', '.join(keys)}.")
    at = keys.index(name)
    known = [row for row in table.rows if row[at] is not None]
    missing = [row for row in table.rows if row[at] is None]
    known.sort(key=lambda row: _order(row[at]), reverse=key.startswith("-"))
    return replace(table, rows=(*known, *missing))


def _order(cell: Cell) -> Any:
    return cell.casefold() if isinstance(cell, str) else cell


def _in_csv(cell: Cell) -> str | float | None:
    match cell:
        case bool() | datetime() | date():
            return str(_in_json(cell)).lower() if isinstance(cell, bool) else str(_in_json(cell))
        case Decimal():
            return f"{cell:f}"
        case tuple():
            return safe_csv(" ".join(cell))
        case str():
            return safe_csv(cell)
        case _:
            return cell


def _in_json(cell: Cell) -> Any:
    match cell:
        case datetime():
            return instant_text(cell)
        case date():
            return cell.isoformat()
        case tuple():
            return list(cell)
        case Decimal():
            return f"{cell:f}"
        case _:
            return cell
