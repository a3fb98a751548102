"""What an unquoted text means in YAML 1.2's core schema. https://yaml.org/spec/1.2.2/#103-core-schema

Nothing else is guessed: `NO`, `on`, `22:30` and `1_000` are texts, and so is `2026-01-31`, until a field's type
reads it.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from segctl.spec.node import Mapping, Node, Scalar, Sequence

Kind = Literal["null", "boolean", "integer", "decimal", "text"]

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_WORDS: dict[str, Kind] = {
    **dict.fromkeys(NULLS, "null"),
    **dict.fromkeys(("true", "True", "TRUE", "false", "False", "FALSE"), "boolean"),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"), "decimal"),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), "decimal"),
}
_integer = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII).fullmatch
_decimal = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII).fullmatch
# The longest number that is worth reading: int64 and 15 digits are shorter, and decimals of 28 digits are exact.
LONGEST_NUMBER = 28

KIND_WORDS: dict[Kind, str] = {
    "null": "nothing",
    "boolean": "true or false",
    "integer": "a number",
    "decimal": "a number",
    "text": "text",
}


def kind_of(scalar: Scalar) -> Kind:
    """What a scalar is: quoted, it is text; unquoted, what the core schema says."""
    if not scalar.plain:
        return "text"
    text = scalar.text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return "text"
    if _integer(text):
        return "integer"
    return "decimal" if _decimal(text) else "text"


def is_null(node: Node) -> bool:
    """Was nothing written, or `null`?"""
    return type(node) is Scalar and node.plain and node.text in NULLS


def boolean(scalar: Scalar) -> bool | None:
    """True or false, or None if it is neither."""
    return scalar.text in ("true", "True", "TRUE") if kind_of(scalar) == "boolean" else None


def flag(node: Node | None) -> bool:
    """Was `true` written? What is left out, or is something else, is no."""
    return type(node) is Scalar and boolean(node) is True


def integer(text: str) -> int:
    """The number of a text that is an integer and no longer than LONGEST_NUMBER."""
    return int(text, 0) if text[:2] in ("0x", "0o") else int(text)


def plain(node: Node, *, texts: frozenset[str], opaque: frozenset[str]) -> Any:
    """A node as plain data, to check its shape.

    Values under the keys `texts` keep their source text; mappings under the keys `opaque` come out empty, since
    their own reader explains them better.
    """
    if type(node) is Scalar:
        return _plain_scalar(node)
    if type(node) is Sequence:
        return [plain(item, texts=texts, opaque=opaque) for item in node.items]
    out: dict[str, Any] = {}
    for name, (_, value) in node.entries.items():
        if name in opaque and type(value) is Mapping:
            out[name] = {}
        elif name in texts and type(value) is Sequence:
            out[name] = [_source_text(item) for item in value.items]
        else:
            out[name] = plain(value, texts=texts, opaque=opaque)
    return out


def _source_text(node: Node) -> Any:
    return node.text if type(node) is Scalar and not is_null(node) else None


def _plain_scalar(scalar: Scalar) -> Any:
    kind, text = kind_of(scalar), scalar.text
    if kind == "text":
        return text
    if kind == "null":
        return None
    if kind == "boolean":
        return text in ("true", "True", "TRUE")
    if len(text) > LONGEST_NUMBER or kind == "decimal":
        return 0.5  # no key of a document takes a fraction, and no number is this long: any stand-in is refused
    return integer(text)
