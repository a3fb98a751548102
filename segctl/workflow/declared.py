"""What the files declare, as the state would keep it: definitions without ids and personal data, and digests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from segctl.base.digest import canonical_json, digest, text_digest
from segctl.model.canonical import (
    catalog_document,
    guard_document,
    list_document,
    rule_object_document,
    segment_document,
)
from segctl.model.catalog import Catalog
from segctl.model.rule import Rule
from segctl.model.segment import NamedList, Segment
from segctl.model.uses import named
from segctl.plan.private import redacted
from segctl.spec.project import Project
from segctl.workflow.worlds import personal_lists

# What decides nothing about who is in; everything else does.
TOLD = frozenset(("kind", "title", "description", "tags", "owner", "protected", "webhook", "schedule"))
# The parts of a static segment's definition that its snapshot is made of.
_SNAPSHOT = ("type", "rules", "include", "limit")
_IDENTITY = ("name", "renamed_from")
_OBJECTS = ("segment.", "rule.", "list.")


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
    rule: Rule | None = None
    values: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()

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

    @property
    def snapshot(self) -> str:
        return snapshot(self.definition)


def meaning(definition: Mapping[str, Any]) -> str:
    """The digest of what decides an object's members."""
    return digest({key: part for key, part in definition.items() if key not in TOLD})


def snapshot(definition: Mapping[str, Any]) -> str:
    """The digest of what decides the snapshot of a static segment."""
    return digest({key: definition.get(key) for key in _SNAPSHOT})


def declared_objects(project: Project, secret: bytes) -> dict[str, DeclaredObject]:
    """Every object of the files by address. `secret` keys the digests of what is private."""
    if project.catalog is None:
        return {}
    personal = personal_fields(project)
    segments = (declared_segment(one, personal, secret) for one in project.segments.values())
    return {one.address: one for one in segments} | _beside(project, personal, secret)


def declared_digests(project: Project, secret: bytes) -> dict[str, str]:
    """The same objects by their digests alone: that of a recalled document is known without building it."""
    if project.catalog is None:
        return {}
    personal = personal_fields(project)
    known = {address: one.digest for address, one in project.recalled.items()}
    others = (name for name in project.segments if f"segment.{name}" not in known)
    read = (declared_segment(project.segments[name], personal, secret) for name in others)
    found = {one.address: one.digest for one in read} | known
    return found | {address: one.digest for address, one in _beside(project, personal, secret).items()}


def personal_fields(project: Project) -> frozenset[str]:
    """The fields whose values must not be told."""
    attributes = project.catalog.attributes if project.catalog else {}
    return frozenset(name for name, attribute in attributes.items() if attribute.pii)


def _beside(project: Project, personal: frozenset[str], secret: bytes) -> dict[str, DeclaredObject]:
    """All objects but the segments."""
    rules = [one.rules for one in _comparing(project)] + [one.rule for one in project.rules.values()]
    rules += [one.rule for one in project.guards.values()]
    secret_lists = personal_lists(rules, personal)
    objects = [] if project.catalog is None else [_catalog(project.catalog)]
    objects += [
        _ruled(one.address, rule_object_document(one), one.rule, personal, secret)
        for one in project.rules.values()
    ]
    objects += [
        _ruled(one.address, guard_document(one), one.rule, personal, secret) for one in project.guards.values()
    ]
    objects += [_list(one, secret, values=one.name in secret_lists) for one in project.lists.values()]
    return {one.address: one for one in objects}


def _comparing(project: Project) -> Iterator[Segment]:
    """The segments that may compare with a list; what was recalled without one need not be built."""
    for name in project.segments if project.lists else ():
        recalled = project.recalled.get(f"segment.{name}")
        if recalled is None or any(use.kind == "list" for use in recalled.uses):
            yield project.segments[name]


def _catalog(catalog: Catalog) -> DeclaredObject:
    definition = _anonymous(catalog_document(catalog))
    body = canonical_json(definition)
    return DeclaredObject(f"catalog.{catalog.name}", definition, body, text_digest(body), catalog=catalog)


def declared_segment(segment: Segment, personal: frozenset[str], secret: bytes) -> DeclaredObject:
    """A segment by itself; `personal` are the fields whose values must not be told."""
    definition, private = redacted(_anonymous(segment_document(segment)), personal, secret)
    body = canonical_json(definition)
    uses = {f"segment.{name}" for name in segment.uses} | direct(segment.rules) | direct(segment.scope)
    return DeclaredObject(
        segment.address, definition, body, text_digest(body), private, segment, uses=tuple(sorted(uses))
    )


def _ruled(
    address: str, document: dict[str, Any], rule: Rule, personal: frozenset[str], secret: bytes
) -> DeclaredObject:
    """A named rule or a guard."""
    definition, private = redacted(_anonymous(document), personal, secret)
    body = canonical_json(definition)
    uses = tuple(sorted(direct(rule)))
    return DeclaredObject(address, definition, body, text_digest(body), private, rule=rule, uses=uses)


def _list(one: NamedList, secret: bytes, *, values: bool) -> DeclaredObject:
    definition, private = redacted(_anonymous(list_document(one)), frozenset(), secret, values=values)
    body = canonical_json(definition)
    return DeclaredObject(one.address, definition, body, text_digest(body), private, values=one.values)


def direct(rule: Rule | None) -> frozenset[str]:
    """The addresses of the objects that a rule names; fields and events belong to the catalog."""
    return frozenset(address for address, _ in named(rule) if address.startswith(_OBJECTS))


def _anonymous(document: dict[str, Any]) -> dict[str, Any]:
    """A definition does not hold its own name, so that a rename alone changes nothing in it."""
    return {key: value for key, value in document.items() if key not in _IDENTITY}
