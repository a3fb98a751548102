"""A worker as monitors see it: is it going on, and its numbers."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from segctl.cli.listening import Answer
from segctl.model.staleness import Staleness, ends
from segctl.version import VERSION
from segctl.view.data import json_text
from segctl.view.metrics import CONTENT_TYPE, Metrics, SegmentLag, metrics_text
from segctl.workflow.duty import Look, Work
from segctl.workflow.tally import Tally

# between two turns, beside the time that it waits; within one duty
_IDLE_SECONDS = 120.0
_BUSY_SECONDS = 3600.0


def health_page(tally: Tally, doing: Work) -> Answer:
    """200 while the worker goes on, 503 when it hangs. A database that is away does not make it ill."""
    with tally.lock:
        duty, since, up = tally.duty, time.monotonic() - tally.beat, tally.state_up
    most = _IDLE_SECONDS + doing.every.total_seconds() if duty is None else _BUSY_SECONDS
    about = {"healthy": since <= most, "duty": duty, "seconds": round(since, 1), "state_up": up}
    return Answer(200 if since <= most else 503, "application/json", json_text(about))


def metrics_page(tally: Tally, doing: Work) -> Answer:
    """All numbers as they are now: ages go on between two looks at the state."""
    now = datetime.now(UTC)
    with tally.lock:
        known = Metrics(
            version=VERSION,
            state_up=tally.state_up is True,
            runs={(duty, outcome): number for (duty, outcome), number in tally.runs.items()},
            seconds=dict(tally.seconds),
            joined=tally.joined,
            left=tally.left,
        )
        look = tally.look
    return Answer(200, CONTENT_TYPE, metrics_text(known if look is None else _with(known, look, doing, now)))


def _with(known: Metrics, look: Look, doing: Work, now: datetime) -> Metrics:

    standings = look.standings.values()
    return replace(
        known,
        done_at={one.name: one.done_at.timestamp() for one in standings if one.done_at is not None},
        failures={one.name: one.failures for one in standings},
        lags=[_lag(one, doing, now) for one in look.segments],
        members=look.members,
        waiting=look.waiting,
        oldest_seconds=0.0 if look.oldest is None else max(now - look.oldest, timedelta()).total_seconds(),
        dead=look.dead,
    )


def _lag(one: Staleness, doing: Work, now: datetime) -> SegmentLag:
    zone, schedule = doing.context.clock.zone, one.schedule or doing.usual
    stale = one.stale(now)
    allowed = None if schedule is None else (ends(now, schedule, zone) - now).total_seconds()
    late = allowed is not None and (stale is None or stale.total_seconds() > allowed)
    return SegmentLag(one.name, None if stale is None else stale.total_seconds(), allowed, late)
