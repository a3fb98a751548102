"""Up to when the rows of tables are all there, and when the last event of each was. Pure: reading is passed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from segctl.base.errors import Refused
from segctl.members.columns import Numbers, column
from segctl.members.kept import Keeping
from segctl.members.profile import changes_of
from segctl.model.catalog import EventTable
from segctl.model.time import EARLIEST
from segctl.sql.ask import Asked
from segctl.sql.identity import rows_of
from segctl.sql.program import Program
from segctl.sql.questions import AskDistinct, AskGrouped, AskLatest, AskMoments, AskOrdered
from segctl.sql.statements import WHOLE, Slice

# The answer to a question about everybody.
Reading = Callable[[AskLatest, Slice], Any]


def newest(program: Program, asked: Asked, keeping: Keeping, read: Reading) -> dict[str, int]:
    """Up to when the rows of each table are all there, by the table's digest. To be asked before the rows.

    A table that does not say when its rows became known is left out. Raises: Refused.
    """
    found: dict[str, int] = {}
    player = changes_of(program.player)
    for events in [*event_tables(asked), *([player] if player else [])]:
        if events.ingested is None:
            continue
        latest = _latest(events, events.ingested, read)
        if latest is None:
            continue
        # more rows may become known at the very instant of the newest
        latest = max(min(latest, keeping.at) - keeping.lag - 1, EARLIEST)
        digest = keeping.digest(rows_of(events))
        # what was all there is all there, whichever rows were deleted since
        seen = EARLIEST if keeping.before is None else keeping.before.since.get(digest, EARLIEST)
        found[digest] = max(latest, seen)
    return found


def last_events(asked: Asked, keeping: Keeping, read: Reading) -> dict[str, int]:
    """When the last event of each table was, by the table's digest: what a window passes later has no such rows.

    Left out is a table whose times must be converted, since no index finds the last one. Raises: Refused.
    """
    found: dict[str, int] = {}
    for events in event_tables(asked):
        if events.ingested is not None and events.timezone in (None, "UTC"):
            latest = _latest(events, events.time, read)
            if latest is not None:
                found[keeping.digest(rows_of(events))] = latest
    return found


def _latest(events: EventTable, name: str, read: Reading) -> int | None:
    """The newest instant in a column, in microseconds; None if it has none that can be read. Raises: Refused."""
    answer = read(AskLatest(events.table, name, events.timezone), WHOLE)
    try:
        value = column(answer["latest"], "datetime", f"{events.table}.{name}", timezone=events.timezone)
    except Refused:  # `catalog check` says what is wrong with it; a run that evaluates everything does without
        return None
    assert isinstance(value, Numbers)  # noqa: S101 - column() gives numbers for instants
    return int(value.values[0]) if value.valid is None or value.valid[0] else EARLIEST


def event_tables(asked: Asked) -> list[EventTable]:
    """The event tables that are asked, each once."""
    return list(
        {
            question.events: None
            for question in asked.questions
            if isinstance(question, AskGrouped | AskOrdered | AskDistinct | AskMoments)
        }
    )
