"""When players entered by an event and have not left by another since. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segctl.members.columns import Bools, Column, Numbers

_NEVER = np.iinfo(np.int64).min


def entered(enters: Sequence[Column], exits: Sequence[Column]) -> Numbers:
    """The latest instant of `enters`; missing where there is none, and where an exit came then or later."""
    latest, seen = _latest(enters)
    if not exits:
        return Numbers(latest, seen)
    left, _ = _latest(exits)
    return Numbers(latest, seen & (left < latest))


def _latest(instants: Sequence[Column]) -> tuple[NDArray[np.int64], Bools]:
    each = []
    for one in instants:
        assert isinstance(one, Numbers)  # noqa: S101 - instants are numbers
        each.append(one.values if one.valid is None else np.where(one.valid, one.values, _NEVER))
    latest = np.maximum.reduce(each)
    return latest, latest != _NEVER
