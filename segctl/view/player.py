"""A player's page: which segments they are in, and each time they joined or left one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segctl.view.data import instant_text
from segctl.view.figures import moment
from segctl.view.history import PlayerMove, player_history
from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted
from segctl.view.table import Column, Table
from segctl.view.tables import NARROW, table_text

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


@dataclass(frozen=True, slots=True)
class Page:
    """A player: the segments of now, by name, and moves, newest first. `more` says that there are older ones.

    `as_of` is the instant the segments are true for, None if they never were told.
    """

    player: str
    segments: tuple[Since, ...]
    moves: tuple[PlayerMove, ...]
    as_of: datetime | None
    more: bool = False


def player_table(segments: Iterable[Since], *, player: str, as_of: datetime | None) -> Table:
    """One row for each segment. `as_of` is the instant the members are true for, None if they never were told."""
    rows = tuple((one.segment, one.title, one.since) for one in segments)
    note = f"As of {moment(as_of)}." if as_of else ""
    return Table(_COLUMNS, rows, f"{player} is in no segment.", note)


def page_text(page: Page, *, width: int | None = NARROW, style: Style = PLAIN) -> str:
    """Both tables, one below the other. Nothing that the warehouse knows of the player stands in it."""
    now = table_text(player_table(page.segments, player=page.player, as_of=page.as_of), width=width, style=style)
    then = table_text(player_history(page.moves, player=page.player), width=width, style=style)
    heads = [
        painted(text, style.strong) for text in (f"{safe(page.player)} is in", "Joined and left, newest first")
    ]
    rest = "\nOlder ones: segctl history --player ID\n" if page.more else ""
    return f"{heads[0]}\n{now}\n{heads[1]}\n{then}{rest}"


def page_data(page: Page) -> dict[str, Any]:
    """The same for programs."""
    return {
        "player": page.player,
        "as_of": None if page.as_of is None else instant_text(page.as_of),
        "segments": [
            {
                "segment": one.segment,
                "title": one.title,
                "since": None if one.since is None else instant_text(one.since),
            }
            for one in page.segments
        ],
        "moves": [
            {
                "at": instant_text(one.at),
                "segment": one.segment,
                "direction": one.direction,
                "cause": one.cause,
                "state": one.state,
            }
            for one in page.moves
        ],
        "more": page.more,
    }
