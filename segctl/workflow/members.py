"""Who is in a segment, or was at an instant, since when; a page at a time or all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.store import history, membership, players
from segctl.workflow.context import Context
from segctl.workflow.past import then
from segctl.workflow.since import since_of
from segctl.workflow.state import looking, readable_segment

BATCH = 50_000
Since = Callable[[BitMap], Mapping[int, datetime]]


@dataclass(frozen=True, slots=True)
class Member:
    """A player in a segment, and since which evaluation or event."""

    player_id: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Some members, in the order of their numbers; `total` counts all of them, at `as_of`.

    `forgotten` are those of the total whom nobody can name any more, `called` another name that it had then.
    """

    segment: str
    total: int
    as_of: datetime | None
    members: tuple[Member, ...]
    forgotten: int = 0
    called: str | None = None


def members(context: Context, name: str, *, offset: int = 0, limit: int | None = None) -> MembersPage:
    """A page of a segment's members. Raises: Refused."""
    with looking(context) as connection:
        one = readable_segment(connection, name)
        if one.status == "archived":
            raise Refused(
                f"`{name}` is archived and has no members.", f"Who left it and when: segctl history {name}"
            )
        held = membership.load(connection, [one.object_id]).get(one.object_id)
        if held is None:
            return MembersPage(name, 0, None, ())
        found = _page(connection, held.members, offset, limit, lambda part: since_of(connection, held, part))
    return MembersPage(name, len(held.members), held.as_of, found)


def members_at(
    context: Context, name: str, at: datetime, *, offset: int = 0, limit: int | None = None
) -> MembersPage:
    """A page of those who were in a segment at an instant, by its history. Raises: Refused.

    Since when they were in is the run that found them, of a triggered segment too.
    """

    def since(part: BitMap) -> Mapping[int, datetime]:
        found: dict[int, datetime] = {}
        for joined_at, joined in history.since_each(connection, was.today.object_id, part, until=at):
            found.update(dict.fromkeys(joined, joined_at))
        return found

    with looking(context) as connection:
        was = then(connection, context, name, at)
        found = _page(connection, was.past.members, offset, limit, since)
    called = was.called if was.called != was.today.name else None
    return MembersPage(name, was.past.size, at, found, was.past.forgotten, called)


def total(context: Context, name: str, at: datetime | None = None) -> int:
    """How many members a segment has, or had. Raises: Refused."""
    with looking(context) as connection:
        if at is not None:
            return then(connection, context, name, at).past.size
        return readable_segment(connection, name).count or 0


def _page(
    connection: Connection, everyone: BitMap, offset: int, limit: int | None, since: Since
) -> tuple[Member, ...]:
    page = everyone[offset : None if limit is None else offset + limit] if everyone else everyone
    return tuple(member for part in _parts(page) for member in _named(connection, part, since))


def _parts(page: BitMap) -> Iterator[BitMap]:
    for start in range(0, len(page), BATCH):
        yield page[start : start + BATCH]


def _named(connection: Connection, page: BitMap, since: Since) -> Iterator[Member]:
    known, numbers = since(page), list(page)
    for number, player_id in zip(numbers, players.names(connection, numbers), strict=True):
        yield Member(player_id, known.get(number))
