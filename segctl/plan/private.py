"""Definitions without what must not travel: player ids and personal data give way to keyed digests.

The digests are HMACs under the state's secret, so nobody can guess a value back from a plan or a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any
from urllib.parse import urlsplit

from segctl.base.digest import canonical_json, keyed_digest

PRIVATE = "private"
# what takes the place of a personal value that was forgotten: no player has it
VALUE = "(forgotten)"
_GROUPS = ("all", "any", "none")
_RULES = ("rules", "scope")
_BESIDE = ("include", "exclude")


def redacted(
    document: Mapping[str, Any], personal: AbstractSet[str], secret: bytes, *, values: bool = False
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """A definition without ids and personal data, and what was taken out of it, by digest.

    `personal` names the catalog's fields with `pii: true`; `values` says that a list is compared with one of them.
    A list of players leaves its length and its digest; the ids themselves are not returned, since the members'
    bitmap is where they live.
    """
    taken: dict[str, bytes] = {}
    made = dict(document)
    if "players" in made:
        ids = made["players"]
        made["players"] = {"count": len(ids), PRIVATE: keyed_digest(secret, ids)}
    for key in _RULES:
        if key in made and personal:
            made[key] = _rule(made[key], personal, secret, taken)
    for key in _BESIDE:
        if key in made:
            made[key] = [_beside(entry, secret, taken) for entry in made[key]]
    if "webhook" in made:
        made["webhook"] = _webhook(made["webhook"], secret, taken)
    if values and "values" in made:
        made["values"] = {"count": len(made["values"]), **_taken(made["values"], secret, taken)}
    return made, taken


def _webhook(webhook: Mapping[str, Any], secret: bytes, taken: dict[str, bytes]) -> dict[str, Any]:
    """Its path is often a password: only the host is told. What is a variable says nothing of itself."""
    url = webhook["url"]
    if url.startswith("${"):
        return dict(webhook)
    return {**webhook, "url": {**_taken(url, secret, taken), "host": urlsplit(url).hostname}}


def _beside(entry: Mapping[str, Any], secret: bytes, taken: dict[str, bytes]) -> dict[str, Any]:
    """An entry of `include` or `exclude`: ids leave their number and their digest."""
    if "players" not in entry:
        return dict(entry)
    ids = entry["players"]
    return {**entry, "players": {"count": len(ids), **_taken(ids, secret, taken)}}


def _rule(
    rule: Mapping[str, Any], personal: AbstractSet[str], secret: bytes, taken: dict[str, bytes]
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in rule.items():
        if key in _GROUPS:
            made[key] = [_rule(part, personal, secret, taken) for part in value]
        elif key == "at_least":
            made[key] = {**value, "of": [_rule(part, personal, secret, taken) for part in value["of"]]}
        elif key in personal:
            made[key] = {
                operator: _operand(operator, operand, secret, taken) for operator, operand in value.items()
            }
        else:
            made[key] = value
    return made


def _operand(operator: str, operand: Any, secret: bytes, taken: dict[str, bytes]) -> Any:
    # is_set and ignore_case say nothing of anybody, and the name of a list is no value of it
    return operand if isinstance(operand, bool) or operator == "in_list" else _taken(operand, secret, taken)


def _taken(operand: Any, secret: bytes, taken: dict[str, bytes]) -> Any:
    mark = keyed_digest(secret, operand)
    taken[mark] = canonical_json(operand).encode()
    return {PRIVATE: mark}


def private_digests(definition: Mapping[str, Any] | None) -> set[str]:
    """The digests in a redacted definition that stand for contents kept elsewhere; a list of players has none."""
    found: set[str] = set()
    for key, part in (definition or {}).items():
        if key != "players":
            _gather(part, found)
    return found


def _gather(document: Any, found: set[str]) -> None:
    """Exact types, since a state of thousands of segments is looked through whole."""
    if type(document) is dict:
        mark = document.get(PRIVATE)
        if type(mark) is str:
            found.add(mark)
        for value in document.values():
            _gather(value, found)
    elif type(document) is list:
        for value in document:
            _gather(value, found)


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
