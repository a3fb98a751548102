"""Event times that could be read in two ways are refused: an instant has a zone, or the catalog has. Pure."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from segctl.base.errors import Refused
from segctl.model.catalog import EventTable


def times_of(events: EventTable) -> list[str]:
    """The stored columns that are instants: the time of the event, and others that the catalog declares."""
    declared = [column.source for column in events.columns if column.type == "datetime"]
    return list(dict.fromkeys([events.time, *(source for source in declared if isinstance(source, str))]))


def refuse_unclear_times(events: EventTable, time: str, answer: Any) -> None:
    """Compares the type of one of a table's times (the answer to AskTime) with the catalog. Raises: Refused."""
    stored = answer["time"].type
    said = f"{events.table}.{time}"
    if not pa.types.is_timestamp(stored):
        raise Refused(
            f"{said} is a time of `{events.name}`, and the warehouse stores {stored}.",
            "Point `time:`, or the column, in segments/catalog.yaml at a timestamp.",
        )
    if stored.tz is None and events.timezone is None:
        raise Refused(
            f"{said} is a timestamp without a time zone, and the catalog does not say in which it was written.",
            "Declare `timezone:` for the event in segments/catalog.yaml, e.g. `timezone: UTC`.",
        )
    if stored.tz is not None and events.timezone is not None:
        raise Refused(
            f"{said} is a timestamp with a time zone, and the catalog declares another one, {events.timezone}.",
            "Remove `timezone:` from the event in segments/catalog.yaml.",
        )
