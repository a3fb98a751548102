"""Writes one run, inside the caller's transaction: definitions, members, history, outbox, audit, the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.members.causes import Moved
from segctl.store import (
    audit,
    define,
    definitions,
    endpoints,
    forgotten,
    history,
    membership,
    outbox,
    players,
    private,
    runs,
    timing,
)
from segctl.store.audit import Entry
from segctl.store.define import Definition, Written
from segctl.store.membership import Membership
from segctl.store.origin import Origin

Verb = Literal["create", "update", "replace", "recover", "rename", "archive"]


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one address after a run, and who moved; `after` is None when the address ends.

    `listed` and `since` are what the membership keeps beside them (store/membership.py).
    """

    address: str
    after: BitMap | None
    listed: BitMap | None
    moved: tuple[Moved, ...]
    since: tuple[int, ...] | None = None

    def number(self, direction: str) -> int:
        """How many moved this way."""
        return sum(len(one.players) for one in self.moved if one.direction == direction)


@dataclass(frozen=True, slots=True)
class Writing:
    """Everything that one run writes. `verbs` says what happens to which definition; `was` gives old addresses.

    `returned` are the new numbers of players who were forgotten, by keyed digest. Without `telling` nothing of it
    is put into the outbox, and the log says of how many moves nobody hears. `seconds` are what each address took.
    """

    kind: Literal["apply", "refresh"]
    as_of: datetime
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)
    private: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    members: Sequence[Members] = ()
    new_players: Sequence[Any] = ()
    returned: Mapping[str, int] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)
    telling: bool = True
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was written: the new serial, the stretch of the audit log and the hash it ends with.

    `messages` were put into the outbox; of `unsent` moves no webhook hears.
    """

    serial: int
    joined: int
    left: int
    first_audit: int
    last_audit: int
    head: str
    messages: int = 0
    unsent: int = 0


def write(connection: Connection, origin: Origin, writing: Writing) -> Receipt:
    """Writes a run. The caller has checked that it may, and commits."""
    for batch in writing.new_players:
        players.append(connection, batch)
    forgotten.welcome(connection, writing.returned)
    private.put(connection, writing.private)
    written = _define(connection, origin, writing)
    known = definitions.deployed(connection, archived=True)
    heard = _members(connection, origin, writing, known)
    joined = sum(one.number("joined") for one in writing.members)
    left = sum(one.number("left") for one in writing.members)
    runs.record(connection, _run(origin, writing, joined, left))
    took = {known[one].object_id: seconds for one, seconds in writing.seconds.items() if one in known}
    timing.record(connection, origin.serial, took)
    told = {"messages" if writing.telling else "unsent": heard} if heard else {}
    appended = audit.append(connection, origin, _entries(writing, written, joined, left, told))
    return Receipt(origin.serial, joined, left, appended.first, appended.last, appended.hash, **told)


def _define(connection: Connection, origin: Origin, writing: Writing) -> list[Written]:
    def chosen(verb: Verb) -> list[Definition]:
        return [writing.definitions[address] for address, one in writing.verbs.items() if one == verb]

    ending = [address for address, verb in writing.verbs.items() if verb == "archive"]
    renames = {
        writing.was[address]: writing.definitions[address]
        for address, verb in writing.verbs.items()
        if verb == "rename"
    }
    written = define.archive(connection, origin, ending) if ending else []
    written += define.rename(connection, origin, renames) if renames else []
    written += define.create(connection, origin, chosen("create"))
    for verb in ("update", "replace", "recover"):
        if verb in writing.verbs.values():
            written += define.update(connection, origin, chosen(verb), verb)
    return written


def _members(
    connection: Connection, origin: Origin, writing: Writing, known: Mapping[str, definitions.Deployed]
) -> int:
    """Writes members, history and outbox. How many moves there were of which a webhook hears."""
    ids = {one.address: known[one.address].object_id for one in writing.members}
    membership.save(
        connection,
        [
            Membership(ids[one.address], origin.serial, writing.as_of, one.after, one.listed, one.since)
            for one in writing.members
            if one.after is not None
        ],
    )
    membership.remove(connection, [ids[one.address] for one in writing.members if one.after is None])
    changes = [
        history.Change(ids[one.address], moved.cause, moved.direction, moved.players)
        for one in writing.members
        for moved in one.moved
    ]
    history.record(connection, origin.serial, writing.as_of, changes)
    return _tell(connection, origin, writing, {one.object_id for one in known.values() if one.notify}, changes)


def _tell(
    connection: Connection, origin: Origin, writing: Writing, notified: set[int], changes: list[history.Change]
) -> int:
    endpoints.make(connection, notified)
    heard = [change for change in changes if change.object_id in notified]
    if writing.telling:
        outbox.put(connection, origin.serial, writing.as_of, heard)
    return sum(len(change.players) for change in heard)


def _run(origin: Origin, writing: Writing, joined: int, left: int) -> runs.Run:
    return runs.Run(
        serial=origin.serial,
        kind=writing.kind,
        as_of=writing.as_of,
        at=origin.at,
        author=origin.author,
        plan_id=origin.plan_id,
        commit_id=origin.commit_id,
        joined=joined,
        left=left,
        detail=writing.detail,
    )


def _entries(
    writing: Writing, written: Iterable[Written], joined: int, left: int, told: Mapping[str, int]
) -> list[Entry]:
    """A line for each definition, with its numbers, and one for the run."""
    numbers = {
        one.address: {"joined": one.number("joined"), "left": one.number("left")} for one in writing.members
    }
    lines = [one.entry(numbers.get(one.address)) for one in written]
    segments = sum(one.address.startswith("segment.") for one in writing.members)
    total = {"joined": joined, "left": left, "segments": segments, **told, **writing.detail}
    return [*lines, Entry(writing.kind, None, None, None, total)]
