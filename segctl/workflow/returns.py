"""What the state keeps of players who were forgotten, so that they are known when they return. Reads the state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from segctl.base.digest import keyed_digest
from segctl.members.numbering import Numbering
from segctl.members.returning import Returning
from segctl.model.time import Clock
from segctl.sql.lower import HELD_IN, HELD_OUT
from segctl.store import forgotten, players
from segctl.store.definitions import Deployed
from segctl.store.forgotten import Way
from segctl.store.state import head
from segctl.workflow.holds import Holds
from segctl.workflow.worlds import guard_name

_PARTS: Mapping[Way, str] = {"in": HELD_IN, "out": HELD_OUT}


def numbering_of(connection: Connection) -> Numbering:
    """The state's numbers, and those by whom a returning player is known."""
    numbers = {one.player: one.number for one in forgotten.everyone(connection)}
    return Numbering(players.load(connection), Returning(head(connection).secret, numbers))


def names_of(objects: Iterable[Deployed]) -> dict[int, str]:
    """Segments and guards by their ids, under the names that worlds give them; archived ones may come back."""
    return {
        one.object_id: guard_name(one.name) if one.kind == "guard" else one.name
        for one in objects
        if one.kind in ("segment", "guard")
    }


def holds_of(connection: Connection, names: Mapping[int, str], clock: Clock) -> Holds:
    """What objects hold at an instant; `names` gives the name of each by its id."""
    found: dict[tuple[str, str], set[str]] = {}
    for one in forgotten.everyone(connection):
        for hold in one.holds:
            if hold.object_id in names and (hold.until is None or clock.today <= hold.until):
                found.setdefault((names[hold.object_id], _PARTS[hold.way]), set()).add(one.player)
    return Holds({key: frozenset(held) for key, held in found.items()})


def held_by(
    connection: Connection, names: Mapping[int, str], clock: Clock, player_id: str
) -> frozenset[tuple[str, str]]:
    """The names of the segments that hold one player, each with how."""
    players_of = holds_of(connection, names, clock).players
    if not players_of:
        return frozenset()
    player = keyed_digest(head(connection).secret, player_id)
    return frozenset(key for key, held in players_of.items() if player in held)
