"""Definitions without what must not travel: player ids and personal data give way to keyed digests.

The digests are HMACs under the state's secret, so nobody can guess a value back from a plan or a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from segctl.base.digest import canonical_json, keyed_digest

PRIVATE = "private"
_GROUPS = ("all", "any", "none")


def redacted(
    document: Mapping[str, Any], personal: AbstractSet[str], secret: bytes
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """A definition without ids and personal data, and what was taken out of its rules, by digest.

    `personal` names the catalog's fields with `pii: true`. A list of players leaves its length and its digest;
    the ids themselves are not returned, since the members' bitmap is where they live.
    """
    taken: dict[str, bytes] = {}
    made = dict(document)
    if "players" in made:
        ids = made["players"]
        made["players"] = {"count": len(ids), PRIVATE: keyed_digest(secret, ids)}
    if "rules" in made and personal:
        made["rules"] = _rule(made["rules"], personal, secret, taken)
    return made, taken


def _rule(
    rule: Mapping[str, Any], personal: AbstractSet[str], secret: bytes, taken: dict[str, bytes]
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in rule.items():
        if key in _GROUPS:
            made[key] = [_rule(part, personal, secret, taken) for part in value]
        elif key in personal:
            made[key] = {operator: _taken(operand, secret, taken) for operator, operand in value.items()}
        else:
            made[key] = value
    return made


def _taken(operand: Any, secret: bytes, taken: dict[str, bytes]) -> Any:
    if isinstance(operand, bool):  # is_set, ignore_case: says nothing of anybody
        return operand
    mark = keyed_digest(secret, operand)
    taken[mark] = canonical_json(operand).encode()
    return {PRIVATE: mark}


def private_digests(document: Any) -> set[str]:
    """The digests that stand for something in a redacted definition's rules."""
    if isinstance(document, Mapping):
        mark = document.get(PRIVATE)
        found = {mark} if isinstance(mark, str) and "count" not in document else set()
        return found.union(*(private_digests(value) for value in document.values()))
    if isinstance(document, list):
        return set().union(*(private_digests(value) for value in document))
    return set()


def restored(document: Any, contents: Mapping[str, Any]) -> Any:
    """A redacted definition with the values put back that `contents` has by digest."""
    if isinstance(document, Mapping):
        mark = document.get(PRIVATE)
        if isinstance(mark, str) and mark in contents:
            return contents[mark]
        return {key: restored(value, contents) for key, value in document.items()}
    if isinstance(document, list):
        return [restored(value, contents) for value in document]
    return document
