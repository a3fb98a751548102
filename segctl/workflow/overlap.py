"""How many members segments have in common, now or at an instant. Reads the state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.store import membership
from segctl.view.overlap import Overlap
from segctl.workflow.context import Context
from segctl.workflow.past import then
from segctl.workflow.state import looking, readable_segment


def overlap(context: Context, names: Sequence[str], at: datetime | None = None) -> Overlap:
    """Every pair of these segments. Raises: Refused."""
    asked = tuple(dict.fromkeys(names))
    if len(asked) < 2:
        raise Refused("An overlap needs two segments or more.", "segctl overlap NAME NAME …; names: segctl list")
    with looking(context) as connection:
        found = [_then(connection, context, name, at) if at else _now(connection, name) for name in asked]
    sets = [one.members for one in found]
    common = tuple(tuple(one.intersection_cardinality(other) for other in sets) for one in sets)
    told = min((one.as_of for one in found if one.as_of is not None), default=None)
    return Overlap(asked, common, told, sum(one.forgotten for one in found))


@dataclass(frozen=True, slots=True)
class _In:
    """Who is in, or was, and how many more there were whom nobody can name."""

    members: BitMap
    as_of: datetime | None
    forgotten: int = 0


def _then(connection: Connection, context: Context, name: str, at: datetime) -> _In:
    past = then(connection, context, name, at).past
    return _In(past.members, at, past.forgotten)


def _now(connection: Connection, name: str) -> _In:
    one = readable_segment(connection, name)
    held = membership.load(connection, [one.object_id]).get(one.object_id)
    return _In(BitMap(), None) if held is None else _In(held.members, held.as_of)
