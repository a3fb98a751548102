"""On PostgreSQL, the least that a role needs to write a state, or to read it. Statements only: nothing is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from segctl.store.appender import NAME
from segctl.store.postgres import SCHEMA

# Beside SELECT. The audit log is not there: a writer may only call the function that appends to it.
WRITES: Final[Mapping[str, str]] = {
    "state": "UPDATE (serial)",
    "object": "INSERT, UPDATE",
    "version": "INSERT",
    "private": "INSERT, DELETE",
    "player_chunk": "INSERT, DELETE",
    "membership": "INSERT, DELETE",
    "change": "INSERT, UPDATE (players, count)",
    "outbox": "INSERT, UPDATE (players), DELETE",
    "endpoint": "INSERT, UPDATE",
    "letter": "INSERT, UPDATE, DELETE",
    "touched": "INSERT, UPDATE (players)",
    "run": "INSERT",
    "forgotten": "INSERT, UPDATE, DELETE",
}


def grants(role: str, *, reader: bool) -> list[str]:
    """GRANT statements for a role that exists, in an order that works. A reader may list, show and verify."""
    to = f"TO {_quoted(role)};"
    read = [f"GRANT USAGE ON SCHEMA {SCHEMA} {to}", f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} {to}"]
    if reader:
        return read
    write = [f"GRANT {what} ON {SCHEMA}.{table} {to}" for table, what in WRITES.items()]
    return [*read, *write, f"GRANT EXECUTE ON FUNCTION {NAME} {to}"]


def _quoted(role: str) -> str:
    return '"' + role.replace('"', '""') + '"'
