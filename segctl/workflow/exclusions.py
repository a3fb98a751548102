"""What keeps a player out by name and must outlive them: excludes, and lists that others exclude by. Pure.

Read from definitions as the state has them, redacted: also from those that no catalog of today can read any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from segctl.plan.private import PRIVATE
from segctl.store.forgotten import Hold

_SEGMENT = "segment."
_ASKING = ("in_segment", "was_in_segment")
Definitions = Mapping[str, Mapping[str, Any]]


def holds_left(
    stated: Definitions, ids: Mapping[str, int], naming: AbstractSet[str], listed: AbstractSet[str], today: date
) -> tuple[Hold, ...]:
    """The holds that a player leaves behind, of segments by address, deployed or archived.

    `naming` are the digests of the lists that name the player, `listed` the segments that have them in a list or a
    snapshot. What keeps somebody out by their facts is not among them: the facts will do so again.
    """
    found: set[Hold] = set()
    lists = _excluding(stated)
    for address, definition in stated.items():
        if not address.startswith(_SEGMENT):
            continue
        found |= {Hold(ids[address], "out", until) for until in _days(definition, "exclude", naming, today)}
        if address in lists:
            found |= {Hold(ids[address], "in", until) for until in _days(definition, "include", naming, today)}
            if address in listed:
                found.add(Hold(ids[address], "in"))
    return tuple(sorted(found, key=lambda hold: (hold.object_id, hold.way, str(hold.until))))


def _days(definition: Mapping[str, Any], key: str, naming: AbstractSet[str], today: date) -> Iterator[date | None]:
    """The last day, if there is one, of each entry in force that names the player."""
    for entry in definition.get(key, ()):
        until = date.fromisoformat(entry["until"]) if "until" in entry else None
        if entry.get("players", {}).get(PRIVATE) in naming and (until is None or today <= until):
            yield until


def _excluding(stated: Definitions) -> frozenset[str]:
    """The segments whose members are kept out of something, and all that those segments are made of."""
    found: set[str] = set()
    waiting = [used for one in stated.values() for used, negated in _uses(one, stated) if negated]
    while waiting:
        address = waiting.pop()
        if address not in found and address in stated:
            found.add(address)
            waiting.extend(used for used, _ in _uses(stated[address], stated))
    return frozenset(found)


def _uses(definition: Mapping[str, Any], stated: Definitions) -> Iterator[tuple[str, bool]]:
    """The segments that a definition asks about, by address, and whether it asks for those who are not in them."""
    for key in ("include", "exclude"):
        for entry in definition.get(key, ()):
            yield from ((f"{_SEGMENT}{name}", key == "exclude") for name in entry.get("segments", ()))
    for key in ("rules", "scope"):
        yield from _asked(definition.get(key), stated, negated=False)


def _asked(part: Any, stated: Definitions, *, negated: bool) -> Iterator[tuple[str, bool]]:
    if isinstance(part, list):
        for one in part:
            yield from _asked(one, stated, negated=negated)
    elif isinstance(part, Mapping):
        for key, value in part.items():
            if key in _ASKING:
                yield from ((f"{_SEGMENT}{name}", negated) for name in _names(value))
            elif key == "rule" and isinstance(value, str):
                yield from _asked(stated.get(f"rule.{value}", {}).get("rules"), stated, negated=negated)
            else:
                yield from _asked(value, stated, negated=negated ^ (key == "none"))


def _names(value: Any) -> list[str]:
    named = value["segment"] if isinstance(value, Mapping) else value
    return [named] if isinstance(named, str) else list(named)
