"""Delivers what waits: one pass over all webhooks that may be sent to now, several at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Engine

from segctl.deliver.answer import Answer
from segctl.deliver.backoff import GIVE_UP
from segctl.store import endpoints, outbox
from segctl.store.endpoints import Disabled, Endpoint
from segctl.store.engine import open_state, reading, writing
from segctl.store.state import ensure
from segctl.store.worker import is_gone
from segctl.workflow.context import Context
from segctl.workflow.delivered import Told
from segctl.workflow.disabling import disable
from segctl.workflow.hooks import Hook, hooks
from segctl.workflow.sending import Tools, Visit, visit
from segctl.workflow.swept import sweep

# webhooks that one worker sends to at a time
ENDPOINTS: Final = 8


@dataclass(frozen=True, slots=True)
class Down:
    """A webhook that could not be sent to: why, and when it is tried again, or that it was disabled for that."""

    name: str
    why: str
    next_at: datetime | None
    disabled: Disabled | None


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass did. `waiting` messages are left, of which nothing could be sent now."""

    told: Told
    webhooks: int
    down: Sequence[Down]
    waiting: int
    seconds: float = 0.0


@dataclass(slots=True)
class _Shared:
    """What the threads of a pass have in common. `left` are the webhooks that none of them has yet."""

    context: Context
    engine: Engine
    tools: Tools
    hooks: Mapping[int, Hook]
    left: set[int]
    told: Told = field(default_factory=Told)
    down: dict[int, Answer] = field(default_factory=dict)
    visited: set[int] = field(default_factory=set)
    errors: list[BaseException] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def claim(self) -> Endpoint | None:
        with self.lock:
            if not self.left or self.errors or self.tools.stop():
                return None
            with writing(
                self.engine,
                lock_timeout_seconds=self.context.lock_timeout_seconds,
                doing="deliver",
                beside=True,
            ) as connection:
                found = endpoints.claim(connection, self.tools.worker, self.tools.now(), is_gone, self.left)
            self.left -= set() if found is None else {found.object_id}
            return found

    def note(self, done: Visit) -> None:
        with self.lock:
            self.told += done.told
            self.visited.add(done.object_id)
            if done.down is not None:
                self.down[done.object_id] = done.down
            if done.end == "more":
                self.left.add(done.object_id)


def deliver(context: Context, tools: Tools) -> Pass:
    """Sends everything that may be sent now. Raises: Refused, when the state cannot be used."""
    started = time.monotonic()
    engine = open_state(context.state)
    ensure(engine, context.at)
    with reading(engine) as connection:
        known = hooks(connection)
        waiting = {one.object_id for one in outbox.waiting(connection)}
    dropped = sweep(context, engine, known, tools.now()) if waiting else 0
    shared = _Shared(context, engine, tools, known, left=waiting & known.keys())
    _at_once(shared, min(ENDPOINTS, len(shared.left)))
    if shared.errors:
        raise shared.errors[0]
    return replace(_passed(shared, dropped), seconds=time.monotonic() - started)


def _at_once(shared: _Shared, number: int) -> None:
    """Daemons: who interrupts a pass does not wait for a slow receiver, and what is not written is sent again."""
    if number == 1:
        _work(shared)
        return
    threads = [threading.Thread(target=_work, args=(shared,), daemon=True) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _work(shared: _Shared) -> None:
    try:
        while (endpoint := shared.claim()) is not None:
            hook = shared.hooks[endpoint.object_id]
            done = visit(shared.context, shared.engine, hook, endpoint, shared.tools)
            _disable_if_hopeless(shared, hook, done)
            shared.note(done)
    except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits for this one
        shared.errors.append(error)


def _disable_if_hopeless(shared: _Shared, hook: Hook, done: Visit) -> None:
    now, since = shared.tools.now(), done.failing_since
    if done.down is not None and done.down.verdict == "gone":
        disable(shared.context, shared.engine, hook, "gone", now)
    elif since is not None and now - since >= GIVE_UP:
        disable(shared.context, shared.engine, hook, "failing", now)


def _passed(shared: _Shared, dropped: int) -> Pass:
    with reading(shared.engine) as connection:
        known = endpoints.everyone(connection)
        left = sum(len(one.players) for one in outbox.waiting(connection))
    down = [
        Down(shared.hooks[key].about.name, answer.outcome, known[key].next_at, known[key].disabled)
        for key, answer in shared.down.items()
    ]
    told = shared.told + Told(dropped=dropped)
    return Pass(told, len(shared.visited), sorted(down, key=lambda one: one.name), left)
