"""What PostgreSQL says no to: by its code, or, before there is a session, by its words.

libpq gives no code for what goes wrong while connecting. Its words are searched, never repeated: they may hold
what stands in a URL. Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

from typing import Final

_AGAIN: Final = "Nothing was written. Run the same command again."
_GRANTS: Final = "What the role needs: segctl db grants --role NAME. Its owner or a superuser runs it."
_NOT_THERE: Final = ("is not there yet", "Make it: segctl db upgrade")
_FULL: Final = ("has no connection left", "Wait, or let the server have more (max_connections).")
_CHECK: Final = "Check `state` in segctl.yaml."

Said = tuple[str, str]

_BY_CODE: Final[dict[str, Said]] = {
    "25006": ("is read-only: the server is a standby", "Give the address of its primary."),
    "25P03": ("ended the session, which was idle for too long", _AGAIN),
    "3F000": _NOT_THERE,
    "40001": ("was changed by another session at the same time", _AGAIN),
    "40P01": ("was locked by another session in another order", _AGAIN),
    "42501": ("does not let this role do that", _GRANTS),
    "42P01": _NOT_THERE,
    "53100": ("does not fit: the server's disk is full", "Free some space there and do the same again."),
    "53200": ("does not fit: the server is out of memory", _AGAIN),
    "53300": _FULL,
    "57014": ("took longer than the server lets a statement take", _AGAIN),
    "58030": ("cannot be read or written: the server's disk fails", "Check that disk and do the same again."),
    "XX001": ("is damaged", "Restore it from a backup."),
    "XX002": ("is damaged", "Restore it from a backup, or REINDEX the database."),
}
# in this order: a line may hold words of several
_BY_WORDS: Final[tuple[tuple[str, Said], ...]] = (
    (
        "no pg_hba.conf entry",
        ("lets nobody in from here as this user", "Add a line to its pg_hba.conf."),
    ),
    (
        "no password supplied",
        ("wants a password, and none was given", "Set PGPASSWORD, or write it to ~/.pgpass (PGPASSFILE)."),
    ),
    (
        "authentication failed",
        ("does not accept this user and password", "Check the user in `state`, and PGPASSWORD or ~/.pgpass."),
    ),
    ("permission denied for database", ("does not let this role connect", _GRANTS)),
    ("is not permitted to log in", ("does not let this role log in", "As a superuser: ALTER ROLE … LOGIN")),
    ("too many", _FULL),
    (
        "remaining connection slots",
        _FULL,
    ),
    ("starting up", ("is not ready: the server is starting", _AGAIN)),
    ("shutting down", ("is not ready: the server is stopping", _AGAIN)),
    ("recovery mode", ("is not ready: the server is recovering", _AGAIN)),
    ("could not translate host name", ("is on a host whose name nobody knows", _CHECK)),
    ("resolve host", ("is on a host whose name nobody knows", _CHECK)),
    ("timeout expired", ("did not answer in time", "Check host and port in `state`, and firewalls between.")),
    ("certificate", ("shows a certificate that is not trusted", "Check sslmode and sslrootcert in `state`.")),
    ("ssl", ("and this machine do not agree on SSL", "Check sslmode in `state`.")),
)
_ROLE: Final = ("knows no such role", "Check the user in `state`, or create it there: CREATE ROLE … LOGIN")
_DATABASE: Final = (
    "is not there: the server has no such database",
    "Create it, e.g. with createdb, or check `state`.",
)
_CUT: Final = ("was cut off: the connection broke", _AGAIN)
_UNREACHED: Final = ("cannot be reached", "Check that the server runs, and host, port and options in `state`.")


def said_by_postgres(error: BaseException) -> Said | None:
    """What is wrong and the way out; None for what is no word of a server, or a bug."""
    code: str | None = getattr(error, "sqlstate", None)
    if code in _BY_CODE:
        return _BY_CODE[code]
    words = str(error).lower()
    if code is None and "connection option" in words:
        return "cannot be reached: its URL has an option that is none", _CHECK
    return _connecting(words) if is_cut(error) else None


def is_cut(error: BaseException) -> bool:
    """Did the connection end, or never begin? Codes of classes 08 and 57P; libpq itself gives none."""
    code: str | None = getattr(error, "sqlstate", None)
    if code is None:
        return type(error).__module__.startswith("psycopg") and type(error).__name__ in _ENDS
    return code.startswith(("08", "57P"))


# libpq's words for the end of a session that had begun, with TLS ("SSL connection has been closed …") or without
_ENDED: Final = ("closed", "eof detected", "terminating", "reset by peer", "broken pipe", "connection is lost")
_ENDS: Final = frozenset({"OperationalError", "ConnectionTimeout", "InterfaceError", "ConnectionDoesNotExist"})


def _connecting(words: str) -> Said:
    if "connection failed" not in words and any(part in words for part in _ENDED):
        return _CUT
    if "does not exist" in words:
        return _ROLE if 'role "' in words else _DATABASE
    for part, said in _BY_WORDS:
        if part in words:
            return said
    if "connection failed" in words or "connection is bad" in words:
        return _UNREACHED
    return _CUT
