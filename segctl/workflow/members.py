"""Who is in a segment, since when; a page at a time or all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.store import membership, players
from segctl.store.membership import Membership
from segctl.workflow.context import Context
from segctl.workflow.since import since_of
from segctl.workflow.state import deployed_segment, looking

BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Member:
    """A player in a segment, and since which evaluation or event."""

    player_id: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Some members, in the order of their numbers; `total` counts all of them, at `as_of`."""

    segment: str
    total: int
    as_of: datetime | None
    members: tuple[Member, ...]


def members(context: Context, name: str, *, offset: int = 0, limit: int | None = None) -> MembersPage:
    """A page of a segment's members. Raises: Refused."""
    with looking(context) as connection:
        one = deployed_segment(connection, name)
        if one.status == "archived":
            raise Refused(
                f"`{name}` is archived and has no members.", f"Who left it and when: segctl history {name}"
            )
        held = membership.load(connection, [one.object_id]).get(one.object_id)
        if held is None:
            raise Refused(
                f"The members of `{name}` are not for this role: it is held to another scope.",
                "What a role may read: segctl db grants --help",
            )
        everyone = held.members
        page = everyone[offset : None if limit is None else offset + limit] if everyone else everyone
        found = tuple(member for part in _parts(page) for member in _named(connection, held, part))
    return MembersPage(name, len(everyone), held.as_of, found)


def total(context: Context, name: str) -> int:
    """How many members a segment has. Raises: Refused."""
    with looking(context) as connection:
        return deployed_segment(connection, name).count or 0


def _parts(page: BitMap) -> Iterator[BitMap]:
    for start in range(0, len(page), BATCH):
        yield page[start : start + BATCH]


def _named(connection: Connection, held: Membership, page: BitMap) -> Iterator[Member]:
    since = since_of(connection, held, page)
    numbers = list(page)
    for number, player_id in zip(numbers, players.names(connection, numbers), strict=True):
        yield Member(player_id, since.get(number))
