"""The shipped schema of catalogs (draft 2020-12) → draft 7, as part of another schema. Plain data."""

from __future__ import annotations

from typing import Any

from segctl.spec.editor.parts import Schema

_RENAMED = {"dependentRequired": "dependencies", "dependentSchemas": "dependencies"}
_LEFT_OUT = frozenset(("$schema", "$defs", "$id"))
_REF = "#/$defs/"


def embedded(schema: Schema, prefix: str) -> tuple[Schema, dict[str, Schema]]:
    """The schema, and its definitions by their new names, which begin with the prefix."""
    definitions = {f"{prefix}{name}": _draft_7(one, prefix) for name, one in schema.get("$defs", {}).items()}
    return _draft_7(schema, prefix), definitions


def _draft_7(node: Any, prefix: str) -> Any:
    match node:
        case dict():
            return {
                _RENAMED.get(key, key): _value(key, part, prefix)
                for key, part in node.items()
                if key not in _LEFT_OUT
            }
        case list():
            return [_draft_7(part, prefix) for part in node]
        case _:
            return node


def _value(key: str, part: Any, prefix: str) -> Any:
    if key == "$ref" and isinstance(part, str):
        return part.replace(_REF, f"#/definitions/{prefix}")
    return _draft_7(part, prefix)
