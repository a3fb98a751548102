"""How long each segment and guard took in a run: its share of the evaluation. One row a run.

The row is compressed: the differences between their numbers, then microseconds, all in 64 bits.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select

from segctl.store.instant import as_instant, as_text
from segctl.store.tables import RUN, TIMING

_MICROS: Final = 1_000_000
_INSERT = insert(TIMING)
_SINCE = (
    select(TIMING.c.serial, RUN.c.as_of, TIMING.c.spent)
    .join(RUN, RUN.c.serial == TIMING.c.serial)
    .where(RUN.c.as_of >= bindparam("since"))
    .order_by(TIMING.c.serial)
    .execution_options(yield_per=500)
)


class Took(NamedTuple):
    """A run, as of when it was, and how long one object took in it."""

    serial: int
    at: datetime
    milliseconds: float


def record(connection: Connection, serial: int, seconds: Mapping[int, float]) -> None:
    """Keeps what a run took, by the number of the object. Nothing is kept of what took no time at all."""
    spent = sorted((object_id, max(0, round(one * _MICROS))) for object_id, one in seconds.items())
    if any(micros for _, micros in spent):
        connection.execute(_INSERT, {"serial": serial, "spent": packed(spent)})


def since(connection: Connection, object_id: int, at: datetime) -> Iterator[Took]:
    """The runs from `at` on that evaluated an object, oldest first."""
    with connection.execute(_SINCE, {"since": as_text(at)}) as rows:
        for serial, as_of, stored in rows:
            micros = dict(unpacked(stored)).get(object_id)
            if micros is not None:
                yield Took(serial, as_instant(as_of), micros / 1_000)


def packed(spent: Sequence[tuple[int, int]]) -> bytes:
    """Objects in the order of their numbers, and microseconds, as a row has them."""
    numbers = [object_id for object_id, _ in spent]
    steps = [after - before for before, after in zip([0, *numbers], numbers, strict=False)]
    return zlib.compress(array("Q", [*steps, *(micros for _, micros in spent)]).tobytes())


def unpacked(stored: bytes) -> Iterator[tuple[int, int]]:
    """What `packed` was given."""
    both = array("Q", zlib.decompress(stored))
    half = len(both) // 2
    return zip(accumulate(both[:half]), both[half:], strict=True)
