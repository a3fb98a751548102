"""What one webhook may be sent now: read from the state at one moment, and put into requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.deliver.courier import Parcel
from segctl.deliver.message import Action, Message, message_id, requests
from segctl.store import letters, outbox, players
from segctl.store.endpoints import Endpoint
from segctl.store.letters import Letter
from segctl.store.outbox import Key
from segctl.store.state import head
from segctl.workflow.hooks import Hook, passing
from segctl.workflow.queue import Tried, due, kept_back

ACTIONS: Mapping[str, Action] = {"joined": "Added", "left": "Removed"}


@dataclass(frozen=True, slots=True)
class Batch:
    """Requests that may be sent now. `places` says of each message, by id, in which row it waits and whose it is.

    `dropped` are messages of which nobody is told; `letters` those that were tried before, by run and player.
    """

    parcels: Sequence[Parcel]
    places: Mapping[str, tuple[Key, int]]
    dropped: Mapping[Key, BitMap]
    letters: Mapping[tuple[int, int], Letter]


def batch_of(connection: Connection, hook: Hook, endpoint: Endpoint, now: datetime, most: int) -> Batch:
    """At most so many messages, the oldest first."""
    rows, tried = outbox.of(connection, hook.about.id), letters.of(connection, hook.about.id)
    kept = kept_back(rows, passing(connection, hook.purpose), _tried(endpoint, tried))
    found = due(rows, kept, _resting(tried, now), most)
    names = players.names(connection, [number for _, number in found])
    secret = head(connection).secret
    places: dict[str, tuple[Key, int]] = {}
    messages = []
    for (row, number), name in zip(found, names, strict=True):
        made = message_id(secret, hook.about.id, row.serial, number)
        places[made] = row.key, number
        messages.append(Message(made, ACTIONS[row.direction], row.at, name, row.cause, row.serial))
    parcels = list(requests(messages, hook.about, hook.body, hook.batch))
    return Batch(parcels, places, kept.dropped, {(one.serial, one.number): one for one in tried})


def _tried(endpoint: Endpoint, tried: Sequence[Letter]) -> Tried:
    """What is kept of a message that was tried says so; beyond that, a worker may have died over it."""
    by_run: dict[int, BitMap] = {}
    for one in tried:
        by_run.setdefault(one.serial, BitMap()).add(one.number)
    return lambda serial, players: players if serial <= endpoint.unsure else players & by_run.get(serial, BitMap())


def _resting(tried: Sequence[Letter], now: datetime) -> Mapping[int, BitMap]:
    found: dict[int, BitMap] = {}
    for one in tried:
        if one.dead or one.next_at > now:
            found.setdefault(one.serial, BitMap()).add(one.number)
    return found
