"""Since when members are in: when they last joined, or the event that let them in. Reads the state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.model.time import BEGINNING, moment
from segctl.store import history
from segctl.store.membership import Membership


def since_of(connection: Connection, held: Membership, members: BitMap) -> Mapping[int, datetime]:
    """By player number; who has no place in the history is missing."""
    found: dict[int, datetime] = {}
    for at, joined in history.since_each(connection, held.object_id, members):
        found.update(dict.fromkeys(joined, at))
    if held.since is not None:
        for number, micros in zip(held.members, held.since, strict=True):
            if number in members and micros != BEGINNING:
                found[number] = moment(micros)
    return found
