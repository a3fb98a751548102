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
from segctl.spec import node as yaml
from segctl.spec.catalog import read_catalog
from segctl.spec.desk import Desk, Schemas
from segctl.spec.page import Page
from segctl.spec.reading import Reading
from segctl.spec.rules import read_rules
from segctl.spec.scope import NOTHING_KNOWN, Scope, of_catalog


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


def stored_rules(document: Mapping[str, Any], name: str, scope: Scope) -> Rule | None:
    """The rules of a segment's document, None for a plain list. Raises: Refused, as above."""
    if "rules" not in document:
        return None
    page = Page("state")
    rules = read_rules(Reading(page, scope), _mapping(document["rules"]))
    if rules is None or page.mistakes:
        raise _refused(page, f"segment.{name}", document)
    return rules


def _desk(scope: Scope, schemas: Schemas) -> Desk:
    return Desk(scope, schemas, lambda name: Unreadable(f"`{name}` is not part of the state."))


def _refused(page: Page, address: str, document: Mapping[str, Any]) -> Refused:
    reasons = [f"{told.code} {told.summary}: {told.detail}" for told in page.mistakes]
    return Refused(f"The stored definition of {address} ({document.get('kind')}) cannot be read.", *reasons)


def _mapping(document: Mapping[str, Any]) -> yaml.Mapping:
    entries = {key: (yaml.Scalar(key, False, _NOWHERE, _NOWHERE), _node(value)) for key, value in document.items()}
    return yaml.Mapping(entries, True, _NOWHERE, _NOWHERE)


def _node(value: Any) -> yaml.Node:
    """A text is quoted, anything else is written as JSON writes it."""
    match value:
        case str():
            return yaml.Scalar(value, False, _NOWHERE, _NOWHERE)
        case list():
            return yaml.Sequence([_node(item) for item in value], True, _NOWHERE, _NOWHERE)
        case dict():
            return _mapping(value)
        case _:
            return yaml.Scalar(json.dumps(value), True, _NOWHERE, _NOWHERE)
