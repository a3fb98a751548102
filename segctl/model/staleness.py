"""How stale members are, how stale their schedule lets them be, and when they fall due. Plain data: no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from segctl.model.time import Clock, Duration, moment, shifted


@dataclass(frozen=True, slots=True)
class Staleness:
    """Of one segment whose members can move by themselves.

    `as_of` is the instant that its members are true for, None if it never had any; `refreshed` says that a refresh
    has found them, and not only the apply that deployed it.
    """

    name: str
    schedule: Duration | None
    as_of: datetime | None
    refreshed: bool = True

    def stale(self, now: datetime) -> timedelta | None:
        """For how long its members have been what they are; None if it never had any."""
        return None if self.as_of is None else max(now - self.as_of, timedelta())

    def late(self, now: datetime, zone: ZoneInfo) -> timedelta | None:
        """By how much they are staler than they may be; None if they are not, or where nothing says so."""
        if self.schedule is None:
            return None
        if self.as_of is None:
            return timedelta()
        by = now - ends(self.as_of, self.schedule, zone)
        return by if by > timedelta() else None


def ends(as_of: datetime, schedule: Duration, zone: ZoneInfo) -> datetime:
    """The instant up to which members of `as_of` are fresh enough."""
    return moment(shifted(Clock(as_of, zone), schedule, 1))


def due_at(
    segments: Iterable[Staleness], zone: ZoneInfo, lead: timedelta, usual: Duration | None = None
) -> datetime | None:
    """When everything is to be refreshed for all of them to stay fresh enough; None if no schedule says so.

    All are refreshed together, at one instant, when the first falls due. `lead` is how long before, since a
    refresh takes its time; it never comes before half of a schedule is over. `usual` is for those that state none.
    """
    found = []
    for one in segments:
        schedule = one.schedule or usual
        if schedule is None:
            continue
        if one.as_of is None:
            return datetime.min.replace(tzinfo=zone)
        end = ends(one.as_of, schedule, zone)
        found.append(end - min(lead, (end - one.as_of) / 2))
    return min(found, default=None)
