"""What the files declare, as the state would keep it: definitions without ids and personal data, and digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from segctl.base.digest import canonical_json, digest, text_digest
from segctl.model.canonical import catalog_document, segment_document
from segctl.model.catalog import Catalog
from segctl.model.segment import Segment
from segctl.plan.private import redacted
from segctl.spec.project import Project

# The parts of a segment's definition that decide its members.
MEANING = ("type", "purpose", "rules", "players")
_IDENTITY = ("name", "renamed_from")


@dataclass(frozen=True, slots=True)
class DeclaredObject:
    """An object of the files. `definition` is redacted; `private` holds what was taken out, by digest."""

    address: str
    definition: Mapping[str, Any]
    body: str
    digest: str
    private: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    segment: Segment | None = None
    catalog: Catalog | None = None

    @property
    def kind(self) -> str:
        return self.address.partition(".")[0]

    @property
    def name(self) -> str:
        return self.address.partition(".")[2]

    @property
    def type(self) -> str:
        return self.segment.type if self.segment else ""

    @property
    def meaning(self) -> str:
        return meaning(self.definition)


def meaning(definition: Mapping[str, Any]) -> str:
    """The digest of what decides an object's members."""
    return digest({key: definition.get(key) for key in MEANING})


def declared_objects(project: Project, secret: bytes) -> dict[str, DeclaredObject]:
    """Every object of the files by address. `secret` keys the digests of what is private."""
    catalog = project.catalog
    if catalog is None:
        return {}
    personal = frozenset(name for name, attribute in catalog.attributes.items() if attribute.pii)
    found = {f"catalog.{catalog.name}": _catalog(catalog)}
    found.update((segment.address, _segment(segment, personal, secret)) for segment in project.segments.values())
    return found


def _catalog(catalog: Catalog) -> DeclaredObject:
    definition = _anonymous(catalog_document(catalog))
    body = canonical_json(definition)
    return DeclaredObject(f"catalog.{catalog.name}", definition, body, text_digest(body), catalog=catalog)


def _segment(segment: Segment, personal: frozenset[str], secret: bytes) -> DeclaredObject:
    definition, private = redacted(_anonymous(segment_document(segment)), personal, secret)
    body = canonical_json(definition)
    return DeclaredObject(segment.address, definition, body, text_digest(body), private, segment)


def _anonymous(document: dict[str, Any]) -> dict[str, Any]:
    """A definition does not hold its own name, so that a rename alone changes nothing in it."""
    return {key: value for key, value in document.items() if key not in _IDENTITY}
