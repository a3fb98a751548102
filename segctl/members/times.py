"""Event times that could be read in two ways are refused: an instant has a zone, or the catalog has. Pure."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from segctl.base.errors import Refused
from segctl.model.catalog import EventTable


def refuse_unclear_times(events: EventTable, answer: Any) -> None:
    """Compares the type of a table's time (the answer to AskTime) with the catalog. Raises: Refused."""
    stored = answer["time"].type
    said = f"{events.table}.{events.time}"
    if not pa.types.is_timestamp(stored):
        raise Refused(
            f"{said} is the time of `{events.name}`, and the warehouse stores {stored}.",
            "Point `time:` in segments/catalog.yaml at a timestamp.",
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
