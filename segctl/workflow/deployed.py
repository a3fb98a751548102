"""What the state holds, as models again: the rules and the catalog that members were last evaluated with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.files.shipped import schema
from segctl.model.catalog import Catalog
from segctl.model.rule import Rule
from segctl.model.segment import Segment
from segctl.plan.private import VALUE, private_digests, restored
from segctl.spec.stored import stored_catalog, stored_rule, stored_scope, stored_segment
from segctl.store import definitions, private
from segctl.store.definitions import Deployed
from segctl.workflow.worlds import Parts


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


def stored_parts(connection: Connection, objects: Iterable[Deployed], catalog: Catalog) -> Parts:
    """What deployed objects state, personal data and ids put back. Raises: Refused."""
    scope = stored_scope(catalog)
    wanted = [one for one in objects if one.kind != "catalog"]
    read = bodies(connection, wanted)
    segments: dict[str, Segment] = {}
    rules: dict[str, dict[str, Rule]] = {"rule": {}, "guard": {}}
    lists: dict[str, tuple[str, ...]] = {}
    for one in wanted:
        whole = readable(read[one.address], _contents(connection, read[one.address]))
        if one.kind == "segment":
            segments[one.name] = stored_segment(whole, one.name, scope)
        elif one.kind == "list":
            lists[one.name] = tuple(whole["values"])
        else:
            rules[one.kind][one.name] = stored_rule(whole, one.address, scope)
    return Parts(catalog, segments, rules["rule"], lists, rules["guard"])


def readable(definition: Mapping[str, Any], contents: Mapping[str, Any]) -> dict[str, Any]:
    """A redacted definition with its contents, by digest, put back; it reads, whoever was forgotten in them."""
    put = {mark: [VALUE] if content == [] else content for mark, content in contents.items()}
    whole: dict[str, Any] = restored(definition, put) if put else dict(definition)
    for key in ("include", "exclude"):
        if key in whole:
            whole[key] = [entry for entry in map(_naming_somebody, whole[key]) if entry is not None]
    return {key: part for key, part in whole.items() if key not in ("include", "exclude") or part}


def _naming_somebody(entry: dict[str, Any]) -> dict[str, Any] | None:
    if entry.get("players") != [VALUE]:
        return entry
    return {key: part for key, part in entry.items() if key != "players"} if entry.get("segments") else None


def kept_values(connection: Connection, definition: Mapping[str, Any]) -> dict[str, Any]:
    """What was taken out of a redacted definition and is still there, by digest."""
    return _values(connection, private_digests(definition))


def _values(connection: Connection, marks: Iterable[str]) -> dict[str, Any]:
    found = {mark: private.get(connection, mark) for mark in marks}
    return {mark: json.loads(content) for mark, content in found.items() if content is not None}


def _contents(connection: Connection, definition: Mapping[str, Any]) -> dict[str, Any]:
    marks = private_digests(definition)
    contents = _values(connection, marks)
    if contents.keys() != marks:
        raise Refused(
            "Personal data that a deployed rule compares with has been erased.",
            "Correct the rule in the files, then: segctl plan",
        )
    return contents
