"""What a mirror says no to, as refusals with the way out: never a password, never a stored value."""

from __future__ import annotations

from typing import Any, Final

from segctl.base.errors import Refused

AGAIN: Final = "Either all of the pass was kept or nothing of it. Run the same command again."
_FULL: Final = "Put it right: segctl publish --full"
_RIGHTS: Final = "What the role needs there: docs/publishing.md"
_CHECK: Final = "Check `publish` in segctl.yaml (or its variable), and that the server runs."
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_BY_CODE: Final[dict[str, tuple[str, str]]] = {
    "22021": ("cannot keep a player id: it holds a NUL character", "Publish to DuckDB or Parquet, which can."),
    "22P05": ("cannot keep a player id: the database is not in UTF-8", "Make it with ENCODING 'UTF8'."),
    "23505": ("holds rows that segctl did not write", _FULL),
    "25006": ("is read-only: the server is a standby", "Give the address of its primary."),
    "42501": ("does not let this role do that", _RIGHTS),
    "42703": ("has tables of other columns than segctl's", "Drop them, and run the same command again."),
    "42804": ("has tables of other types than segctl's", "Drop them, and run the same command again."),
    "42P01": ("lacks a table that segctl made", _FULL),
    "53100": ("does not fit: the server's disk is full", "Free some space there and run the same command again."),
    "55P03": ("is being published to by somebody else", "Wait for that pass, or wait longer with --lock-timeout."),
    "57014": ("stopped a statement, which took too long", AGAIN),
}


def postgres_refusal(error: Any, where: str) -> Refused:
    """An error of PostgreSQL."""
    code: str | None = getattr(error, "sqlstate", None)
    if code in _BY_CODE:
        said, out = _BY_CODE[code]
        return Refused(f"{where} {said}.", out)
    if code is None or code.startswith(("08", "57P")):
        return Refused(f"{where} cannot be reached, or broke off the connection.", AGAIN, _CHECK)
    return Refused(f"{where} could not do it (SQLSTATE {code}).", AGAIN)


def foreign(where: str, table: str) -> Refused:
    """A table of that name is there, and no cursor says that segctl made it."""
    return Refused(
        f"{where} has a table {table} that segctl did not make.",
        "Choose another `schema` under `publish` in segctl.yaml, or rename that table.",
    )


def unreadable(where: str, table: str) -> Refused:
    """The cursor is not what segctl writes."""
    return Refused(
        f"{where} has a {table} that segctl cannot read.",
        "It was changed by hand, or a newer segctl wrote it. Drop the tables there, and publish again.",
    )
