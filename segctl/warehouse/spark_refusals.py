"""What Spark says when it does not answer, as a refusal with the way out: never a token, never a value.

Spark quotes stored values and bound ones in what it says, so its own words are told only where they name tables
and columns; all else is told by its condition and SQLSTATE.
"""

from __future__ import annotations

import re
from typing import Any

from segctl.base.errors import Refused
from segctl.warehouse.spark_address import SparkAddress

_AGAIN = "Nothing was written. Run the same command again."
CATALOG = "Correct segments/catalog.yaml, or the warehouse. Compare them with: segctl catalog check"
_ADDRESS = (
    "Check host, port, TLS and token in `warehouse:` of segctl.yaml (or its variable), and if the server runs."
)
_NEEDS = "What it needs of a server: docs/spark.md"
_bracketed = re.compile(r"\[([A-Z_]+)[.A-Z_]*\]").search
# of servers that tell a condition in words alone
_STATES = {"TABLE_OR_VIEW_NOT_FOUND": "42P01"}
_GONE = ("UNAVAILABLE", "CANCELLED", "ABORTED", "DEADLINE_EXCEEDED")


class NotThere(Refused):
    """There is no such table, schema, catalog or file."""


class NotReadable(Refused):
    """It is there, and segctl's user may not read it."""


def missing_extra() -> Refused:
    """Spark's client comes with an extra."""
    return Refused(
        "Spark Connect needs a client that is not installed.", "Install it with: pip install 'segctl[spark]'"
    )


def unreachable(address: SparkAddress) -> Refused:
    """The server is not there, or speaks another protocol."""
    return Refused(f"No Spark Connect server answers at {address.server}.", _ADDRESS, _NEEDS)


def stopped(address: SparkAddress, seconds: float) -> Refused:
    """A statement took too long."""
    return Refused(
        f"The warehouse {address.server} was asked to stop a statement that ran for {seconds:,.0f} seconds.",
        "Ask when the cluster has less to do, or give it more workers. Sizes: docs/spark.md",
    )


def refused_by(error: Any, address: SparkAddress) -> Refused:
    """An error of the client or of the server."""
    condition = _told(error, "getCondition") or _in_words(error)
    state = _told(error, "getSqlState") or _STATES.get(condition, "")
    status = _status(error)
    at = f"The warehouse {address.server}"
    match state[:2], state:
        case _, "42P01" | "42703" | "42704" | "42P08" | "42K03":
            return NotThere(f"{at} does not have what the catalog says: {_words(error, address)}", CATALOG)
        case _, "42501":
            return NotReadable(
                f"{at}: {_words(error, address)}", "Let its user read: GRANT SELECT (docs/spark.md)."
            )
        case _, "HY008":
            return Refused(f"{at} stopped a statement: somebody cancelled it.", _AGAIN)
        case "22", _:
            return Refused(
                f"{at} holds a value that cannot be read or added up as the catalog says ({condition}).", CATALOG
            )
        case _:
            return _of_the_server(at, condition or status, state, status, error)


def _of_the_server(at: str, kind: str, state: str, status: str, error: Any) -> Refused:
    if status in ("UNAUTHENTICATED", "PERMISSION_DENIED"):
        return Refused(f"{at} does not let segctl in ({status}).", _ADDRESS, _NEEDS)
    if status in _GONE or "INVALID_HANDLE" in kind:
        return Refused(f"{at} broke off the connection ({kind}).", _AGAIN)
    return Refused(
        f"{at} could not answer: {kind or type(error).__name__}.",
        f"It is Spark's own condition{_sqlstate(state)}. {_NEEDS}",
    )


def _sqlstate(state: str) -> str:
    return f", SQLSTATE {state}" if state else ""


def _in_words(error: Any) -> str:
    found = _bracketed(str(error))
    return found[1] if found else ""


def _told(error: Any, what: str) -> str:
    """What an error of Spark says of itself; "" for errors of others, and of servers that do not say it."""
    getter = getattr(error, what, None)
    return str((getter() if getter else None) or "")


def _status(error: Any) -> str:
    status = getattr(error, "getGrpcStatusCode", None) or getattr(error, "code", None)
    found = status() if callable(status) else None
    return str(getattr(found, "name", "") or "")


def _words(error: Any, address: SparkAddress) -> str:
    """The first sentence, which names what is missing, without the condition in front."""
    lines = str(error).strip().splitlines()
    first = lines[0].partition("] ")[2] or lines[0] if lines else ""
    line = " ".join(first.split()).partition(" Verify the spelling")[0].partition(" SQLSTATE")[0]
    for secret in address.secrets:
        line = line.replace(secret, "***")
    return line
