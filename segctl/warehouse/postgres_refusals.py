"""What PostgreSQL says when it does not answer, as a refusal with the way out: never a password, never a value.

Servers speak in the language of their settings, so what happened is known by SQLSTATE. What is about stored values
is told without the server's words, which may quote them.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from segctl.base.address import place
from segctl.base.errors import Refused

_AGAIN = "Nothing was written. Run the same command again."
_CATALOG = "Correct segments/catalog.yaml, or the warehouse. Compare them with: segctl catalog check"


def missing_extra() -> Refused:
    """PostgreSQL's drivers come with an extra."""
    return Refused(
        "PostgreSQL needs drivers that are not installed.", "Install them with: pip install 'segctl[postgres]'"
    )


def unreachable(error: Exception, url: str) -> Refused:
    """The server does not let in, or is not there."""
    said = _harmless(str(error).rpartition("failed: ")[2], url) if "connection to server" in str(error) else ""
    return Refused(
        f"The warehouse {place(url)} does not let segctl in{f': {said}' if said else '.'}",
        "Check host, port, database, user and password in `warehouse:` of segctl.yaml (or its variable).",
        "What it needs of a server: docs/postgresql.md",
    )


def refused_by(error: Any, url: str) -> Refused:
    """An error of a statement."""
    state = error.sqlstate or ""
    at = f"The warehouse {place(url)}"
    said = _said(error, url)
    match state[:2], state:
        case _, "42P01" | "42703" | "3F000":
            return Refused(f"{at} does not have what the catalog says: {said}", _CATALOG)
        case _, "42501":
            help_line = "Let the warehouse's role read: GRANT SELECT ON … TO … (docs/postgresql.md)."
            return Refused(f"{at}: {said}", help_line)
        case _, "57014":
            return Refused(
                f"{at} stopped a statement: {said}",
                "Ask when the server has less to do. Indexes that are missing are named by: segctl catalog check",
            )
        case _, "55P03":
            return Refused(f"{at}: a table is locked by somebody else: {said}", _AGAIN)
        case ("08" | "57", _) | (_, ""):
            return Refused(f"{at} broke off the connection.", _AGAIN)
        case "22" | "21", _:
            return Refused(
                f"{at} holds a value that cannot be read as the catalog says (SQLSTATE {state}).", _CATALOG
            )
        case _:
            return Refused(f"{at} could not answer: {said}", f"It is PostgreSQL's SQLSTATE {state}.")


def _said(error: Any, url: str) -> str:
    """The server's own sentence."""
    first = str(error).partition("ERROR:")[2].strip().splitlines()
    return _harmless(first[0], url) if first else f"SQLSTATE {error.sqlstate}"


def _harmless(said: str, url: str) -> str:
    """A message without the password, should it ever be in there."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return ""
    line = " ".join(said.split()).strip()
    for secret in (password, unquote(password)) if password else ():
        line = line.replace(secret, "***")
    return line
