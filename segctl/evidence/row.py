"""A row of the audit log as evidence: its fields as they are stored, their hash, and its leaf in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from segctl.base.digest import digest
from segctl.evidence.merkle import leaf_hash

# What the hash of a row is made from. `previous` is the hash of the row before.
NUMBERS: Final = frozenset(("seq", "serial"))
SEALED: Final = (
    "seq",
    "at",
    "serial",
    "action",
    "address",
    "actor",
    "before",
    "after",
    "plan_id",
    "commit_id",
    "detail",
    "previous",
)
_HASH: Final = re.compile(r"[0-9a-f]{64}")


def row_hash(row: Mapping[str, Any]) -> str:
    """SHA-256, in hex, over all fields of a row but its hash."""
    return digest({name: row[name] for name in SEALED})


def leaf_of(row_hash: Any) -> bytes:
    """The leaf of a row: its hash as an entry of the tree. What is no hash has a leaf that no honest row has."""
    if isinstance(row_hash, str) and _HASH.fullmatch(row_hash):
        return leaf_hash(bytes.fromhex(row_hash))
    return leaf_hash(b"")


def row_of(data: Any, names: tuple[str, ...] = SEALED) -> dict[str, Any]:
    """A row that was read from JSON: exactly these fields, numbers and texts. Raises: ValueError."""
    if not isinstance(data, dict) or set(data) != set(names):
        raise ValueError(f"a row has the fields {', '.join(names)}")
    for name, value in data.items():
        right = type(value) is int if name in NUMBERS else value is None or isinstance(value, str)
        if not right:
            raise ValueError(f"{name} is not a {'number' if name in NUMBERS else 'text'}")
        if isinstance(value, str):
            value.encode()  # half a character has no bytes that could be hashed
    return data


def once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON whose keys stand once: two readers must see the same. Raises: ValueError."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key} stands twice")
        found[key] = value
    return found
