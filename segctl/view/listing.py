"""The list of deployed segments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from segctl.view.figures import counted
from segctl.view.table import Column, Table

_COLUMNS = (
    Column("name", "name", stays=True, least=20),
    Column("title", "title", least=16, optional=True),
    Column("type", "type", least=7),
    Column("players", "players"),
    Column("tags", "tags", least=8, optional=True),
    Column("owner", "owner", least=8, optional=True),
    Column("updated", "updated", form="day"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A segment in a list. `players` is None where it was never evaluated."""

    name: str
    title: str
    type: str
    players: int | None
    tags: tuple[str, ...]
    owner: str
    updated: datetime
    archived: bool = False


def segments_table(segments: Iterable[Listed], *, empty: str = "No segments are deployed.") -> Table:
    """One row a segment, in the order given. Whether one is archived is told only if any is."""
    listed = list(segments)
    archived = any(one.archived for one in listed)
    columns = (*_COLUMNS, Column("archived", "archived")) if archived else _COLUMNS
    rows = [_row(one) + ((one.archived,) if archived else ()) for one in listed]
    return Table(columns, tuple(rows), empty, f"{counted(len(listed), 'segment')}.")


def _row(one: Listed) -> tuple[str | int | tuple[str, ...] | datetime | None, ...]:
    return (one.name, one.title, one.type, one.players, one.tags, one.owner, one.updated)
