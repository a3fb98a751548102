"""Rows of an export as CSV and as JSON lines, a table at a time. Arrow in, text out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from segctl.view.data import instant_text, json_line
from segctl.view.safe import safe_csv


def csv_parts(names: Iterable[str], tables: Iterable[Any]) -> Iterator[str]:
    """RFC 4180 with a header; no cell can be taken for a formula, and lists are joined by spaces."""
    yield _csv([list(names)])
    for table in tables:
        yield _csv([[_cell(value) for value in row.values()] for row in table.to_pylist()])


def json_parts(tables: Iterable[Any]) -> Iterator[str]:
    """One JSON object a line; exact amounts are text."""
    for table in tables:
        yield "".join(json_line({name: _value(value) for name, value in row.items()}) for row in table.to_pylist())


def _csv(rows: Iterable[list[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    match value:
        case str():
            return safe_csv(value)
        case list():
            return safe_csv(" ".join(value))
        case bool():
            return str(value).lower()
        case _:
            return _value(value)


def _value(value: Any) -> Any:
    match value:
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case Decimal():
            return _amount(value)
        case _:
            return value


def _amount(value: Decimal) -> str:
    """With at least two decimals, and no more zeros than it needs."""
    text = f"{value:f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
