"""Local days in SQL without a time zone conversion per row.

A zone's offset is constant between two transitions, so it is chosen by comparing with bound instants, newest
first; converting each row was measured 64 times slower on DuckDB (architecture.md).
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from segctl.model.time import moment, offsets
from segctl.sql.dialects import integer, local_day
from segctl.sql.stepped import stepped


def days(time: ColumnElement[Any], zone: ZoneInfo, until: int, *, naive: bool) -> ColumnElement[int]:
    """The local day of each event up to `until`, in days since 1970-01-01. Before 1970, 1970's offset holds.

    `until` is in microseconds; `naive` says that the column holds UTC without saying so.
    """
    (_, first), *later = offsets(zone, 0, until)
    if not later:
        return local_day(time, integer(first))
    bounds = [moment(at).replace(tzinfo=None) if naive else moment(at) for at, _ in reversed(later)]
    return local_day(time, stepped(time, ">=", bounds, [east for _, east in reversed(later)], first))
