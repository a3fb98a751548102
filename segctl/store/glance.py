"""A first look at a state, without SQLAlchemy, whose import takes as long as reading a thousand files.

Enough to tell that nothing differs. What is not as expected gives None: a longer look finds it again, and says so.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Final
from urllib.parse import quote

from segctl.store.format import APPLICATION_ID, FORMAT
from segctl.store.glance_postgres import glance_postgres
from segctl.store.instant import as_instant
from segctl.store.seen import Glance

__all__ = ["Glance", "glance"]

_POSTGRES: Final = "postgresql://"
_SCHEME: Final = "sqlite:///"
_MARK: Final = "PRAGMA application_id"
_HEAD: Final = "SELECT format, lineage, serial, secret FROM state"
_DIGESTS: Final = "SELECT kind || '.' || name, digest FROM object WHERE status = 'active'"
_NEWEST: Final = (
    "SELECT max(membership.as_of) FROM membership"
    " JOIN object ON object.id = membership.object_id WHERE object.status = 'active'"
)


def glance(url: str) -> Glance | None:
    """The state at `sqlite:///path` or `postgresql://…`. Nothing is made or written."""
    if url.startswith(_POSTGRES):
        return glance_postgres(url)
    path = url.removeprefix(_SCHEME)
    if path == url or "?" in path:
        return None
    try:
        with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            return _read(connection)
    except sqlite3.Error:
        return None


def _read(connection: sqlite3.Connection) -> Glance | None:
    if connection.execute(_MARK).fetchone() != (APPLICATION_ID,):
        return None
    found, lineage, serial, secret = connection.execute(_HEAD).fetchone()
    if found != FORMAT:
        return None
    digests = dict(connection.execute(_DIGESTS).fetchall())
    (newest,) = connection.execute(_NEWEST).fetchone()
    return Glance(lineage, serial, secret, digests, None if newest is None else as_instant(newest))
