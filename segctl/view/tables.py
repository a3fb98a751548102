"""Lists of anything, as a table for people, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from segctl.base.errors import Refused
from segctl.view.data import json_text
from segctl.view.figures import count
from segctl.view.safe import safe, safe_csv
from segctl.view.style import PLAIN, Style, painted
from segctl.view.width import cells, left, right

NARROW = 80
_GAP = "  "
_LEAST = 5

Cell = str | int | float | bool | date | datetime | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names it in CSV, JSON and `--sort`. One that `stays` is cut only when the others cannot be.

    Instants of a `brief` one give up their time of day where room is short.
    """

    key: str
    title: str
    stays: bool = False
    least: int = _LEAST
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in their order; `empty` is what to say when there are none, `note` what to say below them."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "Nothing to list."
    note: str = ""


def table_text(table: Table, *, width: int | None = NARROW, style: Style = PLAIN) -> str:
    """The table cut to `width`; None for as wide as it is."""
    if not table.rows:
        return f"{safe(table.empty)}\n"
    shown = _cells(table, brief=False)
    if width is not None and _room(table, shown) > width:
        shown = _cells(table, brief=True)
    numeric = [_is_numeric([row[at] for row in table.rows]) for at in range(len(table.columns))]
    widths = _widths(table, shown, width)
    titles = _line([column.title.upper() for column in table.columns], widths, numeric)
    lines = [painted(titles, style.strong), *(_line(row, widths, numeric) for row in shown)]
    if table.note:
        lines += ["", safe(table.note)]
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


def _cells(table: Table, *, brief: bool) -> list[list[str]]:
    return [
        [
            _day(cell) if brief and column.brief else _shown(cell)
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]


def _day(cell: Cell) -> str:
    return f"{cell.astimezone(UTC):%Y-%m-%d}" if isinstance(cell, datetime) else _shown(cell)


def _longest(table: Table, shown: Sequence[Sequence[str]]) -> list[int]:
    return [
        max(cells(column.title), *(cells(row[at]) for row in shown)) for at, column in enumerate(table.columns)
    ]


def _room(table: Table, shown: Sequence[Sequence[str]]) -> int:
    """The width of the table uncut."""
    widths = _longest(table, shown)
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case int():
            return count(cell)
        case datetime():
            return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case tuple():
            return safe(", ".join(cell))
        case _:
            return safe(str(cell))


def _in_csv(cell: Cell) -> str | float | None:
    match cell:
        case bool() | datetime() | date():
            return str(_in_json(cell)).lower() if isinstance(cell, bool) else str(_in_json(cell))
        case tuple():
            return safe_csv(" ".join(cell))
        case str():
            return safe_csv(cell)
        case _:
            return cell


def _in_json(cell: Cell) -> Any:
    match cell:
        case datetime():
            return cell.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        case date():
            return cell.isoformat()
        case tuple():
            return list(cell)
        case _:
            return cell


def _is_numeric(column: Sequence[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)) for cell in column)


def _is_text(column: Sequence[Cell]) -> bool:
    return any(isinstance(cell, str | tuple) for cell in column)


def _widths(table: Table, shown: Sequence[Sequence[str]], width: int | None) -> list[int]:
    """As wide as the longest cell; when that is too much, the widest text gives way, again and again.

    Numbers and dates are never cut: a part of one is another one.
    """
    columns = table.columns
    widths = _longest(table, shown)
    if width is None:
        return widths
    texts = [at for at in range(len(columns)) if _is_text([row[at] for row in table.rows])]
    excess = _room(table, shown) - width
    for staying in (False, True):
        excess = _narrowed(
            widths, excess, {at: columns[at].least for at in texts if staying or not columns[at].stays}
        )
    return widths


def _narrowed(widths: list[int], excess: int, leasts: dict[int, int]) -> int:
    """Takes from the widest of some columns, and returns what is left to take."""
    while excess > 0:
        gives = [at for at, least in leasts.items() if widths[at] > least]
        if not gives:
            return excess
        widths[max(gives, key=lambda at: widths[at])] -= 1
        excess -= 1
    return 0


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    parts = [
        (right if number else left)(cell, width) for cell, width, number in zip(row, widths, numeric, strict=True)
    ]
    return _GAP.join(parts).rstrip()
