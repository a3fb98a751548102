"""The outer shape of a document against its JSON Schema: which keys there are, and what kind of value each takes.

jsonschema-rs decides; the words are ours, since a message that cannot be acted on is none. Values are not repeated
in them: they may be secret or long.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import jsonschema_rs

from segctl.spec.node import Mapping, Node, Scalar, Sequence
from segctl.spec.page import Page, shown
from segctl.spec.scalar import KIND_WORDS, kind_of
from segctl.spec.suggest import listed

Path = tuple[str | int, ...]
_Place = tuple[Scalar | None, Node, str]  # the key, its value, and how to speak of it

_TYPE_WORDS = {
    "string": "text",
    "object": "a mapping",
    "array": "a list",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
}
_NAME = "A name has lower-case letters and digits, in words joined by single hyphens: `vip-players`."
_FIELD = "A name has lower-case letters, digits and underscores, and begins with a letter: `vip_level`."
_IDENTIFIER = "A column has letters, digits and underscores, at most 63 of them."
_TABLE = "A table is `name` or `schema.name`, of letters, digits and underscores."
_PATTERNS = {
    "^[a-z0-9]+(-[a-z0-9]+)*$": ("SEG108", _NAME),
    "^[a-z][a-z0-9_]{0,62}$": ("SEG108", _FIELD),
    "^[A-Za-z_][A-Za-z0-9_]{0,62}$": ("SEG301", _IDENTIFIER),
    r"^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?$": ("SEG301", _TABLE),
    "^[A-Z][A-Z0-9]{2,9}$": ("SEG204", "A currency is written in capitals: `EUR`."),
}
_NAMES = frozenset(("name", "purpose", "renamed_from"))
_MISSING = {"environments": "SEG402", "metrics": "SEG303"}


@lru_cache(maxsize=8)
def _schema(text: str) -> tuple[Any, Any]:
    """The schema as data, and compiled."""
    data = json.loads(text)
    return data, jsonschema_rs.validator_for(data)


def misshapen(page: Page, node: Mapping, data: Any, schema: str) -> frozenset[Path]:
    """Notes what does not fit the schema, and returns the paths of what is wrong; empty if all is well."""
    rules, validator = _schema(schema)
    if validator.is_valid(data):
        return frozenset()
    wrong = []
    for error in validator.iter_errors(data):
        path = tuple(error.instance_path)
        wrong.append(path)
        _note(page, node, path, error, rules)
    return frozenset(wrong)


def _note(page: Page, root: Mapping, path: Path, error: Any, schema: Any) -> None:
    key, node = _find(root, path)
    what = f"`{key.text}`" if key is not None else "The document"
    if path and isinstance(path[-1], int):
        what = f"An item of {what}"
    facts = error.kind.as_dict()
    match error.kind.name:
        case "required" | "dependentRequired":
            code = _MISSING.get(str(path[0]), "SEG103") if path else "SEG103"
            page.mistake(code, key or node, f"{what} needs the key `{facts['property']}`.")
        case "additionalProperties":
            _note_unknown(page, node, what, facts["unexpected"], _keys_beside(error.schema_path, schema))
        case "propertyNames":
            _note_key(page, node, error.kind.error)
        case "falseSchema":
            page.mistake(
                "SEG119", key or node, f"{what} does not go with the other keys here.", _go_with(root, path)
            )
        case keyword:
            _note_value(page, (key, node, what), keyword, facts)


def _note_value(page: Page, place: _Place, keyword: str, facts: dict[str, Any]) -> None:
    key, node, what = place
    match keyword:
        case "type":
            _note_type(page, node, what, facts["types"])
        case "enum" | "const":
            _note_choice(page, node, what, facts)
        case "pattern":
            _note_pattern(page, node, what, facts["pattern"])
        case _:
            at = node if key is None or type(node) is Scalar else key
            code = "SEG108" if key is not None and key.text in _NAMES else "SEG201"
            page.mistake(code, at, _size(what, keyword, facts.get("limit", "")))


def _find(root: Mapping, path: Path) -> tuple[Scalar | None, Node]:
    """The value at a path, and the key it stands under (of an item: its list's)."""
    key: Scalar | None = None
    node: Node = root
    for step in path:
        if type(node) is Mapping:
            key, node = node.entries[str(step)]
        elif type(node) is Sequence:
            node = node.items[int(step)]
    return key, node


def _note_unknown(page: Page, node: Node, what: str, unexpected: list[str], known: list[str]) -> None:
    if type(node) is not Mapping:
        return
    for name in unexpected:
        key = node.entries[name][0]
        hint = page.did_you_mean(name, known) or f"Its keys are {listed(known, 40)}."
        page.mistake("SEG102", key, f"{what} has no key {shown(name)}.", hint)


def _keys_beside(keyword: list[str | int], schema: Any) -> list[str]:
    """The keys that the schema knows where it met one it does not."""
    for step in keyword[:-1]:
        schema = schema[step]
    return list(schema["properties"])


def _note_type(page: Page, node: Node, what: str, types: list[str]) -> None:
    wanted = " or ".join(_TYPE_WORDS[name] for name in types)
    if type(node) is not Scalar:
        kind = "a mapping" if type(node) is Mapping else "a list"
        page.mistake("SEG201", node, f"{what} takes {wanted}; this is {kind}.")
    elif kind_of(node) == "null":
        page.mistake("SEG201", node, f"{what} takes {wanted}; there is no value.")
    elif types == ["string"] and len(node.text) < 100:
        quoted = f'"{node.text}"'
        kind = KIND_WORDS[kind_of(node)]
        page.mistake("SEG204", node, f"{what} takes text, and this is {kind}.", f"Write `{quoted}`.")
    else:
        page.mistake("SEG204", node, f"{what} takes {wanted}; this is {KIND_WORDS[kind_of(node)]}.")


def _note_choice(page: Page, node: Node, what: str, facts: dict[str, Any]) -> None:
    options = facts.get("options", [facts.get("expected_value")])
    words = [str(option).lower() if isinstance(option, bool) else str(option) for option in options]
    text = node.text if type(node) is Scalar else ""
    one_of = "is one of" if len(words) > 1 else "can only be"
    page.mistake("SEG206", node, f"{what} {one_of} {listed(words)}.", page.did_you_mean(text, words))


def _note_pattern(page: Page, node: Node, what: str, pattern: str) -> None:
    code, rule = _PATTERNS[pattern]
    text = node.text if type(node) is Scalar else ""
    page.mistake(code, node, f"{what} cannot be {shown(text)}.", rule)


def _note_key(page: Page, node: Node, error: Any) -> None:
    name = error.instance
    if type(node) is Mapping and name in node.entries:
        code, rule = _PATTERNS[error.kind.pattern]
        page.mistake(code, node.entries[name][0], f"{shown(name)} cannot be a name.", rule)


def _go_with(root: Mapping, path: Path) -> str:
    kind = root.get("type")
    if path == ("players_file",) and "players" in root.entries:
        return "Keep `players` or `players_file`."
    if len(path) == 1 and type(kind) is Scalar:
        return f"The segment's type is {shown(kind.text)}."
    return ""


def _size(what: str, keyword: str, limit: Any) -> str:
    words = {
        "minLength": f"{what} cannot be empty.",
        "maxLength": f"{what} has more than {limit} characters.",
        "minItems": f"{what} needs {limit} or more items.",
        "maxItems": f"{what} takes at most {limit} items.",
        "minProperties": f"{what} cannot be empty.",
        "minimum": f"{what} is at least {limit}.",
        "maximum": f"{what} is at most {limit}.",
    }
    return words.get(keyword, f"{what} does not fit `{keyword}`.")
