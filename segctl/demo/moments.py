"""Events before they have columns: when, who, and a small code, since rows are dear to sort. Draws nothing."""

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from segctl.demo.draws import Ints


@dataclass(frozen=True, slots=True)
class Moments:
    """Events of one table: microseconds since 1970, players from 0, and a code that each table reads its own way.

    `ends` is the end of a session and the expiry of a bonus, and 0 in other tables.
    """

    starts: Ints
    ends: Ints
    player: Ints
    detail: Ints


def moments(starts: Ints, player: Ints, detail: Ints | int = 0, ends: Ints | int = 0) -> Moments:
    """Moments whose code or end may be one for all."""
    return Moments(starts, np.broadcast_to(ends, starts.shape), player, np.broadcast_to(detail, starts.shape))


def together(*parts: Moments) -> Moments:
    """All moments of the parts."""
    return Moments(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Moments)))


def to_arrow(staged: Moments) -> pa.Table:
    """The columns of `tables.STAGED`."""
    return pa.table({each.name: np.ascontiguousarray(getattr(staged, each.name)) for each in fields(Moments)})


def from_arrow(staged: pa.Table) -> Moments:
    """The other way."""
    return Moments(*(staged[each.name].to_numpy().astype(np.int64) for each in fields(Moments)))
