"""The runs that moved a player, newest first, found without reading the whole of what each run keeps.

On SQLite the bytes lie in this process: they are read and asked. A server would send all of them, so it is asked
twice: for the head of each bitmap, which says where the player's container stands, and then for that container.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import ARRAY, BigInteger, Connection, Integer, bindparam, cast, func, select

from segctl.store.contained import Container, container, contains, head_length, in_container
from segctl.store.tables import TOUCHED

# as many runs as are asked for together
_TOGETHER: Final = 400
_ALL = (
    select(TOUCHED.c.serial, TOUCHED.c.players).order_by(TOUCHED.c.serial.desc()).execution_options(yield_per=50)
)
_HEADS = (
    select(TOUCHED.c.serial, func.substr(TOUCHED.c.players, 1, bindparam("length", type_=Integer)))
    .where(TOUCHED.c.serial < bindparam("before"))
    .order_by(TOUCHED.c.serial.desc())
    .limit(_TOGETHER)
)
_PLACES = (
    func.unnest(*(bindparam(name, type_=ARRAY(BigInteger)) for name in ("serials", "starts", "lengths")))
    .table_valued("serial", "start", "length")
    .render_derived()
)
_PARTS = (
    select(
        TOUCHED.c.serial,
        func.substr(TOUCHED.c.players, cast(_PLACES.c.start, Integer), cast(_PLACES.c.length, Integer)),
    )
    .join(_PLACES, _PLACES.c.serial == TOUCHED.c.serial)
    .order_by(TOUCHED.c.serial.desc())
)
_NEWEST: Final = 2**62


def runs_of(connection: Connection, player: int) -> Iterator[int]:
    """The serials of the runs that moved a player, newest first."""
    if connection.dialect.name == "postgresql":
        yield from _by_parts(connection, player)
        return
    with connection.execute(_ALL) as rows:
        for serial, stored in rows:
            if contains(stored, player):
                yield serial


def _by_parts(connection: Connection, player: int) -> Iterator[int]:
    before, several = _NEWEST, True
    while several:
        heads = connection.execute(_HEADS, {"before": before, "length": head_length(player)}).all()
        places = {serial: container(head, player) for serial, head in heads}
        yield from _having(connection, {serial: one for serial, one in places.items() if one is not None}, player)
        several = len(heads) == _TOGETHER
        before = heads[-1][0] if heads else 0


def _having(connection: Connection, places: Mapping[int, Container], player: int) -> Iterator[int]:
    """Of these runs, those whose container has the player."""
    if not places:
        return
    bound = {
        "serials": list(places),
        "starts": [one.start + 1 for one in places.values()],
        "lengths": [one.length for one in places.values()],
    }
    for serial, part in connection.execute(_PARTS, bound).all():
        if in_container(part, places[serial], player):
            yield serial
