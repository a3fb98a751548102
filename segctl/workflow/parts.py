"""The documents of a world while it is put together: one more, or one less."""

from __future__ import annotations

from segctl.workflow.declared import DeclaredObject
from segctl.workflow.worlds import Parts


def put(parts: Parts, one: DeclaredObject) -> None:
    """Puts a declared object among the parts; a catalog is not one of them."""
    match one.kind:
        case "segment" if one.segment is not None:
            parts.segments[one.name] = one.segment
        case "rule" if one.rule is not None:
            parts.rules[one.name] = one.rule
        case "guard" if one.rule is not None:
            parts.guards[one.name] = one.rule
        case "list":
            parts.lists[one.name] = one.values
        case _:
            pass


def drop(parts: Parts, kind: str, name: str) -> None:
    """Takes an object out."""
    match kind:
        case "segment":
            del parts.segments[name]
        case "rule":
            del parts.rules[name]
        case "guard":
            del parts.guards[name]
        case "list":
            del parts.lists[name]
        case _:
            pass
