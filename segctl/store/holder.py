"""Who holds the lock of a state on PostgreSQL: the session that has locked its row, and is not waiting itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Engine

from segctl.store.postgres import MAKERS_LOCK, SCHEMA

# What a role may not see of another's session is NULL. Readers hold AccessShareLock and keep nobody waiting.
_HOLDER: Final = f"""
SELECT l.pid, a.application_name, a.usename, a.xact_start
FROM pg_catalog.pg_locks l
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.granted AND l.pid <> pg_backend_pid()
AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
AND (
  l.locktype = 'relation' AND l.mode <> 'AccessShareLock' AND l.relation = (
    SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = '{SCHEMA}' AND c.relname = 'state'
  )
  OR l.locktype = 'advisory' AND l.objsubid = 1
    AND l.classid::bigint << 32 | l.objid::bigint = {MAKERS_LOCK}
)
AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_locks w WHERE w.pid = l.pid AND NOT w.granted)
ORDER BY a.xact_start NULLS LAST
LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """The session with the lock. What this role may not see of it is None."""

    session: int
    doing: str | None
    role: str | None
    since: datetime | None

    @property
    def text(self) -> str:
        """`` `segctl apply by Ann` since 2026-11-22 01:31:04 UTC (session 4711 of role crm) ``."""
        who = f"`{self.doing}`" if self.doing else "another session"
        since = f" since {self.since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if self.since else ""
        return f"{who}{since} (session {self.session}{f' of role {self.role}' if self.role else ''})"


def holder(engine: Engine) -> Holder | None:
    """Who holds the lock now; None when nobody does any more."""
    with engine.connect() as connection:
        row = connection.exec_driver_sql(_HOLDER).one_or_none()
    return None if row is None else Holder(row.pid, row.application_name, row.usename, row.xact_start)
