"""One worker's visit to one webhook: what waits is sent a batch at a time, and what came is written after each."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Engine

from segctl.deliver.answer import Answer, unreachable
from segctl.deliver.courier import FAILURES, Round, send
from segctl.deliver.line import Line, Patience
from segctl.deliver.target import Target, Unusable
from segctl.deliver.wire import Resolve, resolved
from segctl.store.endpoints import Endpoint
from segctl.store.engine import reading, writing
from segctl.workflow.context import Context
from segctl.workflow.delivered import Told, record
from segctl.workflow.hooks import Hook, target_of
from segctl.workflow.parcels import Batch, batch_of

# requests to one receiver at a time
LINES: Final = 8
_BATCH: Final = 1_000
# after so long no request of a batch is begun, and no batch of a visit: well within a lease
_BATCH_SECONDS: Final = 5.0
_VISIT_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker works with: its name, the clock, chance, and what tells it to stop."""

    worker: str
    now: Callable[[], datetime]
    roll: Callable[[], float]
    stop: Callable[[], bool] = lambda: False
    patience: Patience = field(default_factory=Patience)
    resolve: Resolve = resolved
    trust: Callable[[], ssl.SSLContext] | None = None


# nothing is left that may be sent now; the receiver is down; there is more to send
End = Literal["done", "down", "more"]


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a visit. `down` is why no more was tried, if it was for that."""

    object_id: int
    end: End
    told: Told
    down: Answer | None = None
    failing_since: datetime | None = None


def visit(context: Context, engine: Engine, hook: Hook, endpoint: Endpoint, tools: Tools) -> Visit:
    """Sends what waits for one webhook, which this worker has taken."""
    where = target_of(context, hook)
    if isinstance(where, Unusable):
        down = unreachable(where.why)
        batch = Batch((), {}, {}, {})
        after, told = _record(context, engine, hook, tools, batch, Round((), down), more=False)
        return Visit(hook.about.id, "down", told, down, after.failing_since)
    return _sent(context, engine, hook, endpoint, where, tools)


def _sent(context: Context, engine: Engine, hook: Hook, endpoint: Endpoint, where: Target, tools: Tools) -> Visit:
    until = time.monotonic() + _VISIT_SECONDS
    total = Told()
    with ExitStack() as opened:
        lines = list(_lines(opened, where, tools))
        while True:
            # after a failure a single request finds out whether it is over
            probing = bool(endpoint.failures)
            most = (hook.batch or 1) if probing else max(_BATCH, LINES * (hook.batch or 1))
            with reading(engine) as connection:
                batch = batch_of(connection, hook, endpoint, tools.now(), most)
            busy = lines[:1] if probing else lines
            failures = 1 if probing else FAILURES
            done = send(batch.parcels, busy, failures=failures, seconds=_BATCH_SECONDS, stop=tools.stop)
            more = bool(done.sent) and done.down is None and not tools.stop() and time.monotonic() < until
            endpoint, told = _record(context, engine, hook, tools, batch, done, more=more)
            total += told
            if not more or endpoint.worker != tools.worker:
                return Visit(hook.about.id, _end(batch, done), total, done.down, endpoint.failing_since)


def _end(batch: Batch, done: Round) -> End:
    if done.down is not None:
        return "down"
    return "more" if batch.parcels else "done"


def _lines(opened: ExitStack, where: Target, tools: Tools) -> Iterator[Line]:
    for _ in range(LINES):
        line = Line(where, tools.now, patience=tools.patience, resolve=tools.resolve, trust=tools.trust)
        opened.callback(line.close)
        yield line


def _record(
    context: Context, engine: Engine, hook: Hook, tools: Tools, batch: Batch, done: Round, *, more: bool
) -> tuple[Endpoint, Told]:
    with writing(
        engine, lock_timeout_seconds=context.lock_timeout_seconds, doing="deliver", beside=True
    ) as connection:
        return record(connection, hook, tools.worker, batch, done, tools.now(), tools.roll, more=more)
