"""Who uses what, in the files or in the state, and what one asked name or address means there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from segctl.base.errors import Mistakes, Refused
from segctl.model.catalog import Attribute, Catalog, Field, Metric
from segctl.model.rule import Rule
from segctl.model.uses import Place, Through, Use, users, uses
from segctl.spec.places import Places, catalog_places
from segctl.spec.project import Project
from segctl.spec.suggest import did_you_mean, listed
from segctl.store.definitions import deployed
from segctl.workflow.context import Context
from segctl.workflow.deployed import stored_catalog_of, stored_parts
from segctl.workflow.load import Loaded
from segctl.workflow.state import looking

KINDS = ("segment", "rule", "list", "guard", "field", "event")


@dataclass(frozen=True, slots=True)
class Uses:
    """Every use, and the addresses of all there is, used or not. `deployed` tells the state from the files."""

    uses: tuple[Use, ...]
    addresses: frozenset[str]
    deployed: bool = False


@dataclass(frozen=True, slots=True)
class WhereUsed:
    """Who uses an address: first directly, then through others."""

    address: str
    users: tuple[Through, ...]
    deployed: bool = False


def declared_uses(loaded: Loaded) -> Uses:
    """The uses in the files. Raises: Mistakes, since a document with some would hide what it uses."""
    catalog, places = loaded.project.catalog, catalog_places(loaded.sources)
    if loaded.failed or catalog is None or places is None:
        raise Mistakes(loaded.diagnostics, loaded.texts, len(loaded.sources))
    project = loaded.project
    names = _addresses(catalog, project.segments, project.rules, project.lists, project.guards)
    return Uses(project_uses(catalog, project, places), names)


def deployed_uses(context: Context) -> Uses:
    """The uses in what is deployed and active. Raises: Refused."""
    with looking(context) as connection:
        objects = deployed(connection)
        catalog = stored_catalog_of(connection, objects)
        if catalog is None:
            return Uses((), frozenset(), deployed=True)
        parts = stored_parts(connection, objects.values(), catalog)
    found = uses(catalog, parts.segments.values(), _nowhere(parts.rules), _nowhere(parts.guards))
    names = _addresses(catalog, parts.segments, parts.rules, parts.lists, parts.guards)
    return Uses(tuple(replace(one, at=None) for one in found), names, deployed=True)


def project_uses(catalog: Catalog, project: Project, places: Places) -> tuple[Use, ...]:
    """Every use in a project, those within the catalog with their places too."""
    rules = {name: (one.rule, one.at) for name, one in project.rules.items()}
    guards = {purpose: (one.rule, one.at) for purpose, one in project.guards.items()}
    found = uses(catalog, project.segments.values(), rules, guards)
    return tuple(one if one.at else replace(one, at=_place(one.user, catalog, places)) for one in found)


def where_used(found: Uses, asked: str) -> WhereUsed:
    """Who uses what a name or an address means. Raises: Refused."""
    address = meant(found, asked)
    return WhereUsed(address, tuple(users(found.uses, address)), found.deployed)


def meant(found: Uses, asked: str) -> str:
    """The address of a name, or an address itself. Raises: Refused, when there is none or more than one."""
    if asked in found.addresses:
        return asked
    several = [f"{kind}.{asked}" for kind in KINDS if f"{kind}.{asked}" in found.addresses]
    if len(several) == 1:
        return several[0]
    if several:
        raise Refused(f"`{asked}` is the name of {listed(several)}.", "Say which, by its address.")
    kind, _, name = asked.partition(".")
    known = [one for one in found.addresses if not name or one.startswith(f"{kind}.")]
    raise Refused(
        f"{'Nothing deployed' if found.deployed else 'Nothing in the files'} is called `{asked}`.",
        did_you_mean(asked, known if name else [one.partition(".")[2] for one in known]) or _OTHERWISE,
    )


_OTHERWISE = "What there is: segctl graph, and segctl catalog list for the fields."


def _addresses(catalog: Catalog, *objects: Iterable[str]) -> frozenset[str]:
    """Of segments, rules, lists and guards, in this order, and of the catalog's fields and events."""
    named = zip(KINDS, (*objects, catalog.fields, catalog.events), strict=True)
    return frozenset(f"{kind}.{name}" for kind, names in named for name in names)


def _nowhere(rules: Mapping[str, Rule]) -> dict[str, tuple[Rule, Place]]:
    return {name: (rule, None) for name, rule in rules.items()}


def _place(user: str, catalog: Catalog, places: Places) -> Place:
    """Where a field of the catalog is declared."""
    name = user.removeprefix("field.")
    return places.key(f"{field_kind(catalog.field(name))}s", name) if user != name else None


def field_kind(field: Field | None) -> str:
    """What sort of field it is, as the catalog has it: attribute, metric or score."""
    match field:
        case Attribute():
            return "attribute"
        case Metric():
            return "metric"
        case _:
            return "score"
