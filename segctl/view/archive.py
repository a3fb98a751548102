"""What is archived: since when, by whom, with how many members at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segctl.view.data import instant_text
from segctl.view.figures import counted, moment, short
from segctl.view.safe import safe
from segctl.view.table import Column, Table

_COLUMNS = (
    Column("kind", "kind", least=7),
    Column("name", "name", stays=True, least=20),
    Column("title", "title", least=10, optional=True),
    Column("archived_at", "archived", form="day"),
    Column("archived_by", "by", least=8),
    Column("members", "members"),
)


@dataclass(frozen=True, slots=True)
class Ended:
    """An archived object. `members` is how many a segment had at its end, None for others."""

    kind: str
    name: str
    title: str
    at: datetime
    by: str
    members: int | None
    commit: str | None = None
    plan: str | None = None


def archive_table(ended: Iterable[Ended]) -> Table:
    """One row an object, in the order given."""
    rows = tuple((one.kind, one.name, one.title, one.at, one.by, one.members) for one in ended)
    return Table(_COLUMNS, rows, "Nothing is archived.", f"{counted(len(rows), 'object')}.")


def ended_text(one: Ended) -> str:
    """What is to know of its end, below its page."""
    commit = f" · commit {safe(short(one.commit))}" if one.commit else ""
    players = "" if one.members is None else f" · {counted(one.members, 'player')} left it"
    asked = one.name if one.kind == "segment" else f"{one.kind}.{one.name}"
    return (
        f"\nArchived {moment(one.at)} by {safe(one.by)}{commit}{players}\n"
        f"To write its file again:  segctl archive recover {safe(asked)}\n"
    )


def ended_data(one: Ended) -> dict[str, Any]:
    """The same for programs."""
    return {
        "at": instant_text(one.at),
        "by": one.by,
        "commit": one.commit,
        "plan": one.plan,
        "members": one.members,
    }
