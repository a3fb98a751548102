"""Which fields of a catalog mean something else than before. Titles and descriptions mean nothing. Pure.

Works on canonical documents, so that the order of columns and conditions means nothing either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segctl.model.canonical import catalog_document
from segctl.model.catalog import Catalog

# What is said of a field or a column without deciding its values: `values` only restrict what rules may ask for.
_SAID = frozenset(("title", "group", "description", "unit", "pii", "values"))
_DERIVED = ("subtract", "ratio")
_EVENTS = "events."

Document = Mapping[str, Any]


def changed_fields(old: Catalog, new: Catalog) -> frozenset[str]:
    """The fields of the new catalog that are new, or are computed in another way than before.

    An event table that is read in another way stands among them as `events.NAME`.
    """
    names = set(new.fields)
    if old.player != new.player:
        return frozenset(names)
    before, after = catalog_document(old), catalog_document(new)
    events = {f"{_EVENTS}{name}" for name in new.events if not _same_event(before, after, name)}
    return frozenset(name for name in names if _meaning(before, name) != _meaning(after, name)) | events


def changed_addresses(old: Catalog | None, new: Catalog) -> frozenset[str]:
    """The same by address, as rules name them; without an old catalog, all fields and events."""
    if old is None:
        return frozenset((*(f"field.{name}" for name in new.fields), *(f"event.{name}" for name in new.events)))
    names = changed_fields(old, new)
    return frozenset(
        f"event.{name.removeprefix(_EVENTS)}" if name.startswith(_EVENTS) else f"field.{name}" for name in names
    )


def _same_event(before: Document, after: Document, name: str) -> bool:
    """Is what both catalogs know of an event table read in the same way?"""
    sides = [catalog.get("events", {}).get(name) for catalog in (before, after)]
    if None in sides:
        return False
    shared = sides[0].get("columns", {}).keys() & sides[1].get("columns", {}).keys()
    old, new = (_read(side, set(shared)) for side in sides)
    return bool(old == new)


def _meaning(catalog: Document, name: str) -> Any:
    """Everything that a field's values depend on, comparable by value; None for no such field."""
    attribute = catalog.get("attributes", {}).get(name)
    if attribute is not None:
        return _bare(attribute), _meaning(catalog, attribute["age_of"]) if "age_of" in attribute else None
    score = catalog.get("scores", {}).get(name)
    if score is not None:
        return _bare(score)
    metric = catalog.get("metrics", {}).get(name)
    if metric is None:
        return None
    for kind in _DERIVED:
        if kind in metric:
            return kind, [_meaning(catalog, part) for part in metric[kind]]
    return _bare(metric), _read(catalog["events"][metric["of"]], _words(_bare(metric)))


def _bare(document: Document) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in _SAID}


def _read(event: Document, words: set[str]) -> dict[str, Any]:
    """An event table with no other columns than those that are spoken of, and what these are made of."""
    columns = event.get("columns", {})
    used = {name for name in columns if name in words}
    used |= {part for name in used for part in columns[name].get("subtract", ())}
    return {**event, "columns": {name: _bare(columns[name]) for name in used}}


def _words(document: Any) -> set[str]:
    """Every key and every text in it: any of them may name a column."""
    if isinstance(document, Mapping):
        return set(document).union(*(_words(value) for value in document.values()))
    if isinstance(document, list):
        return set().union(*(_words(value) for value in document))
    return {document} if isinstance(document, str) else set()
