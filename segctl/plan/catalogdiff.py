"""Which fields of a catalog mean something else than before. Titles and descriptions mean nothing. Pure."""

from __future__ import annotations

from typing import Any

from segctl.model.catalog import AgeOf, Aggregate, Attribute, ByMoney, Catalog, Derived


def changed_fields(old: Catalog, new: Catalog) -> frozenset[str]:
    """The fields of the new catalog that are new, or are computed in another way than before."""
    names = {*new.attributes, *new.metrics}
    if old.player != new.player:
        return frozenset(names)
    return frozenset(name for name in names if _meaning(old, name) != _meaning(new, name))


def _meaning(catalog: Catalog, name: str) -> Any:
    """Everything that a field's values depend on, comparable by value."""
    attribute = catalog.attributes.get(name)
    if attribute is not None:
        return attribute, _born(attribute, catalog)
    metric = catalog.metrics.get(name)
    if metric is None:
        return None
    match metric.how:
        case Derived(_, left, right):
            return metric, _meaning(catalog, left), _meaning(catalog, right)
        case Aggregate(events):
            return metric, catalog.events[events]
        case ByMoney(_, _, both):
            return metric, catalog.events[both.events]


def _born(attribute: Attribute, catalog: Catalog) -> Attribute | None:
    return catalog.attributes[attribute.source.attribute] if isinstance(attribute.source, AgeOf) else None
