"""What a DuckDB file or a folder of Parquet says of itself. DuckDB scans columns, so it needs no indexes.

A table whose name has a dot in it cannot be named in a catalog, and is not seen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import duckdb

from segctl.base.errors import Refused
from segctl.model.tables import Keys, Reference, StoredColumn, StoredKind, StoredTable, Tables
from segctl.warehouse.duckdb import answered, connected

_DEFAULT_SCHEMA = "main"
_COLUMNS = """
    SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()
    WHERE NOT internal AND database_name = current_database() AND NOT contains(table_name, '.')
    ORDER BY schema_name, table_name, column_index
"""
_CONSTRAINTS = """
    SELECT schema_name, table_name, constraint_type, constraint_column_names, referenced_table
    FROM duckdb_constraints() WHERE database_name = current_database() ORDER BY constraint_type, constraint_index
"""
# What Arrow makes of them: a UUID and JSON come as text.
_KINDS: dict[str, StoredKind] = {
    **dict.fromkeys(("VARCHAR", "UUID", "JSON"), "text"),
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "integer"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"), "integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE"), "float"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "naive"),
    "TIMESTAMP WITH TIME ZONE": "instant",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "VARCHAR[]": "texts",
}
_decimal = re.compile(r"DECIMAL\(\d+,\s*(\d+)\)").fullmatch


@contextmanager
def look_at_duckdb(path: str) -> Iterator[_DuckDBLook]:
    """A look at a file or folder, which is closed afterwards. Raises: Refused."""
    connection = connected(path)
    worker = ThreadPoolExecutor(max_workers=1)
    try:
        yield _DuckDBLook(connection, worker, path)
    finally:
        worker.shutdown()
        connection.close()


class _DuckDBLook:
    """See `Look`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, worker: Executor, path: str) -> None:
        self._connection = connection
        self._worker = worker
        self._path = path

    def tables(self) -> Tables:
        columns: dict[str, list[StoredColumn]] = defaultdict(list)
        for schema, table, name, spelled in self._rows(_COLUMNS):
            columns[_name(schema, table)].append(StoredColumn(name, _kind(spelled), spelled, self._range(spelled)))
        keys: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        references: dict[str, list[Reference]] = defaultdict(list)
        for schema, table, constraint, names, target in self._rows(_CONSTRAINTS):
            if constraint in ("PRIMARY KEY", "UNIQUE"):
                keys[_name(schema, table)].append(tuple(names))
            elif constraint == "FOREIGN KEY" and len(names) == 1:
                references[_name(schema, table)].append(Reference(names[0], _name(schema, target)))
        found = (
            StoredTable(name, tuple(of), tuple(keys[name]), tuple(references[name]))
            for name, of in columns.items()
        )
        return Tables(tuple(found), case_sensitive=False)

    def keys(self, table: str, column: str) -> Keys:
        name = _quoted(column)
        query = f"SELECT count(*), count(DISTINCT {name}), count(*) - count({name}) FROM {_table(table)}"
        ((rows, distinct, missing),) = self._rows(query)
        return Keys(rows, distinct, missing)

    def values(self, table: str, column: StoredColumn, but: Sequence[str], most: int) -> list[tuple[str, int]]:
        name = _quoted(column.name)
        text = f"unnest({name})" if column.kind == "texts" else f"{name}::VARCHAR"
        query = f"""
            SELECT value, count(*) FROM (SELECT {text} AS value FROM {_table(table)} WHERE {name} IS NOT NULL)
            WHERE value IS NOT NULL AND NOT list_contains($1::VARCHAR[], value)
            GROUP BY value ORDER BY count(*) DESC, value LIMIT {most}
        """
        return [(value, rows) for value, rows in self._rows(query, [list(but)])]

    def _range(self, spelled: str) -> tuple[str, ...]:
        """The texts of an enumeration, in their order."""
        if not _is_enumeration(spelled):
            return ()
        return tuple(value for (value,) in self._rows(f"SELECT unnest(enum_range(NULL::{spelled}))::VARCHAR"))

    def _rows(self, query: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        try:
            table = answered(self._worker, self._connection, query, values or [])
        except duckdb.Error as error:
            raise Refused(
                f"The warehouse {self._path} could not be looked at: {str(error).splitlines()[0]}"
            ) from error
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _kind(spelled: str) -> StoredKind:
    decimal = _decimal(spelled)
    if decimal:
        return "decimal" if int(decimal[1]) else "integer"
    return "text" if _is_enumeration(spelled) else _KINDS.get(spelled, "other")


def _is_enumeration(spelled: str) -> bool:
    return spelled.startswith("ENUM(") and spelled.endswith(")")


def _name(schema: str, table: str) -> str:
    return table if schema == _DEFAULT_SCHEMA else f"{schema}.{table}"


def _table(name: str) -> str:
    """The name of a table in SQL."""
    schema, _, table = name.rpartition(".")
    return f"{_quoted(schema or _DEFAULT_SCHEMA)}.{_quoted(table)}"


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
