"""The list of a catalog's fields, under the headings of their groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from segctl.view.data import json_text
from segctl.view.figures import counted
from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted
from segctl.view.table import Cell, Column, Table
from segctl.view.table_layout import fitting, laid, line
from segctl.view.tables import NARROW
from segctl.view.width import wrapped

_COLUMNS = (
    Column("name", "field", stays=True, least=20),
    Column("type", "type", least=8),
    Column("unit", "unit", least=6),
    Column("title", "title", least=16),
)
_MORE = (
    Column("narrowed", "narrowed by", least=12),
    Column("values", "values", least=12),
    Column("operators", "operators", least=12),
)
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field: an `attribute`, `metric` or `score`. `money` says that it has the variants real, bonus, both."""

    name: str
    group: str
    title: str
    description: str
    kind: str
    type: str
    unit: str
    operators: tuple[str, ...]
    values: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    money: bool = False
    pii: bool = False


def fields_text(rows: Sequence[FieldRow], *, width: int | None = NARROW, style: Style = PLAIN) -> str:
    """One line a field below its group, and last the operators of each type. Without a `width`, all columns."""
    if not rows:
        return "The catalog has no fields.\n"
    columns = _COLUMNS if width is not None else (*_COLUMNS, *_MORE)
    table = Table(columns, tuple(_cells(row)[: len(columns)] for row in rows))
    room = None if width is None else width - len(_INDENT)
    shown = fitting([laid(table, at) for at in range(len(columns))], room)
    lines = [painted(_INDENT + line([one.column.title.upper() for one in shown], shown), style.strong)]
    told = iter(zip(*(one.shown for one in shown), strict=True))
    for group, some in groupby(rows, key=lambda row: row.group):
        lines.append(painted(safe(group) or "Without a group", style.strong))
        lines += [f"{_INDENT}{line(next(told), shown)}" for _ in some]
    if width is not None:  # the wide list has them in a column
        lines += ["", *_operators(rows, width)]
    lines += ["", f"{counted(len(rows), 'field')}.  (segctl catalog show FIELD)"]
    return "\n".join(lines) + "\n"


def fields_table(rows: Iterable[FieldRow]) -> Table:
    """The same for CSV: one row a field."""
    columns = (Column("group", "group"), *_COLUMNS, *_MORE)
    return Table(columns, tuple((row.group, *_cells(row)) for row in rows))


def fields_json(rows: Iterable[FieldRow]) -> str:
    """The same for programs."""
    return json_text([field_data(row) for row in rows])


def field_data(row: FieldRow) -> dict[str, Any]:
    """One field for programs."""
    return {
        "name": row.name,
        "group": row.group,
        "title": row.title,
        "description": row.description,
        "kind": row.kind,
        "type": row.type,
        "unit": row.unit,
        "operators": list(row.operators),
        "values": list(row.values),
        "dimensions": list(row.dimensions),
        "money": ["real", "bonus", "both"] if row.money else [],
        "pii": row.pii,
    }


def _cells(row: FieldRow) -> tuple[Cell, ...]:
    narrowed = (*row.dimensions, *(("money",) if row.money else ()))
    return (row.name, row.type, row.unit, row.title, narrowed, row.values, row.operators)


def _operators(rows: Sequence[FieldRow], width: int) -> list[str]:
    """The operators of each type that is there, types with the same ones on one line."""
    types: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        known = types.setdefault(row.operators, [])
        if row.type not in known:
            known.append(row.type)
    lines = []
    for operators, names in types.items():
        first, *more = wrapped(f"{', '.join(names)}: {' '.join(operators)}", width)
        lines += [first, *(f"{_INDENT}{rest}" for rest in more)]
    return lines
