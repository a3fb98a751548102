"""Small parts of a JSON Schema, draft 7, that all others are made of. Plain data.

An editor completes from `properties`, `enum` and `defaultSnippets`, and looks through `allOf`, `if` and `then`. It
shows `title` and `description` of what a cursor rests on, and `errorMessage` where a value does not fit.
`defaultSnippets`, `enumDescriptions`, `errorMessage` and `patternErrorMessage` are words of the YAML and JSON
services of editors; other readers of a schema pass over them. What stands below `then` is not inserted together
with its key, so that a key is followed by what the author types and not by an empty list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Schema = dict[str, Any]

NAME = "^[a-z0-9]+(-[a-z0-9]+)*$"
DURATION = "^[0-9]{1,9}(min|h|d|w|mo|y)$"
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIME = r"[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)? ?([Zz]|[-+][0-9]{2}(:?[0-9]{2})?)?"
MOMENT = f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}({_TIME})?$"


def ref(name: str) -> Schema:
    """What is defined under a name."""
    return {"$ref": f"#/definitions/{name}"}


def about(title: str, description: str, **rest: Any) -> Schema:
    """A schema with its words for people."""
    return {"title": title, "description": description, **rest}


def of(name: str, kind: str | list[str], title: str, description: str, **rest: Any) -> Schema:
    """A defined schema under words of its own; beside a `$ref` alone they would not count.

    The type stands here too, since an editor writes a colon after the keys whose type it sees.
    """
    return about(title, description, type=kind, **rest, allOf=[ref(name)])


def text(title: str, description: str) -> Schema:
    """Any text."""
    return about(title, description, type="string")


def keys(properties: Mapping[str, Any], *required: str, **rest: Any) -> Schema:
    """A mapping with these keys and no others."""
    found: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False, **rest}
    return {**found, "required": list(required)} if required else found


def by_shape(
    *, string: Schema | None = None, array: Schema | None = None, mapping: Schema | None = None
) -> Schema:
    """A value that may have several shapes; each is held to what is said of it, with a message of its own."""
    found: Schema = {} if string is None else {"if": {"type": "string"}, "then": string}
    if array is not None:
        found = {"if": {"type": "array"}, "then": array, **({"else": found} if found else {})}
    if mapping is not None:
        found = {"if": {"type": "object"}, "then": mapping, **({"else": found} if found else {})}
    return found


def is_text(key: str, text: str) -> Schema:
    """Holds where `key` is exactly this text.

    A pattern instead of `const`: while editors complete, they take the beginning of a constant for the constant.
    """
    return {**has(key), "properties": {key: {"type": "string", "pattern": f"^{re.escape(text)}$"}}}


def has(key: str) -> Schema:
    """Holds of a mapping with this key; where nothing is written yet there is no mapping."""
    return {"type": "object", "required": [key]}


def chosen(options: Iterable[tuple[Schema, Schema]], otherwise: Schema) -> Schema:
    """The first schema whose condition holds."""
    found = otherwise
    for condition, schema in reversed(list(options)):
        found = {"if": condition, "then": schema, "else": found}
    return found


def conditions(name: str, properties: Mapping[str, Any]) -> dict[str, Schema]:
    """A mapping of one of these keys, to be defined under a name and `<name>_alone`.

    `maxProperties` keeps an editor from offering more keys beside one that is there.
    """
    offered = keys(properties)
    return {name: offered, f"{name}_alone": {**offered, "maxProperties": 1}}


def one_condition(name: str) -> Schema:
    """A single one of these. On an empty line editors put a key without a name, and all keys are offered."""
    alone = {"if": {"propertyNames": {"pattern": "^$"}}, "then": ref(name), "else": ref(f"{name}_alone")}
    says = "A mapping holds one condition: put `-` before each, below `all:`."
    return {"if": {"maxProperties": 1}, "then": alone, "else": {"type": "array", "errorMessage": says}}


def one_of(values: Mapping[str, str], title: str, description: str) -> Schema:
    """A word out of a few, each with what it means."""
    return about(title, description, type="string", enum=list(values), enumDescriptions=[*values.values()])


def snippets(*bodies: str) -> Schema:
    """What an editor offers to write as a value. A single one is written together with its key."""
    return {
        "defaultSnippets": [{"label": re.sub(r"\$\{\d:([^}]*)\}", r"\1", body), "body": body} for body in bodies]
    }


def one_or_more(item: Schema) -> Schema:
    """A list that is not empty."""
    return {"type": "array", "items": item, "minItems": 1}


def in_brackets(item: Schema, written: str = "[$1]", *, least: int = 1, most: int | None = None) -> Schema:
    """A list that an editor writes on one line."""
    size = {"minItems": least} if most is None else {"minItems": least, "maxItems": most}
    return {"type": "array", "allOf": [{"items": item, **size}], **snippets(written)}


def words(texts: Sequence[str]) -> str:
    """Sentences of which some may be empty, one after the other."""
    return " ".join(text for text in texts if text)
