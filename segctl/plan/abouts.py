"""What is needed to speak of the fields of rules without the catalog. Pure.

A column of an event table stands under the names of both: `bets.stake`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from segctl.model.catalog import Attribute, Catalog
from segctl.plan.document import FieldAbout


def abouts(catalog: Catalog) -> dict[str, FieldAbout]:
    """Every field of a catalog, and every column of its events."""
    fields = {
        name: FieldAbout(one.type, one.about.title, one.about.unit, _pii(one))
        for name, one in catalog.fields.items()
    }
    columns = {
        f"{event.name}.{column.name}": FieldAbout(column.type)
        for event in catalog.events.values()
        for column in event.columns
    }
    return fields | columns


def used_abouts(catalogs: Iterable[Catalog], definitions: Iterable[Any]) -> dict[str, FieldAbout]:
    """Those that definitions name. Where catalogs disagree, the first is right."""
    words: set[str] = set()
    for definition in definitions:
        words |= _words(definition)
    found: dict[str, FieldAbout] = {}
    for catalog in catalogs:
        found = {name: about for name, about in abouts(catalog).items() if words >= set(name.split("."))} | found
    return dict(sorted(found.items()))


def _pii(one: object) -> bool | None:
    return True if isinstance(one, Attribute) and one.pii else None


def _words(document: Any) -> set[str]:
    """Every key and every text: any of them may name a field, an event or a column."""
    if isinstance(document, Mapping):
        return set(document).union(*(_words(value) for value in document.values()))
    if isinstance(document, list | tuple):
        return set().union(*(_words(value) for value in document))
    return {document} if isinstance(document, str) else set()
