"""Does a state go on from where something was made of it? Read from the audit log, which never repeats itself."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select

from segctl.store.tables import AUDIT

_HASH: Final = select(AUDIT.c.hash).where(AUDIT.c.seq == bindparam("at_seq"))


def continues(connection: Connection, seq: int, digest: str) -> bool:
    """Is the log's row of this number the one with this hash? A copy that was brought back may have another."""
    return connection.execute(_HASH, {"at_seq": seq}).scalar_one_or_none() == digest
