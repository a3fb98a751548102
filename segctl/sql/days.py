"""Local days in SQL without a time zone conversion per row.

A zone's offset is constant between two transitions, so it is chosen by comparing with bound instants, newest
first; converting each row was measured 64 times slower on DuckDB (architecture.md).
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case

from segctl.model.time import moment, offsets
from segctl.sql.dialects import integer, local_day


def days(time: ColumnElement[Any], zone: ZoneInfo, until: int, *, naive: bool) -> ColumnElement[int]:
    """The local day of each event up to `until`, in days since 1970-01-01. Before 1970, 1970's offset holds.

    `until` is in microseconds; `naive` says that the column holds UTC without saying so.
    """
    (_, first), *later = offsets(zone, 0, until)
    if not later:
        return local_day(time, integer(first))
    bounds = [(moment(at).replace(tzinfo=None) if naive else moment(at), east) for at, east in reversed(later)]
    return local_day(time, case(*((time >= at, integer(east)) for at, east in bounds), else_=integer(first)))
