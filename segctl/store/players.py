"""The player dictionary: each player id has one number for ever, counted from 0 without gaps.

Ids stand in chunks in the order of their numbers; all chunks but the last are full: a number names its chunk.
Where a player was forgotten, NULL stands in the place of the id: the number is never given again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, bindparam, delete, insert, select

from segctl.store.tables import PLAYER_CHUNK

CHUNK: Final = 65_536
# what is said of a number whose player was forgotten
NOBODY: Final = "(forgotten)"
_SCHEMA: Final = pa.schema([("player_id", pa.string())])
# zstd halves the file and costs 60 ms in a million ids; lz4 is slower here and larger
_OPTIONS: Final = pa.ipc.IpcWriteOptions(compression="zstd")

_ALL = select(PLAYER_CHUNK.c.ids).order_by(PLAYER_CHUNK.c.first)
_ONE = select(PLAYER_CHUNK.c.ids).where(PLAYER_CHUNK.c.first == bindparam("first"))
_LAST = select(PLAYER_CHUNK).order_by(PLAYER_CHUNK.c.first.desc()).limit(1)
_SIZE = select(PLAYER_CHUNK.c.first + PLAYER_CHUNK.c.count).order_by(PLAYER_CHUNK.c.first.desc()).limit(1)
_COVERING = select(PLAYER_CHUNK.c.first, PLAYER_CHUNK.c.ids).where(
    PLAYER_CHUNK.c.low <= bindparam("player_id"), PLAYER_CHUNK.c.high >= bindparam("player_id")
)
_COVERING = _COVERING.execution_options(yield_per=4)  # of half a megabyte each
_INSERT = insert(PLAYER_CHUNK)
_DELETE = delete(PLAYER_CHUNK).where(PLAYER_CHUNK.c.first == bindparam("was"))


def load(connection: Connection) -> pa.StringArray:
    """All ids, in the order of their numbers; NULL for who was forgotten."""
    chunks = [_decoded(row.ids) for row in connection.execute(_ALL)]
    return pa.concat_arrays(chunks) if chunks else pa.array([], pa.string())


def size(connection: Connection) -> int:
    """How many players have a number."""
    found: int | None = connection.execute(_SIZE).scalar_one_or_none()
    return found or 0


def append(connection: Connection, ids: pa.StringArray | Sequence[str]) -> int:
    """Numbers new ids by code point order and gives the first number: the k-th smallest id gets first + k.

    None of them may have a number already. Raises ValueError when an id stands twice in `ids`.
    """
    new = _sorted(ids)
    last = connection.execute(_LAST).one_or_none()
    first = 0 if last is None else last.first + last.count
    if len(new):
        rows = list(_rows(first, new, last))
        connection.execute(_DELETE, {"was": rows[0]["first"]})
        connection.execute(_INSERT, rows)
    return first


def find(connection: Connection, player_id: str) -> int | None:
    """The number of a player, or None. Reads only the chunks whose range covers the id."""
    sought = player_id.encode(errors="surrogatepass")
    with connection.execute(_COVERING, {"player_id": sought}) as rows:
        for first, stored in rows:
            place = pc.index(_decoded(stored).cast(pa.binary()), pa.scalar(sought, pa.binary())).as_py()
            if place >= 0:
                return int(first + place)
    return None


def names(connection: Connection, numbers: Iterable[int]) -> list[str]:
    """The ids of these numbers, in their order; NOBODY for who was forgotten. Reads only their chunks.

    LookupError for a number that was never given.
    """
    sought = np.fromiter(numbers, np.int64)
    firsts = sought - sought % CHUNK
    found = np.empty(len(sought), object)
    for first in np.unique(firsts):
        here = firsts == first
        found[here] = _taken(connection, int(first), sought[here] - first)
    return list(found)


def erase(connection: Connection, number: int) -> None:
    """Takes the id of a number out of the dictionary. LookupError if nobody has it."""
    first = number - number % CHUNK
    stored = connection.execute(_ONE, {"first": first}).scalar_one_or_none()
    ids = [] if stored is None else _decoded(stored).to_pylist()
    if number - first >= len(ids):
        raise LookupError("no player has this number")
    ids[number - first] = None
    # made anew, so that no buffer has the bytes of the id
    connection.execute(_DELETE, {"was": first})
    connection.execute(_INSERT, _row(first, pa.array(ids, pa.string())))


def _sorted(ids: pa.StringArray | Sequence[str]) -> pa.StringArray:
    given = pa.array(ids, pa.string())
    if given.null_count:
        raise ValueError("a player id is missing")
    ordered = given.take(pc.sort_indices(given))
    if len(ordered) > 1 and pc.any(pc.equal(ordered[1:], ordered[:-1])).as_py():
        raise ValueError("a player id stands twice")
    return ordered


def _rows(first: int, new: pa.StringArray, last: Any) -> Iterator[dict[str, Any]]:
    room = -first % CHUNK
    if last is not None and room:
        yield _row(last.first, pa.concat_arrays([_decoded(last.ids), new[:room]]))
    for start in range(room, len(new), CHUNK):
        yield _row(first + start, new[start : start + CHUNK])


def _row(first: int, ids: pa.StringArray) -> dict[str, Any]:
    bounds = pc.min_max(ids)
    return {
        "first": first,
        "count": len(ids),
        "low": (bounds["min"].as_py() or "").encode(),
        "high": (bounds["max"].as_py() or "").encode(),
        "ids": _encoded(ids),
    }


def _taken(connection: Connection, first: int, places: np.ndarray[Any, Any]) -> list[str]:
    stored = connection.execute(_ONE, {"first": first}).scalar_one_or_none()
    ids = pa.array([], pa.string()) if stored is None else _decoded(stored)
    if places.min() < 0 or places.max() >= len(ids):
        raise LookupError("no player has this number")
    return [NOBODY if one is None else one for one in ids.take(pa.array(places)).to_pylist()]


def _encoded(ids: pa.StringArray) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, _SCHEMA, options=_OPTIONS) as writer:
        writer.write_batch(pa.record_batch([ids], schema=_SCHEMA))
    encoded: bytes = sink.getvalue().to_pybytes()
    return encoded


def _decoded(stored: bytes) -> pa.StringArray:
    with pa.ipc.open_stream(stored) as reader:
        return reader.read_next_batch().column(0)
