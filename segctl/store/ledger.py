"""The ledger: the history once more, by player. It is made from the changes of each run and says nothing new.

A run is entered as one page. When pages of runs hold enough, they become a page for each few thousand players, so
that a player's moves of a year stand in some hundred small pages. A run that moves more than the ledger takes
stands in `touched` instead: who was moved, whatever the object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

import numpy as np
from pyroaring import BitMap
from sqlalchemy import Connection, Integer, LargeBinary, bindparam, cast, delete, func, insert, select, update

from segctl.model.time import micros
from segctl.store import players
from segctl.store.batches import in_batches
from segctl.store.contained import Place
from segctl.store.instant import as_instant
from segctl.store.ledger_page import (
    HEAD,
    MOST_RUNS,
    PLAYERS,
    UNDIVIDED,
    Entry,
    Page,
    decoded,
    divided,
    encoded,
    entries,
    merged,
    page_of_run,
    sought,
    without,
)
from segctl.store.tables import CHANGE, LEDGER, TOUCHED

# of an object and a kind, who moved
Moved = tuple[int, int, BitMap]
# sorting so many takes a tenth of a second of the writing transaction; of more players a run may move as many
MOST_MOVES: Final = 1_000_000
# what a page of divided moves should hold, and what is kept undivided at most
_ENOUGH: Final = 512
_MOST_TOGETHER: Final = 262_144

_WHOSE = func.substr(
    LEDGER.c.moves, HEAD + 1, cast(LEDGER.c.count * bindparam("width", type_=Integer), Integer), type_=LargeBinary
)
_PAGES = (
    select(LEDGER.c.moves)
    .where(LEDGER.c.page == bindparam("page"), Place(_WHOSE, bindparam("sought", type_=LargeBinary)) > 0)
    .order_by(LEDGER.c.last.desc())
    .execution_options(yield_per=100)
)
_HAVING = select(LEDGER.c.page, LEDGER.c.last, LEDGER.c.moves).where(
    LEDGER.c.page.in_(bindparam("pages", expanding=True))
)
_WAITING = select(func.count(), func.coalesce(func.sum(LEDGER.c.count), 0)).where(LEDGER.c.page == UNDIVIDED)
_OF_RUNS = select(LEDGER.c.moves).where(LEDGER.c.page == UNDIVIDED).order_by(LEDGER.c.last)
_INSERT = insert(LEDGER)
_INSERT_TOUCHED = insert(TOUCHED)
_DROP_OF_RUNS = delete(LEDGER).where(LEDGER.c.page == UNDIVIDED)
_THIS = (LEDGER.c.page == bindparam("number"), LEDGER.c.last == bindparam("until"))
_REWRITE = update(LEDGER).where(*_THIS)
_DROP = delete(LEDGER).where(*_THIS)
_HISTORY = (
    select(CHANGE.c.serial, CHANGE.c.at, CHANGE.c.object_id, CHANGE.c.cause, CHANGE.c.direction, CHANGE.c.players)
    .order_by(CHANGE.c.serial)
    .execution_options(yield_per=500)
)
_DROP_TOUCHED = delete(TOUCHED).where(TOUCHED.c.serial.in_(bindparam("serials", expanding=True)))


def enter(connection: Connection, serial: int, at: datetime, moved: Sequence[Moved]) -> None:
    """Enters who moved in one run, which is newer than all that were entered."""
    known = players.size(connection)
    if sum(len(who) for _, _, who in moved) > max(MOST_MOVES, known):
        touched = BitMap.union(*(who for _, _, who in moved))
        connection.execute(_INSERT_TOUCHED, {"serial": serial, "players": touched.serialize()})
        return
    page = _page(serial, at, moved)
    runs, count = connection.execute(_WAITING).one()
    if runs + 1 < MOST_RUNS and int(count) + len(page.players) < _enough(known):
        connection.execute(_INSERT, _row(UNDIVIDED, page))
        return
    waiting = [decoded(stored) for (stored,) in connection.execute(_OF_RUNS)]
    if runs:
        connection.execute(_DROP_OF_RUNS)
    _divide(connection, [*waiting, page])


def of_player(connection: Connection, player: int) -> Iterator[list[Entry]]:
    """The moves of a player, a page at a time, newest page first; within one, oldest first."""
    for page in (UNDIVIDED, player // PLAYERS):
        key = sought(player, page)
        bound = {"page": page, "sought": key, "width": len(key)}
        with connection.execute(_PAGES, bound) as rows:
            for (stored,) in rows:
                if found := entries(stored, player):
                    yield found


def forget(connection: Connection, player: int) -> None:
    """Takes a player out of all pages."""
    rows = connection.execute(_HAVING, {"pages": [UNDIVIDED, player // PLAYERS]}).all()
    for page, last, stored in rows:
        if not entries(stored, player):
            continue
        key, left = {"number": page, "until": last}, without(stored, player, page)
        if left is None:
            connection.execute(_DROP, key)
        else:
            connection.execute(_REWRITE, {**key, "count": len(decoded(left).players), "moves": left})


def build(connection: Connection, kind: Callable[[str, str], int]) -> None:
    """Enters a history that was written without a ledger; `kind` numbers cause and direction."""
    known, waiting, entered = players.size(connection), list[Page](), list[int]()
    enough, most = _enough(known), max(MOST_MOVES, known)
    with connection.execute(_HISTORY) as rows:
        for (serial, at), group in groupby(rows, key=lambda row: (row.serial, row.at)):
            moved = [
                (row.object_id, kind(row.cause, row.direction), BitMap.deserialize(row.players)) for row in group
            ]
            if not 0 < sum(len(who) for _, _, who in moved) <= most:
                continue
            entered.append(serial)
            waiting.append(_page(serial, as_instant(at), moved))
            if len(waiting) == MOST_RUNS or sum(len(one.players) for one in waiting) >= enough:
                _divide(connection, waiting)
                waiting = []
    if waiting:
        connection.execute(_INSERT, [_row(UNDIVIDED, one) for one in waiting])
    for serials in in_batches(entered):
        connection.execute(_DROP_TOUCHED, {"serials": serials})


def _page(serial: int, at: datetime, moved: Sequence[Moved]) -> Page:
    return page_of_run(
        serial, micros(at), [(whose, kind, np.asarray(who.to_array())) for whose, kind, who in moved]
    )


def _enough(known: int) -> int:
    return min(_ENOUGH * (known // PLAYERS + 1), _MOST_TOGETHER)


def _divide(connection: Connection, waiting: Sequence[Page]) -> None:
    connection.execute(_INSERT, [_row(number, page) for number, page in divided(merged(waiting))])


def _row(number: int, page: Page) -> dict[str, Any]:
    return {
        "page": number,
        "last": int(page.serials[-1]),
        "count": len(page.players),
        "moves": encoded(page, number),
    }
