"""Everything there is to know of one deployed segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segctl.model.catalog import Catalog
from segctl.store import definitions
from segctl.store.definitions import Deployed, Version
from segctl.workflow.context import Context
from segctl.workflow.deployed import bodies, stored_catalog_of
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
