"""When the players of a block log in. Everything else that they do happens within one of these sessions."""

from dataclasses import dataclass

import numpy as np

from segctl.demo.draws import DAY, HOUR, MINUTE, SECOND, Bools, Ints, counts, spread
from segctl.demo.people import VISITOR, People

HOURS = np.repeat(np.arange(24), (3, 2, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 4, 4, 5, 6, 8, 10, 12, 12, 10, 8, 5))
"""Hours of the day (UTC), each as often as it is busy: evenings most."""
WEEKEND_PULL = 0.2
DORMANT_DAYS = 90


@dataclass(frozen=True, slots=True)
class Visits:
    """Sessions of a block in order of player and start; `first` and `count` say where each player's lie."""

    owner: Ints
    starts: Ints
    ends: Ints
    first: Ints
    count: Ints


def visits(rng: np.random.Generator, block: People, total: float, as_of: int) -> Visits:
    """About `total` sessions: dense after registration, then fewer; some players never log in."""
    logs_in = (block.persona != VISITOR) | (rng.random(len(block.number)) > 0.15)
    count = counts(rng, np.where(logs_in, block.visits, 0.0), total, logs_in)
    first = np.cumsum(count) - count
    owner = np.repeat(np.arange(len(count)), count)
    starts = _starts(rng, block.registered[owner], block.leaves[owner], as_of)
    starts[first[logs_in]] = block.registered[logs_in] + rng.integers(MINUTE, 10 * MINUTE, int(logs_in.sum()))
    _win_back(rng, starts, (first + count - 1)[(count > 2) & (block.leaves < as_of - DORMANT_DAYS * DAY)], as_of)
    starts = starts[np.lexsort((starts, owner))]
    minutes = np.clip(rng.lognormal(2.9, 0.8, len(owner)), 3, 300).astype(np.int64)
    return Visits(owner, starts, np.minimum(as_of, starts + minutes * MINUTE), first, count)


def some_visit(rng: np.random.Generator, seen: Visits, player: Ints, skip: Ints) -> Ints:
    """A session of each given player, not one of the first `skip`, as a position in `seen`."""
    left = (rng.random(len(player)) * (seen.count - skip)[player]).astype(np.int64)
    return (seen.first + skip)[player] + left


def during(rng: np.random.Generator, seen: Visits, visit: Ints) -> Ints:
    """A moment within each session, half a minute after its start or later."""
    return spread(rng, seen.starts[visit] + 30 * SECOND, seen.ends[visit])


def last_end(seen: Visits) -> Ints:
    """When each player was last seen, in whichever session; 0 for those who never logged in."""
    latest = np.zeros(len(seen.count), dtype=np.int64)
    np.maximum.at(latest, seen.owner, seen.ends)
    return latest


def last_start(seen: Visits) -> Ints:
    """When each player's last session started; 0 for those who never logged in."""
    return _start_from_last(seen, 0)


def won_back(seen: Visits) -> Bools:
    """Players whose last session came after a long time without any."""
    gap = last_start(seen) - _start_from_last(seen, 1)
    return (seen.count > 1) & (gap > DORMANT_DAYS * DAY // 2)


def _start_from_last(seen: Visits, back: int) -> Ints:
    place = np.where(seen.count > back, seen.first + seen.count - 1 - back, len(seen.starts))
    start: Ints = np.append(seen.starts, 0)[place]
    return start


def _starts(rng: np.random.Generator, registered: Ints, leaves: Ints, as_of: int) -> Ints:
    raw = registered + (rng.random(len(registered)) ** 1.4 * (leaves - registered)).astype(np.int64)
    day = raw // DAY
    weekday = (day + 3) % 7
    pulled = (weekday < 5) & (rng.random(len(raw)) < WEEKEND_PULL)
    day = np.where(pulled, day + 5 - weekday + rng.integers(0, 2, len(raw)), day)
    hour = HOURS[rng.integers(0, len(HOURS), len(raw))]
    moment = day * DAY + hour * HOUR + rng.integers(0, HOUR, len(raw))
    earliest, latest = registered + HOUR // 4, as_of - 4 * MINUTE
    astray = (moment < earliest) | (moment > latest)
    return np.where(astray, np.clip(raw, earliest, latest), moment)


def _win_back(rng: np.random.Generator, starts: Ints, lapsed: Ints, as_of: int) -> None:
    returned = lapsed[rng.random(len(lapsed)) < 0.05]
    starts[returned] = as_of - HOUR - rng.integers(0, 20 * DAY, len(returned))
