"""The catalog of a project against the warehouse of an environment. Only looks."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.base.diagnostic import Diagnostic
from segctl.warehouse.check.named import named_columns, named_tables
from segctl.warehouse.check.walk import checked
from segctl.warehouse.look import look_at
from segctl.workflow.context import Context
from segctl.workflow.fields import fields_of
from segctl.workflow.load import Loaded


@dataclass(frozen=True, slots=True)
class CatalogChecked:
    """What disagrees, in reading order, and how many tables and columns the catalog names."""

    diagnostics: tuple[Diagnostic, ...]
    tables: int
    columns: int


def check_catalog(context: Context, loaded: Loaded) -> CatalogChecked:
    """Compares them. Raises: Mistakes, for a catalog that is not valid; Refused."""
    fields = fields_of(loaded)
    tables = {named.table for named in named_tables(fields.catalog)}
    with look_at(context.warehouse, tables) as look:
        found = checked(fields.catalog, fields.places, look)
    columns = {(named.table, named.column) for named in named_columns(fields.catalog, fields.places)}
    return CatalogChecked(found, len(tables), len(columns))
