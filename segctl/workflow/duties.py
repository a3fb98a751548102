"""The duties of a worker, in their order. What another one does is written here and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from segctl.base.timings import started
from segctl.model.staleness import due_at
from segctl.model.time import Clock
from segctl.workflow.context import Context
from segctl.workflow.deliver import deliver
from segctl.workflow.duty import DELIVER, PUBLISH, REFRESH, Duty, Fence, Look, Told, Work
from segctl.workflow.publish import publish
from segctl.workflow.refresh import refresh

# a refresh that took a second begins two before it is due: the next may take longer
_LEAD: Final = 2


def _is_refresh_due(work: Work, look: Look) -> bool:
    standing = look.standing(REFRESH)
    lead = _LEAD * timedelta(milliseconds=standing.milliseconds) + work.every
    due = due_at(look.segments, work.context.clock.zone, lead, work.usual)
    return due is not None and due <= look.at


def _refresh(work: Work, look: Look, fence: Fence) -> Told:
    """Everything deployed, at one instant: all share the reads, and no segment contradicts one that it uses."""
    last = look.standing(REFRESH).full_at
    full = work.full_every is not None and (last is None or look.at - last >= work.full_every)
    done = refresh(replace(_now(work), timings=started()), full=full, refuse=fence)
    looked = done.looked
    return {
        "serial": done.receipt.serial,
        "segments": len(done.effects),
        "joined": done.receipt.joined,
        "left": done.receipt.left,
        "messages": done.receipt.messages,
        "players": looked.players,
        "full": not looked.incremental,
    }


def _is_publishing_due(work: Work, look: Look) -> bool:
    return work.context.publishes and look.serial != look.standing(PUBLISH).serial


def _publish(work: Work, look: Look, fence: Fence) -> Told:
    """Up to the state as it is then. A mirror has a lock of its own, and its cursor: no fence is needed."""
    del look, fence
    done = publish(_now(work))
    put = done.put
    return {
        "serial": done.serial,
        "segments": done.segments,
        "members": done.members,
        "held": done.held,
        "added": put.added,
        "removed": put.removed,
        "moves": put.told,
    }


def _is_delivery_due(work: Work, look: Look) -> bool:
    del work
    return bool(look.waiting)


def _deliver(work: Work, look: Look, fence: Fence) -> Told:
    """Workers share this one: each webhook has a lease of its own."""
    del look, fence
    done = deliver(_now(work), work.tools)
    told = done.told
    return {
        "delivered": told.delivered,
        "failed": told.failed,
        "dropped": told.dropped,
        "waiting": done.waiting,
        "webhooks": done.webhooks,
        "down": [one.name for one in done.down],
    }


def _now(work: Work) -> Context:
    now = work.tools.now()
    return replace(work.context, at=now, clock=Clock(now, work.context.clock.zone))


DUTIES: Final = (
    Duty(REFRESH, _is_refresh_due, _refresh),
    # before webhooks: whoever is told of a move finds it in the tables
    Duty(PUBLISH, _is_publishing_due, _publish),
    Duty(DELIVER, _is_delivery_due, _deliver, shared=True),
)
