"""The deployed segments, and how stale their members are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from segctl.base.errors import Refused
from segctl.model.segment import SEGMENT_TYPES
from segctl.model.staleness import Staleness
from segctl.spec.suggest import listed
from segctl.store import definitions
from segctl.store.definitions import Deployed
from segctl.workflow.context import Context
from segctl.workflow.staleness import stalenesses
from segctl.workflow.state import looking


@dataclass(frozen=True, slots=True)
class Item:
    """One deployed segment. `staleness` is None where nothing makes its members move, and of archived ones."""

    segment: Deployed
    staleness: Staleness | None


def listing(
    context: Context, *, tags: Collection[str] = (), type_: str | None = None, archived: bool = False
) -> list[Item]:
    """Segments by name: those with all the tags, and of the type. Raises: Refused, for a type that is none."""
    if type_ is not None and type_ not in SEGMENT_TYPES:
        raise Refused(f"There is no type of segment `{type_}`.", f"Types are {listed(SEGMENT_TYPES)}.")
    with looking(context) as connection:
        found = definitions.deployed(connection, archived=archived)
        stale = {one.name: one for one in stalenesses(connection)}
    return sorted(
        (
            Item(one, stale.get(one.name) if one.status == "active" else None)
            for one in found.values()
            if one.kind == "segment" and set(tags) <= set(one.tags) and type_ in (None, one.type)
        ),
        key=lambda item: item.segment.name,
    )
