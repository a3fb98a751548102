"""What every check is given: the catalog, the warehouse as it describes itself, and where to note a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segctl.model.catalog import Catalog
from segctl.model.tables import StoredColumn, StoredTable, Tables
from segctl.spec.page import Page
from segctl.spec.places import Places
from segctl.warehouse.check.named import NamedColumn, named_columns
from segctl.warehouse.look import Look


@dataclass(frozen=True, slots=True)
class Bench:
    """A check notes its mistakes on the page and never raises. What another check reports, it leaves alone."""

    catalog: Catalog
    places: Places
    tables: Tables
    look: Look
    page: Page

    def note(self, code: str, path: tuple[str, ...], detail: str, *help_lines: str) -> None:
        """Notes a mistake under the value at a path of the catalog."""
        self.page.note(code, self.places.at(*path), detail, *help_lines)

    def found(self) -> Iterator[tuple[NamedColumn, StoredTable, StoredColumn]]:
        """The columns that the catalog names and that exist."""
        for named in named_columns(self.catalog, self.places):
            table = self.tables.table(named.table)
            column = self.tables.column(table, named.column) if table else None
            if table is not None and column is not None:
                yield named, table, column
