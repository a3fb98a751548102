"""A webhook disabled, enabled, or its messages tried again: each with its row in the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from segctl.store import audit, endpoints, letters
from segctl.store.audit import Entry
from segctl.store.endpoints import Disabled, Endpoint
from segctl.store.engine import writing
from segctl.store.letters import Letter
from segctl.store.origin import Origin
from segctl.store.state import head
from segctl.workflow.context import Context
from segctl.workflow.hooks import Hook


def disable(context: Context, engine: Engine, hook: Hook, why: Disabled, now: datetime, reason: str = "") -> bool:
    """Nothing is sent to it any more; what moves waits. False if it was disabled already."""
    with _writing(context, engine, "webhooks disable") as connection:
        one = endpoints.locked(connection, hook.about.id)
        if one.disabled is not None:
            return False
        endpoints.save(connection, replace(one, disabled=why, disabled_at=now))
        _log(connection, context, "webhook disable", hook, {"why": why, "reason": reason})
    return True


def enable(context: Context, engine: Engine, hook: Hook, now: datetime) -> bool:
    """It is sent to again, at once. False if it was neither disabled nor waiting after a failure."""
    with _writing(context, engine, "webhooks enable") as connection:
        one = endpoints.locked(connection, hook.about.id)
        if one.disabled is None and one.failing_since is None:
            return False
        _fresh(connection, one, now)
        _log(connection, context, "webhook enable", hook, {"why": one.disabled})
    return True


def replay(context: Context, engine: Engine, hook: Hook, chosen: Sequence[Letter], now: datetime) -> None:
    """Messages that did not arrive are tried again at once, as if for the first time."""
    with _writing(context, engine, "webhooks replay") as connection:
        endpoints.locked(connection, hook.about.id)
        there = {(one.serial, one.number) for one in letters.of(connection, hook.about.id)}
        again = [one for one in chosen if (one.serial, one.number) in there]
        letters.revive(connection, again, now)
        _log(connection, context, "webhook replay", hook, {"messages": len(again)})


def _fresh(connection: Connection, one: Endpoint, now: datetime) -> None:
    endpoints.save(
        connection, replace(one, disabled=None, disabled_at=None, failures=0, failing_since=None, next_at=None)
    )
    letters.revive(connection, [each for each in letters.of(connection, one.object_id) if not each.dead], now)


def _writing(context: Context, engine: Engine, doing: str) -> AbstractContextManager[Connection]:
    said = f"{doing} by {context.author.name}"
    return writing(engine, lock_timeout_seconds=context.lock_timeout_seconds, doing=said)


def _log(connection: Connection, context: Context, action: str, hook: Hook, detail: Mapping[str, Any]) -> None:
    origin = Origin(head(connection).serial, context.at, context.author.name, actor=context.author.detail)
    told = {key: value for key, value in detail.items() if value}
    audit.append(connection, origin, [Entry(action, f"segment.{hook.about.name}", detail=told)])
