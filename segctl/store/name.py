"""How a state is called in messages: by its file, or by database and host. Never by what may hold a password."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import URL

_PLAIN: Final = re.compile(r"[\w.:/-]{1,200}").fullmatch


def name_of(url: URL) -> str:
    """`/folder/state.db`, or `crm on db.example.com`; parts that are no plain names are left out."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = url.host or _text(url.query.get("host"))
    database = url.database or _text(url.query.get("dbname")) or ""
    named = database if _PLAIN(database) else "on PostgreSQL"
    return f"{named} on {host}" if host and _PLAIN(host) and _PLAIN(database) else named


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
