"""Which version, run, plan and commit brought each part of a definition. Reads the state alone."""

from __future__ import annotations

import json
from dataclasses import dataclass

from segctl.plan.origins import Part, origins
from segctl.store import definitions, runs
from segctl.store.definitions import Deployed, Version
from segctl.view.speech import Speech
from segctl.workflow.asked import known
from segctl.workflow.context import Context
from segctl.workflow.deployed import stored_catalog_of
from segctl.workflow.show import speech
from segctl.workflow.state import looking


@dataclass(frozen=True, slots=True)
class Brought:
    """A part, the version that brought it, and whether files differed from its commit then."""

    part: Part
    version: Version
    dirty: bool


@dataclass(frozen=True, slots=True)
class Blamed:
    """An object and where its parts come from."""

    object: Deployed
    parts: tuple[Brought, ...]
    speech: Speech


def blame(context: Context, asked: str) -> Blamed:
    """The parts of an object's last definition. Raises: Refused."""
    with looking(context) as connection:
        one = known(connection, asked)
        versions = definitions.versions(connection, one.address)[::-1]
        bodies = [definitions.body(connection, one.address, each.version) for each in versions]
        found = origins([None if body is None else json.loads(body) for body in bodies])
        spoken = speech(stored_catalog_of(connection, definitions.deployed(connection)))
        dirty = {
            place: runs.origin(connection, versions[place].serial)[1] for place in {place for _, place in found}
        }
    return Blamed(one, tuple(Brought(part, versions[place], dirty[place]) for part, place in found), spoken)
