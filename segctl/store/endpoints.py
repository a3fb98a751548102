"""The webhooks of segments as they are sent to: how it goes, whether one is disabled, which worker has which."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, bindparam, exists, func, insert, select, update

from segctl.store.instant import as_instant, as_text
from segctl.store.tables import ENDPOINT, OUTBOX

# by whom or by what: a person, an answer of 410 Gone, or days without a success
Disabled = Literal["hand", "gone", "failing"]
# a worker that falls silent for longer has lost what it took
LEASE: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How sending to the webhook of one object goes. `failures` counts those since the last success.

    Messages of runs up to `unsure` may have been sent although they wait: a worker died before it could say so.
    """

    object_id: int
    disabled: Disabled | None = None
    disabled_at: datetime | None = None
    address: str | None = None
    failures: int = 0
    failing_since: datetime | None = None
    next_at: datetime | None = None
    tried_at: datetime | None = None
    outcome: str | None = None
    delivered: int = 0
    dropped: int = 0
    unsure: int = 0
    worker: str | None = None
    leased_until: datetime | None = None


_ALL = select(ENDPOINT).order_by(ENDPOINT.c.object_id)
_IDS = select(ENDPOINT.c.object_id)
_ONE = select(ENDPOINT).where(ENDPOINT.c.object_id == bindparam("whose"))
_NEWEST = select(func.max(OUTBOX.c.serial)).where(OUTBOX.c.object_id == bindparam("whose"))
_INSERT = insert(ENDPOINT)
_UPDATE = update(ENDPOINT).where(ENDPOINT.c.object_id == bindparam("whose"))
_DUE = (
    _ALL.where(
        ENDPOINT.c.disabled.is_(None),
        ENDPOINT.c.next_at.is_(None) | (ENDPOINT.c.next_at <= bindparam("now")),
        exists().where(OUTBOX.c.object_id == ENDPOINT.c.object_id),
    )
    .order_by(None)
    # those that work first, and of them the one that was served longest ago
    .order_by(ENDPOINT.c.failures, ENDPOINT.c.tried_at.is_not(None), ENDPOINT.c.tried_at, ENDPOINT.c.object_id)
)


def make(connection: Connection, object_ids: Iterable[int]) -> None:
    """Gives a row to each of these objects that has none. Only who writes alone calls it."""
    known = set(connection.execute(_IDS).scalars())
    nothing = {"failures": 0, "delivered": 0, "dropped": 0, "unsure": 0}
    new = [{"object_id": one, **nothing} for one in sorted({*object_ids} - known)]
    if new:
        connection.execute(_INSERT, new)


def everyone(connection: Connection) -> dict[int, Endpoint]:
    """All of them, by object."""
    return {row.object_id: _endpoint(row) for row in connection.execute(_ALL)}


def locked(connection: Connection, object_id: int) -> Endpoint:
    """One of them; nobody else changes it before this transaction ends."""
    return _endpoint(connection.execute(_ONE.with_for_update(), {"whose": object_id}).one())


def save(connection: Connection, one: Endpoint) -> None:
    """Writes all that is known of one."""
    values = {column.name: _stored(getattr(one, column.name)) for column in ENDPOINT.c}
    connection.execute(_UPDATE, {**values, "whose": values.pop("object_id")})


def claim(
    connection: Connection, worker: str, now: datetime, is_gone: Callable[[str], bool], among: Container[int]
) -> Endpoint | None:
    """Takes one `among` these objects that has something waiting, may be tried now and is no worker's. Or None.

    `is_gone` tells that a worker is known to be dead. Several may do it together:
    on PostgreSQL rows that others look at are skipped, in SQLite only one process writes at a time.
    """
    for row in connection.execute(_DUE, {"now": as_text(now)}).all():
        if row.object_id not in among:
            continue
        mine = connection.execute(_ONE.with_for_update(skip_locked=True), {"whose": row.object_id}).one_or_none()
        if mine is None or mine.disabled is not None or not _is_free(mine, worker, now, is_gone):
            continue
        taken = replace(_endpoint(mine), worker=worker, leased_until=now + LEASE)
        if mine.worker is not None:
            newest = connection.execute(_NEWEST, {"whose": row.object_id}).scalar_one()
            taken = replace(taken, unsure=max(taken.unsure, newest or 0))
        save(connection, taken)
        return taken
    return None


def _is_free(row: Any, worker: str, now: datetime, is_gone: Callable[[str], bool]) -> bool:
    if row.worker is None or row.worker == worker:
        return True
    return bool(row.leased_until <= as_text(now)) or is_gone(row.worker)


def _stored(value: Any) -> Any:
    return as_text(value) if isinstance(value, datetime) else value


def _endpoint(row: Any) -> Endpoint:
    def instant(stored: str | None) -> datetime | None:
        return None if stored is None else as_instant(stored)

    return Endpoint(
        object_id=row.object_id,
        disabled=row.disabled,
        disabled_at=instant(row.disabled_at),
        address=row.address,
        failures=row.failures,
        failing_since=instant(row.failing_since),
        next_at=instant(row.next_at),
        tried_at=instant(row.tried_at),
        outcome=row.outcome,
        delivered=row.delivered,
        dropped=row.dropped,
        unsure=row.unsure,
        worker=row.worker,
        leased_until=instant(row.leased_until),
    )
