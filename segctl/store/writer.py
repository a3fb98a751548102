"""Who is about to write, and how long they wait for the lock. Plain data, carried by a connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

_OPTION: Final = "segctl_writer"


@dataclass(frozen=True, slots=True)
class Writer:
    """`doing` is told to those who wait (`apply by Ann`). A `maker` makes or changes the tables.

    Who writes `beside` others takes no lock of the whole state on PostgreSQL: it locks the rows that it changes.
    """

    lock_timeout_seconds: float
    doing: str = ""
    maker: bool = False
    beside: bool = False


def writer_of(connection: Connection) -> Writer | None:
    """The writer of a connection's transaction; None for a reader."""
    found: Writer | None = connection.get_execution_options().get(_OPTION)
    return found


def as_writer(connection: Connection, writer: Writer) -> Connection:
    """The connection, whose next transaction writes."""
    return connection.execution_options(**{_OPTION: writer})
