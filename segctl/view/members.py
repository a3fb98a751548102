"""The members of a segment, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from segctl.view.data import instant_text
from segctl.view.figures import count, moment
from segctl.view.table import Column, Table
from segctl.view.tables import table_csv, table_text

_COLUMNS = (Column("player_id", "player", stays=True), Column("since", "since"))


@dataclass(frozen=True, slots=True)
class Since:
    """A member; `since` is None where the history does not know."""

    player_id: str
    since: datetime | None


def members_text(
    segment: str,
    members: Sequence[Since],
    *,
    total: int,
    as_of: datetime | None,
    forgotten: int = 0,
    called: str | None = None,
) -> str:
    """A table, and below it how many more there are; `called` is the name that it had then."""
    at = f", as of {moment(as_of)}" if as_of else ""
    if called is not None:
        at += f", when it was called {called}"
    if forgotten:
        at += f"; {count(forgotten)} of them {'was' if forgotten == 1 else 'were'} forgotten since"
    rest = total - forgotten - len(members)
    more = f" {count(len(members))} shown; all: --format csv" if rest else ""
    note = f"{count(total)} players{at}.{more}"
    return table_text(_table(members, f"Nobody is in {segment}{at}.", note))


def members_csv(members: Sequence[Since]) -> str:
    """CSV with a header; no cell can be taken for a formula."""
    return table_csv(_table(members))


def members_jsonl(members: Sequence[Since]) -> str:
    """One JSON object a line."""
    return "".join(
        json.dumps({"player_id": one.player_id, "since": instant_text(one.since) if one.since else None}) + "\n"
        for one in members
    )


def _table(members: Sequence[Since], empty: str = "", note: str = "") -> Table:
    return Table(_COLUMNS, tuple((one.player_id, one.since) for one in members), empty, note)
