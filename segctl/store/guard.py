"""Keeps the tables that tell what happened append-only, by triggers. PostgreSQL: see also append.py.

Against accidents, and against a role that may only write: who owns the tables can drop a trigger.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Table

from segctl.store.postgres import SCHEMA
from segctl.store.tables import AUDIT, CHANGE, VERSION

# What is refused. `change` lets erasure rewrite its players and their number.
GUARDED: Final = {
    AUDIT: ("UPDATE", "DELETE", "TRUNCATE"),
    VERSION: ("UPDATE", "DELETE", "TRUNCATE"),
    CHANGE: ("UPDATE OF serial, object_id, cause, direction, at", "DELETE", "TRUNCATE"),
}
_REFUSE: Final = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE restrict_violation USING MESSAGE = TG_TABLE_NAME || ' is append-only';
END
$$
"""


def guard(connection: Connection) -> None:
    """Makes all triggers anew, as this segctl knows them."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_REFUSE)
    for table, operations in GUARDED.items():
        for operation in operations:
            if connection.dialect.name == "postgresql":
                _guard_postgres(connection, table.name, operation)
            elif operation != "TRUNCATE":
                _guard_sqlite(connection, table.name, operation)
        if connection.dialect.name == "sqlite":
            _guard_keys(connection, table)


def _guard_sqlite(connection: Connection, table: str, operation: str) -> None:
    name = _name(table, operation)
    raising = f"SELECT RAISE(ABORT, '{table} is append-only')"
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    connection.exec_driver_sql(f'CREATE TRIGGER {name} BEFORE {operation} ON "{table}" BEGIN {raising}; END')


def _guard_keys(connection: Connection, table: Table) -> None:
    """INSERT OR REPLACE deletes a row without asking a trigger for deletes."""
    same = " AND ".join(f'"{column.name}" = NEW."{column.name}"' for column in table.primary_key)
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table.name}_no_replace")
    connection.exec_driver_sql(
        f'CREATE TRIGGER {table.name}_no_replace BEFORE INSERT ON "{table.name}"'
        f' WHEN EXISTS (SELECT 1 FROM "{table.name}" WHERE {same})'
        f" BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
    )


def _guard_postgres(connection: Connection, table: str, operation: str) -> None:
    """For sessions that replicate too (ENABLE ALWAYS)."""
    name = _name(table, operation)
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {SCHEMA}.{table}")
    connection.exec_driver_sql(
        f"CREATE TRIGGER {name} BEFORE {operation} ON {SCHEMA}.{table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse()"
    )
    connection.exec_driver_sql(f"ALTER TABLE {SCHEMA}.{table} ENABLE ALWAYS TRIGGER {name}")


def _name(table: str, operation: str) -> str:
    return f"{table}_no_{operation.split(maxsplit=1)[0].lower()}"
