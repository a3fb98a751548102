"""On PostgreSQL, the least that a role needs to write a state, or to read it. Statements only: nothing is run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from segctl.store.appender import NAME
from segctl.store.postgres import SCHEMA
from segctl.store.scoped import PREFIX
from segctl.store.tables import METADATA

# bytes that PostgreSQL keeps of the name of a role
_NAME_BYTES: Final = 63
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
    "duty": "INSERT, UPDATE",
    "ledger": "INSERT, UPDATE (moves, count), DELETE",
    "touched": "INSERT, UPDATE (players)",
    "run": "INSERT",
    "timing": "INSERT",
    "forgotten": "INSERT, UPDATE, DELETE",
}


# What holds players or what is private without saying of which segment.
_WHOLE: Final = ("private", "ledger", "touched", "forgotten")


def grants(role: str, *, reader: bool, scope: Sequence[str] = ()) -> list[str]:
    """GRANT statements for a role that exists, in an order that works. A reader may list, show and verify.

    `scope` holds it to segments within it, `brand=aurora`: the role becomes a member of roles of that name, which
    row-level security asks about (scoped.py). Raises: ValueError, for a scope that cannot be.
    """
    to = f"TO {_quoted(role)};"
    if scope:
        return _scoped(to, reader=reader, scope=scope)
    read = [f"GRANT USAGE ON SCHEMA {SCHEMA} {to}", f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} {to}"]
    if reader:
        return read
    write = [f"GRANT {what} ON {SCHEMA}.{table} {to}" for table, what in WRITES.items()]
    return [*read, *write, f"GRANT EXECUTE ON FUNCTION {NAME} {to}"]


def _scoped(to: str, *, reader: bool, scope: Sequence[str]) -> list[str]:
    if not reader:
        raise ValueError("who writes a state writes all of it: a scope is for readers")
    lines = [f"GRANT USAGE ON SCHEMA {SCHEMA} {to}"]
    tables = [f'{SCHEMA}."{table.name}"' for table in METADATA.sorted_tables if table.name not in _WHOLE]
    lines.append(f"GRANT SELECT ON {', '.join(tables)} {to}")
    for pair in scope:
        attribute, equals, value = pair.partition("=")
        if not (attribute and equals and value) or len((PREFIX + pair).encode()) > _NAME_BYTES:
            raise ValueError(
                f"{pair} is no scope: write ATTRIBUTE=VALUE, of at most {_NAME_BYTES - len(PREFIX)} bytes"
            )
        name = _quoted(PREFIX + pair)
        literal = "'" + (PREFIX + pair).replace("'", "''") + "'"
        lines.append(
            f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = {literal}) "
            f"THEN CREATE ROLE {name} NOLOGIN; END IF; END $$;"
        )
        lines.append(f"GRANT {name} {to}")
    return lines


def _quoted(role: str) -> str:
    return '"' + role.replace('"', '""') + '"'
