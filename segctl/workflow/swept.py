"""Messages that nobody waits for any more, taken out of the outbox: it stays bounded whatever receivers do."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine

from segctl.store import endpoints, letters, outbox, runs
from segctl.store.endpoints import Endpoint
from segctl.store.engine import reading, writing
from segctl.store.outbox import Waiting
from segctl.workflow.context import Context
from segctl.workflow.hooks import Hook


def sweep(context: Context, engine: Engine, hooks: dict[int, Hook], now: datetime) -> int:
    """Drops what is older than `keep` of the settings, and what waits for a webhook that its segment lost.

    A webhook that was disabled by itself is tried again if it has another address now. How many were dropped.
    """
    before = now - context.webhooks.keep
    with reading(engine) as connection:
        known = endpoints.everyone(connection)
        old = {serial for serial, at in runs.waited_for(connection).items() if at < before}
        stale = {one.object_id for one in outbox.waiting(connection) if _is_stale(one, old, hooks)}
        moved = {key for key, one in known.items() if _has_moved(one, hooks.get(key))}
    if not stale | moved:
        return 0
    with writing(
        engine, lock_timeout_seconds=context.lock_timeout_seconds, doing="deliver", beside=True
    ) as connection:
        return sum(_settle(connection, key, old, hooks) for key in sorted(stale | moved))


def _is_stale(one: Waiting, old: AbstractSet[int], hooks: dict[int, Hook]) -> bool:
    return one.serial in old or one.object_id not in hooks


def _has_moved(one: Endpoint, hook: Hook | None) -> bool:
    other = hook is not None and one.address is not None and one.address != hook.mark
    return other and (one.failures > 0 or one.disabled in ("gone", "failing"))


def _settle(connection: Connection, object_id: int, old: AbstractSet[int], hooks: dict[int, Hook]) -> int:
    one = endpoints.locked(connection, object_id)
    rows = outbox.locked(connection, object_id)
    gone = {row.key: row.players for row in rows if _is_stale(row, old, hooks)}
    dropped = outbox.take_out(connection, rows, gone)
    serials = {key[0] for key in gone}
    letters.remove(
        connection, [letter for letter in letters.of(connection, object_id) if letter.serial in serials]
    )
    if _has_moved(one, hooks.get(object_id)):
        disabled = one.disabled if one.disabled == "hand" else None
        one = replace(one, failures=0, failing_since=None, next_at=None, disabled=disabled, address=None)
    endpoints.save(connection, replace(one, dropped=one.dropped + dropped))
    return dropped
