"""One line of a plan: the symbol, the name, what it is, and its numbers, before they are set in columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from segctl.plan.document import Action, Change, Impact, Secondary
from segctl.view.english import listed
from segctl.view.figures import MINUS, counted

# What a person sees first of several actions at once, and in which order objects are told.
_SYMBOLS: dict[Action, str] = {
    "replace": "-/+",
    "rename": "→",
    "create": "+",
    "recover": "+",
    "update": "~",
    "archive": "-",
}
_ORDER: dict[Action, int] = {"create": 0, "recover": 0, "update": 1, "replace": 2, "rename": 3, "archive": 4}
LONGEST_WHAT = 60
_SECTIONS = {"attributes": "field", "metrics": "field", "scores": "field", "events": "event"}
# What others lean on is told before them: who may be in at all, then what rules are made of.
_RANKS = {"guard": -4, "catalog": -3, "list": -2, "rule": -1}


@dataclass(frozen=True, slots=True)
class Row:
    """`change` is None for a segment that only moves because of others. Texts are raw."""

    symbol: str
    name: str
    what: str
    impact: Impact | None
    change: Change | None = None
    rank: int = 1
    added: bool = False
    gone: bool = False


def rows(changes: Iterable[Change], secondary: Iterable[Secondary]) -> list[Row]:
    """Guards, catalog, lists, rules; then what is created, updated, replaced, renamed, archived; each by name."""
    found = [*map(_of_change, changes), *map(_of_secondary, secondary)]
    return sorted(found, key=lambda row: (row.rank, row.name))


def _of_change(change: Change) -> Row:
    actions = change.actions
    is_segment = change.kind == "segment"
    return Row(
        symbol=next(sign for action, sign in _SYMBOLS.items() if action in actions),
        name=change.name if is_segment else f"{change.kind} {change.name}",
        what=_what(change),
        impact=change.impact,
        change=change,
        rank=max((_ORDER[action] for action in actions), default=0) if is_segment else _RANKS.get(change.kind, -1),
        added="create" in actions or "recover" in actions,
        gone="archive" in actions,
    )


def _of_secondary(one: Secondary) -> Row:
    return Row("~", one.name, f"uses {', '.join(map(_used, one.because))}", one.impact)


def _used(address: str) -> str:
    kind, _, name = address.partition(".")
    return name if kind == "segment" else f"{kind} {name}"


def _what(change: Change) -> str:
    if change.kind == "catalog" and change.before is not None and change.after is not None:
        told = catalog_changes(change.before, change.after)
        return told if len(told) <= LONGEST_WHAT else _catalog_numbers(change.before, change.after)
    keys = ", ".join(key for key in change.keys if key not in ("name", "renamed_from"))
    nature = _nature(change)
    if "archive" in change.actions:
        return "archive"
    if "create" in change.actions:
        return nature
    if "recover" in change.actions:
        return f"recovered · {nature}" if nature else "recovered"
    parts = [f"renamed from {change.renamed_from}"] if "rename" in change.actions else []
    if "replace" in change.actions:
        parts.append(f"{change.type}, new snapshot")
    elif keys:
        parts.append(keys)
    return "; ".join(parts)


def _nature(change: Change) -> str:
    """What an object is: dynamic · marketing, 12 values, for every marketing segment."""
    match change.kind:
        case "guard":
            return f"for every {change.name} segment"
        case "list":
            return counted(listed((change.after or {}).get("values", ())), "value")
        case _:
            return " · ".join(part for part in (change.type, change.purpose) if part)


def catalog_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What differs between two catalogs: fields country, +city, and so on; event bets; currency."""
    parts = [_named(noun, names) for noun, names in _catalog_names(before, after).items() if names]
    others = sorted({*before, *after} - _SECTIONS.keys())
    return "; ".join([*parts, *(key for key in others if before.get(key) != after.get(key))])


def _catalog_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[str]]:
    """The names that differ, with a sign at those that came or went."""
    names: dict[str, list[str]] = {"field": [], "event": []}
    for section, noun in _SECTIONS.items():
        old, new = before.get(section, {}), after.get(section, {})
        names[noun] += [
            ("" if name in old else "+") + ("" if name in new else MINUS) + name
            for name in sorted({*old, *new})
            if old.get(name) != new.get(name)
        ]
    return names


def _named(noun: str, names: list[str]) -> str:
    return f"{noun}{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _catalog_numbers(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    names = _catalog_names(before, after)
    return ", ".join(counted(len(found), noun) for noun, found in names.items() if found)
