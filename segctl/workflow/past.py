"""A segment as it was at an instant, by the history alone. Reads the state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.store import definitions, membership, past
from segctl.store.definitions import Deployed, Version
from segctl.store.past import Past
from segctl.workflow.context import Context
from segctl.workflow.state import readable_segment


@dataclass(frozen=True, slots=True)
class Then:
    """A segment at an instant: what it is today, what it was called then, and who was in."""

    today: Deployed
    called: str
    past: Past


def then(connection: Connection, context: Context, name: str, at: datetime) -> Then:
    """A segment by the name that it has today. Raises: Refused, for the future, and for before it was deployed."""
    if at > context.now:
        raise Refused(
            f"{at:%Y-%m-%d %H:%M} UTC is still to come; the history knows what was.",
            "Leave out --at for the members of now.",
        )
    today = readable_segment(connection, name)
    held = membership.load(connection, [today.object_id]).get(today.object_id)
    found = past.members_at(connection, today.object_id, held.members if held else BitMap(), at)
    versions = definitions.versions(connection, today.address)
    called = _called(versions, at)
    # a first run may be as of an instant before the version that it wrote
    if called is None and not found.size:
        raise Refused(
            f"`{name}` was not deployed at {at:%Y-%m-%d %H:%M} UTC: its first version is of "
            f"{versions[-1].at:%Y-%m-%d %H:%M} UTC.",
            f"Its versions: segctl versions {name}",
        )
    return Then(today, called or today.name, found)


def _called(versions: list[Version], at: datetime) -> str | None:
    """The name in the newest version of then."""
    return next((one.address.partition(".")[2] for one in versions if one.at <= at), None)
