"""One row for every committed write: what was run, for whom, and how many players moved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, insert, select

from segctl.base.digest import canonical_json
from segctl.store.instant import as_instant, as_text
from segctl.store.tables import OUTBOX, RUN

Kind = Literal["apply", "refresh", "forget"]


@dataclass(frozen=True, slots=True)
class Run:
    """A committed write. `as_of` is the instant its members are true for, `at` the one it was written."""

    serial: int
    kind: Kind
    as_of: datetime
    at: datetime
    author: str
    plan_id: str | None = None
    commit_id: str | None = None
    joined: int = 0
    left: int = 0
    detail: Mapping[str, Any] = field(default_factory=dict)


_INSERT = insert(RUN)
_APPLIED = select(RUN).where(RUN.c.plan_id == bindparam("plan_id"))
_AT = select(RUN).where(RUN.c.serial == bindparam("serial"))
_TIMES = select(RUN.c.serial, RUN.c.at).where(RUN.c.serial.in_(select(OUTBOX.c.serial)))
_NEWEST = select(RUN).where(RUN.c.kind == bindparam("kind")).order_by(RUN.c.serial.desc()).limit(1)
_RECENT = select(RUN).order_by(RUN.c.serial.desc())


def record(connection: Connection, run: Run) -> None:
    """Adds a run. The same plan twice is an IntegrityError: ask `applied` first."""
    row = {
        "serial": run.serial,
        "kind": run.kind,
        "as_of": as_text(run.as_of),
        "at": as_text(run.at),
        "plan_id": run.plan_id,
        "commit_id": run.commit_id,
        "author": run.author,
        "joined": run.joined,
        "left": run.left,
        "detail": canonical_json(dict(run.detail)),
    }
    connection.execute(_INSERT, row)


def applied(connection: Connection, plan_id: str) -> Run | None:
    """The run that applied a plan."""
    row = connection.execute(_APPLIED, {"plan_id": plan_id}).one_or_none()
    return None if row is None else _run(row)


def run(connection: Connection, serial: int) -> Run | None:
    """The run with this serial."""
    row = connection.execute(_AT, {"serial": serial}).one_or_none()
    return None if row is None else _run(row)


def origin(connection: Connection, serial: int) -> tuple[str | None, bool]:
    """The commit of the files of a run, and whether they differed from it."""
    found = run(connection, serial)
    if found is None:
        return None, False
    return found.commit_id, bool(found.detail.get("commit", {}).get("dirty"))


def waited_for(connection: Connection) -> dict[int, datetime]:
    """When each run was written of which something waits in the outbox, by serial."""
    return {serial: as_instant(at) for serial, at in connection.execute(_TIMES)}


def recent(connection: Connection, limit: int) -> list[Run]:
    """The last runs, newest first."""
    return [_run(row) for row in connection.execute(_RECENT.limit(limit))]


def last(connection: Connection, kind: Kind) -> Run | None:
    """The newest run of a kind."""
    row = connection.execute(_NEWEST, {"kind": kind}).one_or_none()
    return None if row is None else _run(row)


def _run(row: Any) -> Run:
    return Run(
        row.serial,
        row.kind,
        as_instant(row.as_of),
        as_instant(row.at),
        row.author,
        row.plan_id,
        row.commit_id,
        row.joined,
        row.left,
        json.loads(row.detail),
    )
