"""The order of the keys at the top of a document (language.md, section 2). Plain data."""

from __future__ import annotations

_ABOUT = ("kind", "name", "title", "description")
_ORDERS: dict[str, tuple[str, ...]] = {
    "Segment": (
        *_ABOUT, "type", "purpose", "tags", "owner", "protected", "renamed_from", "scope",
        "enter", "exit", "for", "query", "rules", "players", "players_file",
        "include", "exclude", "limit", "webhook", "schedule",
    ),
    "Rule": (*_ABOUT, "rules"),
    "List": (*_ABOUT, "values"),
    "SegmentTest": (
        "kind", "segment", "title", "description", "defaults", "players", "members", "rows",
        "at", "cases", "steps",
    ),
    "Catalog": ("kind", "name", "currency", "player", "attributes", "events", "metrics", "scores"),
    "": ("name", "timezone", "environments", "guards", "limits", "webhooks"),  # segctl.yaml, which has no kind
}  # fmt: skip


def in_order(kind: str, keys: list[str]) -> list[str]:
    """The keys of a document of this kind in their order; those that are not known come last, as they stood."""
    order = _ORDERS.get(kind, _ABOUT)
    ranks = {key: rank for rank, key in enumerate(order)}
    return sorted(keys, key=lambda key: ranks.get(key, len(order)))
