"""What is late in a state, and why: asked by people, by monitors, and by the list of segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from segctl.model.staleness import Staleness
from segctl.store import duties, outbox, runs
from segctl.store.duties import LEASE, Duty
from segctl.workflow.context import Context
from segctl.workflow.duty import REFRESH
from segctl.workflow.staleness import stalenesses
from segctl.workflow.state import looking

# nobody runs a worker; the last one fell silent; refreshes fail; one is under way; they take too long
Why = Literal["no worker", "worker down", "failing", "under way", "too slow"]
SILENT: Final = LEASE


@dataclass(frozen=True, slots=True)
class Late:
    """How a state stands at an instant. `late` is by how much, by name; `why` is None if nothing is late.

    `waiting` messages are in the outbox, the oldest of a run written at `oldest`.
    """

    at: datetime
    segments: Sequence[Staleness]
    late: Mapping[str, timedelta]
    why: Why | None
    duties: Mapping[str, Duty]
    waiting: int
    oldest: datetime | None

    @property
    def seen_at(self) -> datetime | None:
        """When a worker last said that it is there."""
        return max((one.seen_at for one in self.duties.values() if one.seen_at is not None), default=None)

    @property
    def failing(self) -> Sequence[Duty]:
        return [one for one in self.duties.values() if one.failures]


def late(context: Context) -> Late:
    """How the state stands now. Raises: Refused."""
    with looking(context) as connection:
        segments, known = stalenesses(connection), duties.everyone(connection)
        waiting = sum(len(one.players) for one in outbox.waiting(connection))
        oldest = min(runs.waited_for(connection).values(), default=None)
    found = lateness(context, segments)
    why = _why(known.get(REFRESH), context.at) if found else None
    return Late(context.at, segments, found, why, known, waiting, oldest)


def lateness(context: Context, segments: Sequence[Staleness]) -> dict[str, timedelta]:
    """By how much segments are staler than they may be; those that are not are missing."""
    by = {one.name: one.late(context.at, context.clock.zone) for one in segments}
    return {name: late for name, late in by.items() if late is not None}


def _why(refresh: Duty | None, now: datetime) -> Why:
    if refresh is None or refresh.seen_at is None:
        return "no worker"
    if now - refresh.seen_at > SILENT:
        return "worker down"
    if refresh.failures:
        return "failing"
    return "under way" if refresh.is_held(now) else "too slow"
