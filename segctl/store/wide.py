"""The moves of a player in one run that moved too many for the ledger, without reading the whole of its bitmaps.

On SQLite the bytes lie in this process; a server is asked for heads and then for containers, as in touched.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Connection,
    Integer,
    LargeBinary,
    bindparam,
    cast,
    column,
    func,
    or_,
    select,
)

from segctl.store.contained import (
    Container,
    Place,
    container,
    contains,
    head_length,
    in_container,
    lower_half,
    may_contain,
)
from segctl.store.tables import CHANGE, Text

_KEY: Final = (CHANGE.c.object_id, CHANGE.c.cause, CHANGE.c.direction)
_OF_RUN = CHANGE.c.serial == bindparam("serial")
_ALL = (
    select(*_KEY, CHANGE.c.at, CHANGE.c.players)
    .where(_OF_RUN, may_contain(CHANGE.c.players, CHANGE.c.count))
    .execution_options(yield_per=50)
)
_HEADS = select(*_KEY, CHANGE.c.at, func.substr(CHANGE.c.players, 1, bindparam("length", type_=Integer))).where(
    _OF_RUN
)
_PLACES = (
    func.unnest(
        *(bindparam(name, type_=ARRAY(BigInteger)) for name in ("objects", "starts", "lengths")),
        *(bindparam(name, type_=ARRAY(Text)) for name in ("causes", "directions")),
        bindparam("arrays", type_=ARRAY(Boolean)),
    )
    .table_valued("object_id", "start", "length", "cause", "direction", column("array", Boolean))
    .render_derived()
)
_PART = func.substr(
    CHANGE.c.players, cast(_PLACES.c.start, Integer), cast(_PLACES.c.length, Integer), type_=LargeBinary
)
# of an array, only one that may have the number is worth sending
_MAY_HAVE = or_(~_PLACES.c.array, Place(_PART, bindparam("low", type_=LargeBinary)) > 0)
_PARTS = (
    select(*_KEY, _PART)
    .join(
        _PLACES,
        (_PLACES.c.object_id == CHANGE.c.object_id)
        & (_PLACES.c.cause == CHANGE.c.cause)
        & (_PLACES.c.direction == CHANGE.c.direction),
    )
    .where(_OF_RUN, _MAY_HAVE)
)
# an object, a cause, a direction
_Key = tuple[int, Any, Any]


def in_run(connection: Connection, serial: int, player: int) -> Iterator[tuple[_Key, str]]:
    """What moved a player in a run, and its instant, in any order."""
    if connection.dialect.name == "postgresql":
        yield from _by_parts(connection, serial, player)
        return
    with connection.execute(_ALL, {"serial": serial, "low": lower_half(player)}) as rows:
        for *key, at, stored in rows:
            if contains(stored, player):
                yield _key(key), at


def _by_parts(connection: Connection, serial: int, player: int) -> Iterator[tuple[_Key, str]]:
    places, instants = dict[_Key, Container](), dict[_Key, str]()
    for *found, at, head in connection.execute(_HEADS, {"serial": serial, "length": head_length(player)}):
        place, key = container(head, player), _key(found)
        if place is not None:
            places[key], instants[key] = place, at
    bound = {
        "serial": serial,
        "objects": [object_id for object_id, _, _ in places],
        "causes": [cause for _, cause, _ in places],
        "directions": [direction for _, _, direction in places],
        "starts": [one.start + 1 for one in places.values()],
        "lengths": [one.length for one in places.values()],
        "arrays": [one.form == "array" for one in places.values()],
        "low": lower_half(player),
    }
    for *found, part in connection.execute(_PARTS, bound):
        key = _key(found)
        if in_container(part, places[key], player):
            yield key, instants[key]


def _key(found: list[Any]) -> _Key:
    object_id, cause, direction = found
    return object_id, cause, direction
