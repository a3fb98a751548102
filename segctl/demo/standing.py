"""How an account stands: its status, exclusions, time outs and loss limits. Draws no events."""

from dataclasses import dataclass

import numpy as np

from segctl.demo.draws import DAY, MINUTE, Bools, Ints, pick
from segctl.demo.people import REGULAR, VISITOR, People
from segctl.demo.visits import Visits, last_end

STATUSES = ("registered", "active", "fully_identified", "suspended", "closed")
REGISTERED, ACTIVE, IDENTIFIED, SUSPENDED, CLOSED = range(5)
TIME_OUT_DAYS = np.array([1, 7, 30, 180])
LIMITS = np.array([10, 20, 50, 100, 250, 1000]) * 100


@dataclass(frozen=True, slots=True)
class Standing:
    """One row a player of a block; moments in microseconds, 0 for none; the limit in euro cents, 0 for none."""

    status: Ints
    excluded: Bools
    timed_out_at: Ints
    time_out_until: Ints
    loss_limit: Ints
    stopped: Bools


def standing(rng: np.random.Generator, block: People, seen: Visits, as_of: int) -> Standing:
    """Who stopped, was stopped, or set a limit. Stops follow the last session, since nobody plays on."""
    size = len(block.number)
    came = seen.count > 0
    excluded = came & (rng.random(size) < 0.022)
    timed_out = came & ~excluded & (rng.random(size) < 0.04)
    timed_out_at = np.where(timed_out, stop_at(seen, as_of), 0)
    lasts = TIME_OUT_DAYS[pick(rng, [3, 4, 3, 1], size)] * DAY
    status = _status(rng, block, seen, excluded=excluded, as_of=as_of)
    limited = came & (rng.random(size) < 0.1)
    return Standing(
        status=status,
        excluded=excluded,
        timed_out_at=timed_out_at,
        time_out_until=np.where(timed_out, timed_out_at + lasts, 0),
        loss_limit=np.where(limited, LIMITS[pick(rng, [3, 4, 5, 4, 2, 1], size)], 0),
        stopped=excluded | (status >= SUSPENDED),
    )


def stop_at(seen: Visits, as_of: int) -> Ints:
    """When a player who stops does so: minutes after the last session."""
    return np.minimum(as_of, last_end(seen) + 5 * MINUTE)


def _status(rng: np.random.Generator, block: People, seen: Visits, *, excluded: Bools, as_of: int) -> Ints:
    luck = rng.random(len(block.number))
    idle_days = (as_of - last_end(seen)) // DAY
    deposits = (block.persona != VISITOR) & (seen.count > 0)
    identified = (block.persona >= REGULAR) & (luck < 0.7)
    status = np.where(identified, IDENTIFIED, np.where(deposits | (luck < 0.25), ACTIVE, REGISTERED))
    status = np.where((idle_days > 180) & (luck > 0.94), CLOSED, status)
    return np.where((luck > 0.985) | (excluded & (luck > 0.2)), SUSPENDED, status)
