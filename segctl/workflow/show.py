"""Everything there is to know of one deployed segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segctl.model.catalog import Catalog, Field
from segctl.plan.document import FieldAbout
from segctl.store import definitions
from segctl.store.definitions import Deployed, Version
from segctl.view.segment import Page, Revision
from segctl.view.speech import Speech
from segctl.workflow.context import Context
from segctl.workflow.deployed import bodies, stored_catalog_of
from segctl.workflow.load import Loaded
from segctl.workflow.state import deployed_segment, looking


@dataclass(frozen=True, slots=True)
class Shown:
    """A segment as deployed: `definition` is redacted (that of an archived one is the last it had)."""

    segment: Deployed
    definition: Mapping[str, Any]
    versions: tuple[Version, ...]
    used_by: tuple[str, ...]
    catalog: Catalog | None


def shown(context: Context, name: str) -> Shown:
    """A deployed segment. Raises: Refused."""
    with looking(context) as connection:
        one = deployed_segment(connection, name)
        everything = definitions.deployed(connection)
        return Shown(
            segment=one,
            definition=bodies(connection, [one])[one.address],
            versions=tuple(definitions.versions(connection, one.address)),
            used_by=tuple(sorted(other.name for other in everything.values() if one.address in other.uses)),
            catalog=stored_catalog_of(connection, everything),
        )


def page(found: Shown, loaded: Loaded) -> Page:
    """The segment's page. The YAML beside the English is the file's, where a file still says the same."""
    one = found.segment
    at = loaded.project.segments[one.name].at if one.name in loaded.project.segments else None
    return Page(
        name=one.name,
        definition=found.definition,
        speech=speech(found.catalog),
        players=one.count,
        as_of=one.as_of,
        uses=tuple(address.partition(".")[2] for address in one.uses),
        used_by=found.used_by,
        versions=tuple(
            Revision(version.version, version.action, version.at, version.author, version.commit_id)
            for version in found.versions
        ),
        archived=one.status == "archived",
        yaml=loaded.texts().get(at.file, "") if at else "",
        file=at.file if at else "",
    )


def speech(catalog: Catalog | None) -> Speech:
    """How to speak of a catalog's fields."""
    if catalog is None:
        return Speech()
    fields: dict[str, Field] = {**catalog.attributes, **catalog.metrics}
    return Speech(
        {name: FieldAbout(one.type, one.about.title, one.about.unit) for name, one in fields.items()},
        catalog.currency,
    )


def page_data(found: Shown) -> dict[str, Any]:
    """The same for programs."""
    one = found.segment
    return {
        "name": one.name,
        "status": one.status,
        "definition": found.definition,
        "players": one.count,
        "as_of": one.as_of.isoformat() if one.as_of else None,
        "uses": list(one.uses),
        "used_by": list(found.used_by),
        "versions": [
            {
                "version": version.version,
                "action": version.action,
                "at": version.at.isoformat(),
                "author": version.author,
                "commit": version.commit_id,
                "plan": version.plan_id,
                "digest": version.digest,
            }
            for version in found.versions
        ],
    }
