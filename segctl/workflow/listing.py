"""The deployed segments."""

from __future__ import annotations

from collections.abc import Collection

from segctl.base.errors import Refused
from segctl.model.segment import SEGMENT_TYPES
from segctl.spec.suggest import listed
from segctl.store import definitions
from segctl.store.definitions import Deployed
from segctl.workflow.context import Context
from segctl.workflow.state import looking


def listing(
    context: Context, *, tags: Collection[str] = (), type_: str | None = None, archived: bool = False
) -> list[Deployed]:
    """Segments by name: those with all the tags, and of the type. Raises: Refused, for a type that is none."""
    if type_ is not None and type_ not in SEGMENT_TYPES:
        raise Refused(f"There is no type of segment `{type_}`.", f"Types are {listed(SEGMENT_TYPES)}.")
    with looking(context) as connection:
        found = definitions.deployed(connection, archived=archived)
    return sorted(
        (
            one
            for one in found.values()
            if one.kind == "segment" and set(tags) <= set(one.tags) and type_ in (None, one.type)
        ),
        key=lambda one: one.name,
    )
