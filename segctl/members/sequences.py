"""Steps that happened one after the other, for all players of a slice at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segctl.members.columns import Bools
from segctl.model.time import Duration

_NEVER = np.iinfo(np.int64).min


def moments(places: NDArray[np.int64], times: NDArray[np.int64]) -> Moments:
    """A step's events by player and time; those of players outside the slice (-1) are left out."""
    order = np.lexsort((times, places))
    order = order[places[order] >= 0]
    return places[order], times[order]


# Places and instants of a step's events, sorted by both.
Moments = tuple[NDArray[np.int64], NDArray[np.int64]]


def in_sequence(steps: Sequence[Moments], within: Duration | None, count: int) -> Bools:
    """Who has an event for each step, each later than the one before, the last within the time of the first.

    Of each event the latest start of a chain that ends with it is kept: the later it starts, the shorter it is.
    """
    places, times = steps[0]
    starts = times
    for following, instants in steps[1:]:
        starts = _continued((places, times), starts, (following, instants))
        places, times = following, instants
    found = starts != _NEVER
    if within is not None:
        found &= times - np.where(found, starts, times) <= within.seconds * 1_000_000
    marked = np.zeros(count, dtype=np.bool_)
    marked[places[found]] = True
    return marked


def _continued(before: Moments, starts: NDArray[np.int64], after: Moments) -> NDArray[np.int64]:
    """For each event of a step: the start of the latest chain that ended strictly before it, or never.

    Within one player the starts of chains never fall as time goes on, so the last event before is the best one.
    """
    at = _last_before(before, after)
    found = np.full(len(after[0]), _NEVER, dtype=np.int64)
    if len(starts):
        same = (at >= 0) & (before[0][at] == after[0])
        found[same] = starts[at[same]]
    return found


def _last_before(before: Moments, after: Moments) -> NDArray[np.int64]:
    """For each event of `after`, the position of the last one of `before` of an earlier place or time; or -1."""
    places = np.concatenate((before[0], after[0]))
    times = np.concatenate((before[1], after[1]))
    # at the same instant the later step comes first, so that it does not see the earlier one
    later = np.concatenate((np.ones(len(before[0]), dtype=np.int8), np.zeros(len(after[0]), dtype=np.int8)))
    order = np.lexsort((later, times, places))
    is_before = later[order] == 1
    seen = np.cumsum(is_before) - 1
    found = np.empty(len(after[0]), dtype=np.int64)
    found[order[~is_before] - len(before[0])] = seen[~is_before]
    return found
