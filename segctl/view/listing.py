"""The list of deployed segments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from segctl.view.figures import counted
from segctl.view.table import Cell, Column, Table

_COLUMNS = (
    Column("name", "name", stays=True, least=20),
    Column("title", "title", least=16, optional=True),
    Column("type", "type", least=7),
    Column("players", "players"),
    Column("tags", "tags", least=8, optional=True),
    Column("owner", "owner", least=8, optional=True),
    Column("updated", "updated", form="day"),
)
_ARCHIVED = Column("archived", "archived")
_STALENESS = (
    Column("stale_seconds", "stale", form="elapsed"),
    Column("schedule", "schedule", least=8),
    Column("late", "late"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A segment in a list. `players` is None where it was never evaluated.

    `stale_seconds` is None where nothing makes its members move, `late` where no `schedule` says how stale they
    may be.
    """

    name: str
    title: str
    type: str
    players: int | None
    tags: tuple[str, ...]
    owner: str
    updated: datetime
    archived: bool = False
    stale_seconds: int | None = None
    schedule: str | None = None
    late: bool | None = None


def segments_table(segments: Iterable[Listed], *, empty: str = "No segments are deployed.") -> Table:
    """One row a segment, in the order given.

    How stale they are is told only if one states a schedule, and whether one is archived only if any is.
    """
    listed = list(segments)
    scheduled = any(one.schedule is not None for one in listed)
    archived = any(one.archived for one in listed)
    columns = (*_COLUMNS, *(_STALENESS if scheduled else ()), *((_ARCHIVED,) if archived else ()))
    rows = tuple(_row(one, scheduled=scheduled, archived=archived) for one in listed)
    late = sum(bool(one.late) for one in listed)
    note = f"{counted(len(listed), 'segment')}{f', {late} late (segctl status)' if late else ''}."
    return Table(columns, rows, empty, note)


def _row(one: Listed, *, scheduled: bool, archived: bool) -> tuple[Cell, ...]:
    usual = (one.name, one.title, one.type, one.players, one.tags, one.owner, one.updated)
    staleness = (one.stale_seconds, one.schedule, one.late) if scheduled else ()
    return (*usual, *staleness, *((one.archived,) if archived else ()))
