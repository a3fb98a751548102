"""When something that failed is tried again, and when it is given up. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

_FIRST: Final = timedelta(seconds=5)
_LONGEST: Final = timedelta(hours=12)
_FACTOR: Final = 4
# how much of a delay is left to chance, so that what failed together does not come back together
_JITTER: Final = 0.25
GIVE_UP: Final = timedelta(days=5)
# the longest that a receiver may ask for with Retry-After
MOST_ASKED: Final = timedelta(hours=24)


def delay(failures: int, roll: float) -> timedelta:
    """How long to wait after this many failures in a row: 5 s, 20 s, 80 s … up to 12 h, give or take a quarter.

    `roll` is a random number from 0 up to 1.
    """
    steps = min(max(failures, 1) - 1, 10)
    planned: timedelta = min(_FIRST * _FACTOR**steps, _LONGEST)
    return planned * (1 + _JITTER * (2 * roll - 1))
