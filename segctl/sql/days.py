"""Local days in SQL without a time zone conversion per row.

A zone's offset is constant between two transitions, so it is chosen by comparing with bound instants, newest
first; converting each row was measured 64 times slower on DuckDB (architecture.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case

from segctl.sql.dialects import integer, local_day

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=7)
_MICRO = timedelta(microseconds=1)


def days(time: ColumnElement[Any], zone: ZoneInfo, until: datetime) -> ColumnElement[int]:
    """The local day of each event up to `until`, in days since 1970-01-01. Before 1970, 1970's offset holds."""
    offsets = list(_offsets(zone, until))
    first, later = offsets[0][1], offsets[:0:-1]
    if not later:
        return local_day(time, integer(first))
    return local_day(time, case(*((time >= at, integer(offset)) for at, offset in later), else_=integer(first)))


def _offsets(zone: ZoneInfo, until: datetime) -> Iterator[tuple[datetime, int]]:
    """Since when the zone stood how many microseconds east of UTC, in order of time."""
    at, offset = FIRST, _offset(FIRST, zone)
    yield at, offset
    while at <= until:
        following = at + _STEP
        changed = _offset(following, zone)
        if changed != offset:
            yield _transition(at, following, zone), changed
        at, offset = following, changed


def _offset(at: datetime, zone: ZoneInfo) -> int:
    delta = at.astimezone(zone).utcoffset()
    return 0 if delta is None else delta // _MICRO


def _transition(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the offset changes; zones never change twice within a week here."""
    before = _offset(low, zone)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high
