"""Texts in the warehouse that a closed field does not list. Personal fields are not looked into."""

from __future__ import annotations

from segctl.spec.page import shown
from segctl.warehouse.check.bench import Bench

_MOST = 5


def unlisted_values(bench: Bench) -> None:
    """Rules cannot name such a value, and `not_in` counts its players."""
    for named, table, column in bench.found():
        if not named.values or column.kind not in ("text", "texts"):
            continue
        others = bench.look.values(table.name, column, named.values, _MOST + 1)
        if others:
            told = ", ".join(f"{shown(value)} ({rows:,} row{'s' * (rows != 1)})" for value, rows in others[:_MOST])
            more = " and more" if len(others) > _MOST else ""
            detail = f"`{table.name}.{column.name}` holds what `values` does not list: {told}{more}."
            path = (*named.path[:-1], "values")
            bench.note("SEG320", path, detail, "Add it to `values`, or have the rows corrected.")
