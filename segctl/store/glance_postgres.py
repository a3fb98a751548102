"""A first look at a state on PostgreSQL, without SQLAlchemy: one statement, which sees one moment."""

from __future__ import annotations

import importlib
import json
from typing import Any, Final

from segctl.store.format import FORMAT
from segctl.store.instant import as_instant
from segctl.store.seen import Glance

_SEE: Final = """
SELECT s.format, s.lineage, s.serial, s.secret,
  (SELECT pg_catalog.json_object_agg(pg_catalog.concat(o.kind, '.', o.name), o.digest)::text
    FROM segctl.object o WHERE o.status = 'active'),
  (SELECT pg_catalog.max(m.as_of) FROM segctl.membership m JOIN segctl.object o ON o.id = m.object_id
    WHERE o.status = 'active')
FROM segctl.state s
"""


def glance_postgres(url: str) -> Glance | None:
    """The state at `postgresql://…`. Nothing is made or written; None where something is not as expected."""
    try:
        psycopg: Any = importlib.import_module("psycopg")
    except ImportError:
        return None
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10, prepare_threshold=None) as connection:
            row = connection.execute(_SEE).fetchone()
    except psycopg.Error:
        return None
    if row is None or row[0] != FORMAT:
        return None
    _, lineage, serial, secret, digests, newest = row
    return Glance(lineage, serial, secret, json.loads(digests or "{}"), newest and as_instant(newest))
