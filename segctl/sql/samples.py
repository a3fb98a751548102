"""Where ranges of players begin, for an engine that would number all keys in one place: a sample of them tells.

A key is in the sample by its hash, so that it is the same for the same players, and needs one scan and no order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select

from segctl.sql.about_events import Query
from segctl.sql.dialects import integer
from segctl.sql.questions import AskSlices
from segctl.sql.statements import columns_of

# Keys of a sample in each range: its size is then off by some three hundredths.
PER_RANGE = 1000


def sample(question: AskSlices) -> Query:
    """Some keys of the players in no order, the lowest among them. Answer: `player`."""
    stored = columns_of(question.table)
    key = stored(question.key)
    lowest = select(func.min(key)).scalar_subquery()
    chosen = func.pmod(func.xxhash64(key), integer(_every(question))) == integer(0)
    return select(key.label("player")).where(key.is_not(None)).where(or_(chosen, key == lowest))


def sampled(question: AskSlices, keys: Sequence[Any]) -> list[Any]:
    """The keys at which ranges of about `size` players begin, ascending."""
    step = max(question.size // _every(question), 1)
    return sorted(set(keys))[::step]


def _every(question: AskSlices) -> int:
    """One key in how many is taken: all of them, where ranges are small."""
    return max(question.size // PER_RANGE, 1)
