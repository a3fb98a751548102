"""Everything there is to know of one deployed segment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from sqlalchemy import Connection

from segctl.model.catalog import Catalog
from segctl.model.segment import MARKETING
from segctl.plan.abouts import abouts
from segctl.plan.private import private_digests
from segctl.store import definitions
from segctl.store.definitions import Deployed, Version
from segctl.store.state import head
from segctl.view.data import instant_text
from segctl.view.segment import Page, Revision
from segctl.view.shared import SharedPage
from segctl.view.speech import Speech
from segctl.workflow.context import Context
from segctl.workflow.declared import declared_objects
from segctl.workflow.deployed import bodies, stored_catalog_of
from segctl.workflow.load import Loaded
from segctl.workflow.state import deployed_object, deployed_segment, looking


@dataclass(frozen=True, slots=True)
class Shown:
    """A segment as deployed: `definition` is redacted (that of an archived one is the last it had)."""

    segment: Deployed
    definition: Mapping[str, Any]
    versions: tuple[Version, ...]
    used_by: tuple[str, ...]
    catalog: Catalog | None
    secret: bytes = field(repr=False)
    guard: Mapping[str, Any] | None = None


def shown(context: Context, name: str) -> Shown:
    """A deployed segment. Raises: Refused."""
    with looking(context) as connection:
        one = deployed_segment(connection, name)
        everything = definitions.deployed(connection)
        definition = bodies(connection, [one])[one.address]
        guard = everything.get(f"guard.{definition.get('purpose', MARKETING)}")
        holds = guard is not None and guard.status == "active"
        return Shown(
            segment=one,
            definition=definition,
            versions=tuple(definitions.versions(connection, one.address)),
            used_by=tuple(
                sorted(_used(other.address) for other in everything.values() if one.address in other.uses)
            ),
            catalog=stored_catalog_of(connection, everything),
            secret=head(connection).secret,
            guard=bodies(connection, [guard])[guard.address] if guard is not None and holds else None,
        )


SHARED = ("rule", "list", "guard")


def shared(context: Context, address: str) -> Shown:
    """A deployed rule, list or guard. Raises: Refused."""
    with looking(context) as connection:
        one = deployed_object(connection, address)
        everything = definitions.deployed(connection)
        return Shown(
            segment=one,
            definition=bodies(connection, [one])[one.address],
            versions=tuple(definitions.versions(connection, one.address)),
            used_by=tuple(sorted(_users(connection, one, everything.values()))),
            catalog=stored_catalog_of(connection, everything),
            secret=head(connection).secret,
        )


def _users(connection: Connection, one: Deployed, everything: Iterable[Deployed]) -> Iterator[str]:
    """The addresses of what names it; of a guard, the segments of its purpose."""
    objects = list(everything)
    if one.kind != "guard":
        yield from (other.address for other in objects if one.address in other.uses)
        return
    segments = [other for other in objects if other.kind == "segment"]
    for address, definition in bodies(connection, segments).items():
        if definition.get("purpose", MARKETING) == one.name:
            yield address


def shared_page(found: Shown) -> SharedPage:
    """The page of a rule, a list or a guard."""
    one = found.segment
    return SharedPage(
        address=one.address,
        definition=found.definition,
        speech=speech(found.catalog),
        used_by=found.used_by,
        versions=_revisions(found),
        archived=one.status == "archived",
        passing=one.count,
    )


def _revisions(found: Shown) -> tuple[Revision, ...]:
    return tuple(
        Revision(version.version, version.action, version.at, version.author, version.commit_id)
        for version in found.versions
    )


def page(found: Shown, loaded: Loaded) -> Page:
    """The segment's page. The rules' YAML is the author's own, where a file still says what is deployed.

    Where it names personal data, it is the redacted definition.
    """
    one = found.segment
    declared = declared_objects(loaded.project, found.secret).get(one.address)
    at = declared.segment.at if declared and declared.segment else None
    same = declared is not None and declared.digest == one.digest
    personal = bool(private_digests({"rules": found.definition.get("rules")}))
    return Page(
        name=one.name,
        definition=found.definition,
        speech=speech(found.catalog),
        players=one.count,
        as_of=one.as_of,
        uses=tuple(map(_used, one.uses)),
        used_by=found.used_by,
        versions=_revisions(found),
        archived=one.status == "archived",
        guard=found.guard,
        yaml=_rules_of(loaded.texts([at.file])[at.file], at.line)
        if at and same and not personal
        else _as_yaml(found.definition.get("rules")),
        file=f"{at.file}{'' if same else ' (differs from what is deployed: segctl plan)'}" if at else "",
    )


def _used(address: str) -> str:
    """A segment by its name alone, anything else with what it is."""
    kind, _, name = address.partition(".")
    return name if kind == "segment" else f"{kind} {name}"


def _rules_of(text: str, line: int) -> str:
    """The `rules:` of the document that has `line`, as written; nothing for a plain list."""
    lines = text.split("\n")
    starts = [0, *(number + 1 for number, one in enumerate(lines) if one.startswith("---"))]
    first = max(start for start in starts if start < line)
    last = next((start - 1 for start in starts if start >= line), len(lines))
    kept: list[str] = []
    for one in lines[first:last]:
        if one.startswith("rules:") or (kept and one[:1] in ("", " ", "-", "#")):
            kept.append(one)
        elif kept:
            break
    return "\n".join(kept).strip("\n")


def _as_yaml(rules: Any) -> str:
    return yaml.safe_dump({"rules": rules}, sort_keys=False, allow_unicode=True) if rules else ""


def speech(catalog: Catalog | None) -> Speech:
    """How to speak of a catalog's fields."""
    return Speech() if catalog is None else Speech(abouts(catalog), catalog.currency)


def page_data(found: Shown) -> dict[str, Any]:
    """The same for programs."""
    one = found.segment
    return {
        "name": one.name,
        "status": one.status,
        "definition": found.definition,
        "players": one.count,
        "as_of": instant_text(one.as_of) if one.as_of else None,
        "uses": list(one.uses),
        "used_by": list(found.used_by),
        "versions": [
            {
                "version": version.version,
                "action": version.action,
                "at": instant_text(version.at),
                "author": version.author,
                "commit": version.commit_id,
                "plan": version.plan_id,
                "digest": version.digest,
            }
            for version in found.versions
        ],
    }
