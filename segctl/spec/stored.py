"""Canonical documents, as the state keeps them → segments and catalogs. The way back of model/canonical.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segctl.base.errors import Refused
from segctl.base.source import Unreadable
from segctl.model.catalog import Catalog
from segctl.model.rule import Rule
from segctl.model.segment import SEGMENT_TYPES, Segment, SegmentType
from segctl.model.time import Duration
from segctl.spec import node as yaml
from segctl.spec.catalog import read_catalog
from segctl.spec.desk import Desk, Schemas
from segctl.spec.moments import read_duration
from segctl.spec.page import Page
from segctl.spec.reading import Reading
from segctl.spec.rules import read_rules
from segctl.spec.scope import NOTHING_KNOWN, Scope, of_catalog
from segctl.spec.segment import read_body

_TYPES: dict[str, SegmentType] = {name: name for name in SEGMENT_TYPES}


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """The place of what never stood in a file."""

    line: int = 0
    column: int = 0


_NOWHERE = _Nowhere()


def stored_catalog(document: Mapping[str, Any], schemas: Schemas) -> Catalog:
    """The catalog that a document states. Raises: Refused, if this version of segctl does not read it."""
    page = Page("state")
    catalog = read_catalog(page, _mapping(document), _desk(NOTHING_KNOWN, schemas)).catalog
    if catalog is None:
        raise _refused(page, "catalog", document)
    return catalog


def stored_scope(catalog: Catalog) -> Scope:
    """What the rules of stored segments may name; made once for many of them."""
    return of_catalog(catalog)


def stored_segment(document: Mapping[str, Any], name: str, scope: Scope) -> Segment:
    """A segment as far as its members depend on it; the ids of a list are kept elsewhere. Raises: Refused."""
    page = Page("state")
    node = _mapping(document)
    body = read_body(Reading(page, scope), node, frozenset())
    if page.mistakes or not body.whole:
        raise _refused(page, f"segment.{name}", document)
    return Segment(
        name=name,
        type=_TYPES[document["type"]],
        rules=body.rules,
        trigger=body.trigger,
        query=document.get("query"),
        include=body.include,
        exclude=body.exclude,
        limit=body.limit,
        scope=body.scope,
        purpose=document.get("purpose", "marketing"),
    )


def stored_rule(document: Mapping[str, Any], address: str, scope: Scope) -> Rule:
    """The rule of a named rule's or a guard's document. Raises: Refused."""
    page = Page("state")
    rule = read_rules(Reading(page, scope), _mapping(document["rules"]))
    if rule is None or page.mistakes:
        raise _refused(page, address, document)
    return rule


def stored_duration(text: str) -> Duration:
    """A duration as `duration_text` wrote it. Raises: ValueError."""
    found = read_duration(Page("state"), yaml.Scalar(text, True, _NOWHERE, _NOWHERE))
    if found is None:
        message = "no duration is stored here"
        raise ValueError(message)
    return found


def _desk(scope: Scope, schemas: Schemas) -> Desk:
    return Desk(scope, schemas, lambda name: Unreadable(f"`{name}` is not part of the state."))


def _refused(page: Page, address: str, document: Mapping[str, Any]) -> Refused:
    reasons = [f"{told.code} {told.summary}: {told.detail}" for told in page.mistakes]
    return Refused(f"The stored definition of {address} ({document.get('kind')}) cannot be read.", *reasons)


def _mapping(document: Mapping[str, Any]) -> yaml.Mapping:
    entries = {key: (yaml.Scalar(key, False, _NOWHERE, _NOWHERE), _node(value)) for key, value in document.items()}
    return yaml.Mapping(entries, True, _NOWHERE, _NOWHERE)


def _node(value: Any) -> yaml.Node:
    """A text is quoted, anything else is written as JSON writes it. Exact types, since there are very many."""
    kind = type(value)
    if kind is str:
        return yaml.Scalar(value, False, _NOWHERE, _NOWHERE)
    if kind is list:
        return yaml.Sequence([_node(item) for item in value], True, _NOWHERE, _NOWHERE)
    if kind is dict:
        return _mapping(value)
    return yaml.Scalar(json.dumps(value), True, _NOWHERE, _NOWHERE)
