"""What the state holds, as models again: the rules and the catalog that members were last evaluated with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.files.shipped import schema
from segctl.model.catalog import Catalog
from segctl.model.rule import Rule
from segctl.plan.private import private_digests, restored
from segctl.spec.stored import stored_catalog, stored_rules, stored_scope
from segctl.store import definitions, private
from segctl.store.definitions import Deployed


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """A deployed segment as far as its members depend on it."""

    name: str
    type: str
    rules: Rule | None


def bodies(connection: Connection, objects: Iterable[Deployed]) -> dict[str, dict[str, Any]]:
    """Redacted definitions by address."""
    wanted = {one.object_id: one.address for one in objects}
    found = definitions.bodies(connection, wanted)
    return {wanted[key]: json.loads(body) for key, body in found.items()}


def stored_catalog_of(connection: Connection, objects: Mapping[str, Deployed]) -> Catalog | None:
    """The deployed catalog, None in an empty state."""
    for one in objects.values():
        if one.kind == "catalog":
            definition = bodies(connection, [one])[one.address]
            return stored_catalog({**definition, "name": one.name}, schema)
    return None


def stored_segments(
    connection: Connection, objects: Iterable[Deployed], catalog: Catalog
) -> dict[str, StoredSegment]:
    """Deployed segments by name, personal data put back into their rules. Raises: Refused."""
    scope = stored_scope(catalog)
    wanted = list(objects)
    found: dict[str, StoredSegment] = {}
    read = bodies(connection, wanted)
    for one in wanted:
        whole = restored(read[one.address], _contents(connection, read[one.address]))
        found[one.name] = StoredSegment(one.name, one.type, stored_rules(whole, one.name, scope))
    return found


def _contents(connection: Connection, definition: Mapping[str, Any]) -> dict[str, Any]:
    contents: dict[str, Any] = {}
    for mark in private_digests(definition.get("rules")):
        content = private.get(connection, mark)
        if content is None:
            raise Refused(
                "Personal data that a deployed rule compares with has been erased.",
                "Correct the rule in the files, then: segctl plan",
            )
        contents[mark] = json.loads(content)
    return contents
