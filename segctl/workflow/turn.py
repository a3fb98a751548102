"""One turn of a worker: a look at the state, then each duty that is due and nobody else's."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import PurePath
from typing import Final

from sqlalchemy import Engine

from segctl.base.errors import Refused
from segctl.store import definitions, duties, letters, outbox, runs
from segctl.store.engine import open_state, reading
from segctl.store.state import ensure, head
from segctl.workflow.duties import DUTIES
from segctl.workflow.duty import Came, Duty, Look, Outcome, Told, Work
from segctl.workflow.lease import given_back, kept, returned, seen, taken
from segctl.workflow.staleness import stalenesses

# how often a worker writes down that it is there
SEEN: Final = timedelta(seconds=30)
NAMES: Final = tuple(one.name for one in DUTIES)


def turn(work: Work, begins: Callable[[str | None], None], tell: Callable[[Came], None]) -> Look:
    """Does what is due, and gives the state as it is then. Raises: Refused, when the state cannot be used.

    `begins` is told which duty is at hand, and None when it is over.
    """
    engine = open_state(work.context.state)
    ensure(engine, work.tools.now())
    look = looked(work, engine)
    if any(_is_unseen(work, look, name) for name in NAMES):
        seen(work, engine, NAMES)
    for duty in DUTIES:
        if work.tools.stop():
            break
        if not _may(work, look, duty):
            continue
        begins(duty.name)
        if duty.shared:
            _shared(work, engine, look, duty, tell)
        else:
            _alone(work, engine, duty, tell)
        begins(None)
        look = looked(work, engine)
    return look


def looked(work: Work, engine: Engine) -> Look:
    """The state at this moment. Raises: Refused."""
    with reading(engine) as connection:
        rows = outbox.waiting(connection)
        active = definitions.deployed(connection, archived=True).values()
        names = {one.object_id: one.name for one in active}
        written = runs.waited_for(connection)
        waiting: dict[str, int] = {}
        for row in rows:
            waiting[names[row.object_id]] = waiting.get(names[row.object_id], 0) + len(row.players)
        return Look(
            at=work.tools.now(),
            serial=head(connection).serial,
            segments=stalenesses(connection),
            members={
                one.name: one.count
                for one in active
                if one.kind == "segment" and one.status == "active" and one.count is not None
            },
            waiting=waiting,
            oldest=min(written.values(), default=None),
            dead=sum(one.dead for one in letters.everyone(connection)),
            standings=duties.everyone(connection),
        )


def _is_unseen(work: Work, look: Look, name: str) -> bool:
    last = look.standing(name).seen_at
    return last is None or work.tools.now() - last >= SEEN


def _may(work: Work, look: Look, duty: Duty) -> bool:
    """Is it due, and not one that failed just now?"""
    later = look.standing(duty.name).next_at
    return (later is None or later <= look.at) and duty.due(work, look)


def _alone(work: Work, engine: Engine, duty: Duty, tell: Callable[[Came], None]) -> None:
    """Does it under a lease, unless another worker has it, or has done it meanwhile."""
    if not taken(work, engine, duty.name):
        return
    look = looked(work, engine)
    if not _may(work, look, duty):
        returned(work, engine, duty.name)
        return
    with kept(work, engine, NAMES, held=duty.name):
        came = _came(work, look, duty)
    tell(came)
    _note(work, engine, came)


def _shared(work: Work, engine: Engine, look: Look, duty: Duty, tell: Callable[[Came], None]) -> None:
    """Does it beside others, and writes down what is news."""
    with kept(work, engine, NAMES):
        came = _came(work, look, duty)
    tell(came)
    if came.outcome != "done" or look.standing(duty.name).failures or came.told.get("delivered"):
        _note(work, engine, came)


def _came(work: Work, look: Look, duty: Duty) -> Came:
    began = time.monotonic()
    fence = partial(duties.refuse_lost, name=duty.name, worker=work.tools.worker)
    outcome: Outcome = "done"
    told: Told = {}
    refused = None
    try:
        told = duty.do(work, look, fence)
    except Refused as refusal:
        outcome, refused = "failed", refusal
    except Exception as error:  # noqa: BLE001 - a bug in one duty must not end the others
        outcome, told = "broken", _where(error)
    return Came(work.tools.now(), duty.name, outcome, time.monotonic() - began, told, refused)


def _where(error: Exception) -> Told:
    """What kind of error and where it came through: no message, since those of libraries repeat rows."""
    frames = traceback.extract_tb(error.__traceback__)
    way = [f"{PurePath(one.filename).name}:{one.lineno} {one.name}" for one in frames]
    return {"error": f"{type(error).__module__}.{type(error).__qualname__}", "at": way}


def _note(work: Work, engine: Engine, came: Came) -> None:
    match came.outcome:
        case "done":
            given_back(work, engine, came.duty, came.seconds, came.told)
        case "failed":
            why = "" if came.refused is None else came.refused.message
            given_back(work, engine, came.duty, came.seconds, came.told, failed=why)
        case "broken":
            why = f"a bug in segctl: {came.told['error']}"
            given_back(work, engine, came.duty, came.seconds, came.told, failed=why)
