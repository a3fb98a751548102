"""How stale the members of deployed segments are. Reads definitions and instants, and nobody's members."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from segctl.model.segment import MARKETING, follows
from segctl.model.staleness import Staleness
from segctl.spec.stored import stored_duration
from segctl.store import definitions, runs
from segctl.store.definitions import Deployed

# what makes the members of a list or a snapshot move without an edit
_NARROWING = ("exclude", "scope")
_RULING = ("rules", "include", "limit")


def stalenesses(connection: Connection) -> list[Staleness]:
    """Of all segments that a refresh looks at, by name. A list or a snapshot that nothing moves is never stale."""
    deployed = definitions.deployed(connection)
    guarded = {one.name for one in deployed.values() if one.kind == "guard"}
    segments = {one.object_id: one for one in deployed.values() if one.kind == "segment"}
    read = definitions.bodies(connection, segments)
    definition = {key: json.loads(read[key]) for key in segments}
    following = [one for key, one in segments.items() if _follows(one, definition[key], guarded)]
    found = runs.last(connection, "refresh")
    last = None if found is None else found.as_of
    return [
        Staleness(
            one.name,
            stored_duration(definition[one.object_id]["schedule"]) if _states(definition[one.object_id]) else None,
            one.as_of,
            refreshed=last is not None and one.as_of is not None and one.as_of <= last,
        )
        for one in sorted(following, key=lambda one: one.name)
    ]


def _states(definition: Mapping[str, Any]) -> bool:
    return definition.get("schedule") is not None


def _follows(one: Deployed, definition: Mapping[str, Any], guarded: set[str]) -> bool:
    """Of a definition that was not read as a model."""
    return follows(
        one.type,
        narrowed=definition.get("purpose", MARKETING) in guarded or any(key in definition for key in _NARROWING),
        ruled=any(key in definition for key in _RULING),
    )
