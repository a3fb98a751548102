"""Tables of a warehouse as it describes them itself. Plain data: knows no catalog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What a stored type holds, whatever its engine calls it. `instant` is a timestamp with a time zone, `naive` one
# without; `texts` is a list of texts; a decimal without decimals is an integer.
StoredKind = Literal[
    "text", "integer", "decimal", "float", "boolean", "date", "instant", "naive", "texts", "other"
]


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """A column; `spelled` is its type in the engine's own words, `range` all texts of an enumeration."""

    name: str
    kind: StoredKind
    spelled: str
    range: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key of a single column."""

    column: str
    table: str


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table or view. `keys` are the columns of its primary key, then of what else is declared unique.

    `indexes` are the columns of each index in order, and None where there can be none, or need not be.
    """

    name: str
    columns: tuple[StoredColumn, ...]
    keys: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    indexes: tuple[tuple[str, ...], ...] | None = None
    partitioned: bool = False


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables by name; those outside the default schema are called `schema.table`.

    Where names are not `case_sensitive`, `Players` and `players` are one. `unreadable` are tables that are there
    and that segctl's role may not read.
    """

    tables: tuple[StoredTable, ...]
    case_sensitive: bool = True
    unreadable: tuple[str, ...] = ()

    def table(self, name: str) -> StoredTable | None:
        """The table called `name`."""
        return next((one for one in self.tables if self.same(one.name, name)), None)

    def column(self, table: StoredTable, name: str) -> StoredColumn | None:
        """The column of a table called `name`."""
        return next((one for one in table.columns if self.same(one.name, name)), None)

    def same(self, one: str, other: str) -> bool:
        """Does the warehouse take two names for one?"""
        return one == other if self.case_sensitive else one.lower() == other.lower()


@dataclass(frozen=True, slots=True)
class Keys:
    """What a column that should tell rows apart holds: all rows, its different values, and rows without one."""

    rows: int
    distinct: int
    missing: int
