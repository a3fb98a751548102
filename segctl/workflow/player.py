"""One player: the segments they are in, and every move they made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.store import definitions, history, membership, players
from segctl.store.history import Move
from segctl.store.membership import Membership
from segctl.workflow.context import Context
from segctl.workflow.since import since_of
from segctl.workflow.state import deployed_segments, looking


@dataclass(frozen=True, slots=True)
class InSegment:
    """A segment that a player is in."""

    name: str
    title: str
    since: datetime | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A move of a player, by the name that the segment has today."""

    segment: str
    move: Move


def segments_of(context: Context, player_id: str) -> tuple[InSegment, ...]:
    """The segments a player is in now, by name. Raises: Refused, when nobody of that id was ever met."""
    with looking(context) as connection:
        number = _number(connection, player_id)
        objects = {one.object_id: one for one in deployed_segments(connection)}
        held = membership.load(connection, objects)
        return tuple(
            InSegment(one.name, one.title, _since(connection, held[key], number), held[key].as_of)
            for key, one in objects.items()
            if key in held and number in held[key].members
        )


def _since(connection: Connection, held: Membership, number: int) -> datetime | None:
    return since_of(connection, held, BitMap([number])).get(number)


def moves_of(context: Context, player_id: str, limit: int | None) -> tuple[Moved, ...]:
    """A player's moves, newest first. Raises: Refused."""
    with looking(context) as connection:
        number = _number(connection, player_id)
        names = definitions.names(connection)
        return tuple(
            Moved(names[move.object_id], move) for move in history.for_player(connection, number, limit=limit)
        )


def _number(connection: Connection, player_id: str) -> int:
    number = players.find(connection, player_id)
    if number is None:
        raise Refused(
            f"No player `{player_id}` has ever been evaluated or listed.",
            "Ids are compared letter by letter; new players are met by: segctl refresh",
        )
    return number
