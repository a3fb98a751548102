"""How things stand in one environment: what is deployed and late, what ran last, what differs from the files."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.store import runs
from segctl.store.runs import Run
from segctl.workflow.context import Context
from segctl.workflow.difference import compared
from segctl.workflow.late import lateness
from segctl.workflow.load import Loaded
from segctl.workflow.staleness import stalenesses
from segctl.workflow.state import looking


@dataclass(frozen=True, slots=True)
class Standing:
    """`differences` counts objects that a plan would change; `members` counts over all segments.

    `late` counts segments that are staler than they may be, of those that are `scheduled`.
    """

    serial: int
    segments: int
    members: int
    last_run: Run | None
    differences: int
    scheduled: int
    late: int


def standing(context: Context, loaded: Loaded) -> Standing:
    """How things stand now. Raises: Mistakes, Refused."""
    with looking(context) as connection:
        found = compared(connection, loaded)
        stale = stalenesses(connection)
        segments = [one for one in found.deployed.values() if one.kind == "segment" and one.status == "active"]
        return Standing(
            serial=found.head.serial,
            segments=len(segments),
            members=sum(one.count or 0 for one in segments),
            last_run=next(iter(runs.recent(connection, 1)), None),
            differences=len(found.steps),
            scheduled=sum(one.schedule is not None for one in stale),
            late=len(lateness(context, stale)),
        )
