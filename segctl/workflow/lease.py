"""A duty that a worker has taken: kept from the others for as long as it works, and given back with what came."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine

from segctl.base.errors import Refused
from segctl.store import duties
from segctl.store.duties import LEASE, Duty
from segctl.store.engine import writing
from segctl.store.worker import is_gone
from segctl.workflow.duty import Told, Work

_RENEWED_SECONDS: Final = LEASE.total_seconds() / 4
# a failure is tried again soon, and ever later
_FIRST: Final = timedelta(seconds=2)
_LONGEST: Final = timedelta(minutes=1)


def taken(work: Work, engine: Engine, name: str) -> bool:
    """Takes a duty. Whether this worker has it now. Raises: Refused."""
    with _writing(work, engine) as connection:
        return duties.claim(connection, name, work.tools.worker, work.tools.now(), is_gone) is not None


@contextmanager
def kept(work: Work, engine: Engine, names: Sequence[str], held: str | None = None) -> Iterator[None]:
    """Says from a thread that a worker is there, and renews its lease on `held`, until the block ends.

    Where that fails the lease ends, and the fence holds.
    """
    over = threading.Event()

    def renew() -> None:
        while not over.wait(_RENEWED_SECONDS):
            try:
                with _writing(work, engine) as connection:
                    duties.see(connection, names, work.tools.now())
                    if held is not None:
                        duties.renew(connection, held, work.tools.worker, work.tools.now())
            except Refused:
                continue

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def returned(work: Work, engine: Engine, name: str) -> None:
    """Gives a duty back: there was nothing to do. Raises: Refused."""
    with _writing(work, engine) as connection:
        duties.save(connection, _free(duties.locked(connection, name), work.tools.worker))


def given_back(
    work: Work, engine: Engine, name: str, seconds: float, told: Told, *, failed: str | None = None
) -> None:
    """Writes what came of a duty, for who asks and for the next worker. Raises: Refused."""
    now = work.tools.now()
    with _writing(work, engine) as connection:
        duties.see(connection, [name], now)
        found = duties.locked(connection, name)
        after = _failed(found, failed, now) if failed is not None else _done(found, seconds, now, told)
        duties.save(connection, _free(after, work.tools.worker))


def seen(work: Work, engine: Engine, names: Sequence[str]) -> None:
    """Says that a worker looks after these duties. Raises: Refused."""
    with _writing(work, engine) as connection:
        duties.see(connection, names, work.tools.now())


def _free(found: Duty, worker: str) -> Duty:
    return replace(found, worker=None, leased_until=None) if found.worker == worker else found


def _done(found: Duty, seconds: float, now: datetime, told: Told) -> Duty:
    return replace(
        found,
        done_at=now,
        milliseconds=round(seconds * 1000),
        full_at=now if told.get("full") else found.full_at,
        serial=told.get("serial", found.serial),
        failures=0,
        failing_since=None,
        outcome=None,
        next_at=None,
    )


def _failed(found: Duty, why: str, now: datetime) -> Duty:
    return replace(
        found,
        failures=found.failures + 1,
        failing_since=found.failing_since or now,
        outcome=why,
        next_at=now + min(_FIRST * 2 ** min(found.failures, 10), _LONGEST),
    )


@contextmanager
def _writing(work: Work, engine: Engine) -> Iterator[Connection]:
    seconds = work.context.lock_timeout_seconds
    with writing(engine, lock_timeout_seconds=seconds, doing="run", beside=True) as connection:
        yield connection
