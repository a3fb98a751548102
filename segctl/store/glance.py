"""A first look at a state in SQLite, without SQLAlchemy, whose import takes as long as reading a thousand files.

Enough to tell that nothing differs. What is not as expected gives None: a longer look finds it again, and says so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import quote

from segctl.store.format import APPLICATION_ID, FORMAT
from segctl.store.instant import as_instant

_SCHEME: Final = "sqlite:///"
_MARK: Final = "PRAGMA application_id"
_HEAD: Final = "SELECT format, lineage, serial, secret FROM state"
_DIGESTS: Final = "SELECT kind || '.' || name, digest FROM object WHERE status = 'active'"
_NEWEST: Final = (
    "SELECT max(membership.as_of) FROM membership"
    " JOIN object ON object.id = membership.object_id WHERE object.status = 'active'"
)


@dataclass(frozen=True, slots=True)
class Glance:
    """A state at one moment: the digests of what is deployed by address, and the newest members' instant."""

    lineage: str
    serial: int
    secret: bytes = field(repr=False)
    digests: Mapping[str, str]
    newest: datetime | None


def glance(url: str) -> Glance | None:
    """The state at `sqlite:///path`. Nothing is made or written."""
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
