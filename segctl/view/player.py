"""Which segments a player is in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from segctl.view.figures import moment
from segctl.view.table import Column, Table

_COLUMNS = (
    Column("segment", "segment", stays=True),
    Column("title", "title"),
    Column("since", "since"),
)


@dataclass(frozen=True, slots=True)
class Since:
    """A segment that a player is in; `since` is None where it is not known."""

    segment: str
    title: str
    since: datetime | None


def player_table(segments: Iterable[Since], *, player: str, as_of: datetime | None) -> Table:
    """One row for each segment. `as_of` is the instant the members are true for, None if they never were told."""
    rows = tuple((one.segment, one.title, one.since) for one in segments)
    note = f"As of {moment(as_of)}." if as_of else ""
    return Table(_COLUMNS, rows, f"{player} is in no segment.", note)
