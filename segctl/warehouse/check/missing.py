"""Tables and columns that the catalog names and the warehouse does not have."""

from __future__ import annotations

from segctl.spec.page import shown
from segctl.spec.suggest import listed
from segctl.warehouse.check.bench import Bench
from segctl.warehouse.check.named import NamedColumn, named_columns, named_tables


def missing_tables(bench: Bench) -> None:
    """A table is reported wherever it is named, since each place must be corrected."""
    known = [table.name for table in bench.tables.tables]
    for named in named_tables(bench.catalog):
        if named.table in bench.tables.unreadable:
            detail = f"The warehouse has a table {shown(named.table)}, and segctl's role may not read it."
            bench.note("SEG311", named.path, detail, f"GRANT SELECT ON {named.table} TO its role.")
        elif bench.tables.table(named.table) is None:
            hint = bench.page.did_you_mean(named.table, known) or _has("The warehouse", known)
            bench.note("SEG311", named.path, f"The warehouse has no table {shown(named.table)}.", hint)


def missing_columns(bench: Bench) -> None:
    """Columns of tables that exist."""
    for named in named_columns(bench.catalog, bench.places):
        table = bench.tables.table(named.table)
        if table is not None and bench.tables.column(table, named.column) is None:
            known = [column.name for column in table.columns]
            hint = bench.page.did_you_mean(named.column, known) or _has(f"`{table.name}`", known)
            bench.note("SEG312", named.path, _lacks(table.name, named), hint)


def _lacks(table: str, named: NamedColumn) -> str:
    return f"The table `{table}` has no column {shown(named.column)}, from which {named.what} is read."


def _has(who: str, known: list[str]) -> str:
    return f"{who} has {listed(sorted(known))}." if known else f"{who} is empty."
