"""`kind: Segment`: the keys of each type of segment. Plain data."""

from __future__ import annotations

from collections.abc import Container

from segctl.model.catalog import Catalog
from segctl.spec.editor.beside import beside
from segctl.spec.editor.parts import (
    NAME,
    Schema,
    about,
    by_shape,
    chosen,
    has,
    in_brackets,
    is_text,
    keys,
    of,
    one_of,
    one_or_more,
    ref,
    text,
)

_TYPES = {
    "dynamic": "Who matches the rules now.",
    "static": "Who matched the rules when it was applied: a snapshot.",
    "players": "A list of player ids, in the document or in a file.",
    "triggered": "Who had an enter event after their last exit event.",
    "sql": "The ids that one read-only query returns.",
}
# type → its own keys, and those it cannot do without
_OWN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "dynamic": ((), ("rules",)),
    "static": ((), ("rules",)),
    "players": (("players", "players_file"), ()),
    "triggered": (("enter", "exit", "for"), ("enter",)),
    "sql": (("query",), ("query",)),
}
_ALWAYS = ("kind", "name", "type")


def segment_definitions(catalog: Catalog) -> dict[str, Schema]:
    """What stands under each key of a segment."""
    return {f"segment_{key}": schema for key, schema in _keys(catalog).items()}


def segment_document(catalog: Catalog, read: Container[str]) -> Schema:
    """A segment; which keys it has depends on its type. Without a type, all are offered.

    `read` are the keys that segctl reads: an editor offers no other.
    """
    known = {key: ref(f"segment_{key}") for key in _keys(catalog) if key in read}
    own = {key for keys_, _ in _OWN.values() for key in keys_}
    options = []
    for name, (mine, needed) in _OWN.items():
        mentioned = {key: schema for key, schema in known.items() if key in mine or key not in own}
        options.append(
            (
                is_text("type", name),
                {**keys(mentioned, *_ALWAYS, *needed, title=f"Segment ({name})"), **_list_once(name)},
            )
        )
    return {"type": "object", **chosen(options, keys(known, *_ALWAYS, title="Segment"))}


def _keys(catalog: Catalog) -> dict[str, Schema]:
    return {**_common(), **_own(), **beside(catalog)}


def names(title: str, description: str) -> Schema:
    """A name that a document gives itself."""
    says = "A name has lower-case letters and digits, in words joined by single hyphens: vip-players."
    return about(title, description, type="string", pattern=NAME, maxLength=63, errorMessage=says)


def tags() -> Schema:
    """Words to find a document by."""
    return about("Tags", "Words to find it by.", **in_brackets({"type": "string", "minLength": 1}, least=0))


def _list_once(kind: str) -> Schema:
    if kind != "players":
        return {}
    return {
        "if": has("players"),
        "then": {"properties": {"players_file": False}},
        "else": {"required": ["players_file"], "errorMessage": "Write `players` or `players_file`."},
    }


def _common() -> dict[str, Schema]:
    return {
        "kind": about("Kind", "What this document is.", type="string"),
        "name": names("Name", "The identity of the segment. The file may move; the name stays."),
        "title": text("Title", "What people see in lists."),
        "description": text("Description", "Who is meant, and what for."),
        "type": one_of(_TYPES, "Type", "How members get in and out."),
        "purpose": {
            **names(
                "Purpose", "What the segment is used for; it decides which guard holds. The default is marketing."
            ),
            "examples": ["marketing", "service", "analysis"],
        },
        "tags": tags(),
        "owner": text("Owner", "The team or person to ask."),
        "protected": about("Protected", "Archiving it needs a permission of its own.", type="boolean"),
        "renamed_from": names("Renamed from", "The name under which it was deployed before."),
    }


def _own() -> dict[str, Schema]:
    steps = {"type": ["object", "array"], **by_shape(array=one_or_more(ref("step")), mapping=ref("step"))}
    return {
        "players": about(
            "Players", "The ids, as the warehouse writes them.", type="array", items=ref("player_id")
        ),
        "players_file": text(
            "Players file", "A side file with one id a line; its path starts at this document's folder."
        ),
        "enter": {**about("Enter", "The event that lets a player in, or a list: any of them."), **steps},
        "exit": {**about("Exit", "The event that takes a player out, or a list: any of them."), **steps},
        "for": of("duration", "string", "For", "How long a player stays after the latest enter event."),
        "query": text("Query", "One SELECT that returns player ids. :as_of is the instant of the run."),
    }
