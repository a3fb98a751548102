"""Older facts never overwrite newer ones: no run stands before the members that the state holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from segctl.base.errors import Refused
from segctl.store.definitions import Deployed


def refuse_older(deployed: Iterable[Deployed], now: datetime) -> None:
    """Refuses an instant before that of any deployed members. Raises: Refused, with both instants."""
    held = {one.name: one.as_of for one in deployed if one.status == "active" and one.as_of is not None}
    newest = max(held, key=lambda name: held[name], default=None)
    if newest is not None and held[newest] > now:
        held_at, at = (f"{one:%Y-%m-%d %H:%M:%S} UTC" for one in (held[newest], now))
        raise Refused(
            f"The state holds members of {newest} as of {held_at}, a later instant than this run's, {at}.",
            "Leave out --as-of, or check this machine's clock.",
        )
