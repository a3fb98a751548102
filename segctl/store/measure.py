"""How large a state is: rows and bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from segctl.store.postgres import SCHEMA
from segctl.store.tables import METADATA

_SERVER: Final = {"sqlite": "SELECT sqlite_version()", "postgresql": "SELECT current_setting('server_version')"}
_BYTES: Final = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
_BYTES_OF_TABLES: Final = (
    "SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
    f" ON n.oid = c.relnamespace WHERE n.nspname = '{SCHEMA}' AND c.relkind = 'r'"
)


@dataclass(frozen=True, slots=True)
class Size:
    """Of one table. `bytes` includes its indexes; None where the database does not tell."""

    rows: int
    bytes: int | None


def server_version(connection: Connection) -> str:
    """`18.1`, `3.45.0`."""
    found: str = connection.exec_driver_sql(_SERVER[connection.dialect.name]).scalar_one()
    return found


def sizes(connection: Connection) -> dict[str, Size]:
    """Every table of a state of today's format, by name."""
    known: Mapping[str, int] = {}
    if connection.dialect.name == "postgresql":
        known = {row[0]: row[1] for row in connection.exec_driver_sql(_BYTES_OF_TABLES)}
    return {
        name: Size(connection.execute(select(func.count()).select_from(table)).scalar_one(), known.get(name))
        for name, table in sorted(METADATA.tables.items())
    }


def total_bytes(connection: Connection, tables: Mapping[str, Size]) -> int:
    """What all of it takes: the tables, or the file."""
    if connection.dialect.name == "postgresql":
        return sum(one.bytes or 0 for one in tables.values())
    found: int = connection.exec_driver_sql(_BYTES).scalar_one()
    return found
