"""Definitions as the state keeps them → models. They were valid when they were applied.

A definition is an author's document in long form (model/canonical.py), and JSON is YAML, so the readers of
documents read it. What today's segctl would no longer accept is refused as a whole, never guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segctl.base.digest import canonical_json
from segctl.base.errors import Refused
from segctl.model.catalog import Catalog
from segctl.model.rule import Rule
from segctl.spec import node as yaml
from segctl.spec.catalog import read_catalog
from segctl.spec.desk import Desk, Schemas
from segctl.spec.page import Page
from segctl.spec.players import Lists
from segctl.spec.rules import Reading, read_rules
from segctl.spec.scope import NOTHING_KNOWN, Scope, of_catalog
from segctl.spec.yaml import documents


def stored_catalog(body: str, schemas: Schemas, lists: Lists) -> Catalog:
    """The catalog of a stored definition. Raises: Refused."""
    page = Page("state")
    found = read_catalog(page, _mapping(page, body), Desk(NOTHING_KNOWN, schemas, lists)).catalog
    if found is None:
        raise _unreadable("catalog", page)
    return found


def stored_scope(catalog: Catalog) -> Scope:
    """What the rules of stored segments may name; made once for many of them."""
    return of_catalog(catalog)


def stored_rules(document: Mapping[str, Any], name: str, scope: Scope) -> Rule | None:
    """The rules of a segment's stored definition, None for a plain list. Raises: Refused."""
    if "rules" not in document:
        return None
    page = Page("state")
    rules = read_rules(Reading(page, scope), _mapping(page, canonical_json(document["rules"])))
    if rules is None or page.mistakes:
        raise _unreadable(f"segment {name}", page)
    return rules


def _mapping(page: Page, text: str) -> yaml.Mapping:
    nodes = documents(page, text.encode())
    if len(nodes) != 1 or type(nodes[0]) is not yaml.Mapping:
        raise _unreadable("definition", page)
    return nodes[0]


def _unreadable(what: str, page: Page) -> Refused:
    said = page.mistakes[0].detail if page.mistakes else "it is not a mapping."
    return Refused(
        f"The deployed {what} cannot be read by this segctl: {said}",
        "Apply with the segctl that deployed it, or correct it in the files and plan again.",
    )
