"""A peer's rule → the same rule in our language, as the plain data of its YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from segctl.model.operators import FieldType
from tests.peers.fields import field_name, kinds
from tests.peers.lines import Condition, Line

Rule = dict[str, Any]
_IGNORED: Rule = {"ignore_case": True}
_ago = re.compile(r"-?([0-9]+[hdwmy])").fullmatch


def rendered(line: Line) -> Rule:
    """The rule of a line whose operators the language has; what it then says of it, the reader decides."""
    return _rule(line.rule, kinds(line), line.name)


def list_name(line: str, name: str) -> str:
    """Each line has lists of its own; names here have no underscore."""
    return f"{line}-{name.replace('_', '-')}"


def by_name(rule: Rule, prefix: str) -> tuple[Rule, dict[str, list[str]]]:
    """The same rule with the texts of each `in` and `not_in` in a list of their own, and the lists by name."""
    lists: dict[str, list[str]] = {}

    def named(part: Rule) -> Rule:
        [(word, value)] = part.items()
        if word in ("all", "any", "none"):
            return {word: [named(one) for one in value]}
        if not isinstance(value, dict) or not ({"in", "not_in"} & value.keys()):
            return part
        [(op, texts), *ignored] = value.items()
        name = f"{prefix}-{len(lists)}"
        lists[name] = texts
        listed = {word: {"in_list": name, **dict(ignored)}}
        return {"none": [listed]} if op == "not_in" else listed

    return named(rule), lists


def duration(text: str) -> str:
    """PostHog's `m` is a month."""
    return re.sub(r"(?<=[0-9])m$", "mo", text.removeprefix("-"))


def _rule(rule: Mapping[str, Any], types: Mapping[str, FieldType], line: str) -> Rule:
    match rule:
        case {"not": part}:
            return {"none": [_part(part, types, line)]}
        case {"all": parts}:
            return {"all": [_part(part, types, line) for part in parts]}
        case {"any": parts}:
            return {"any": [_part(part, types, line) for part in parts]}
        case {"op": "in_list" | "not_in_list" as op}:
            listed = {field_name(rule["attr"], types[rule["attr"]]): {"in_list": list_name(line, rule["value"])}}
            return listed if op == "in_list" else {"none": [listed]}
        case _:
            kind = types[rule["attr"]]
            return _RENDERERS[rule["op"]](field_name(rule["attr"], kind), rule, kind)


def _part(rule: Mapping[str, Any], types: Mapping[str, FieldType], line: str) -> Rule:
    """Below the root, a group of one is its one part."""
    read = _rule(rule, types, line)
    for word in ("all", "any"):
        if len(read.get(word, ())) == 1:
            read = read[word][0]
    return read


def _plain(op: str, *, ignore_case: bool = False) -> Callable[[str, Condition, FieldType], Rule]:
    def render(field: str, condition: Condition, _kind: FieldType) -> Rule:
        ignored = _IGNORED if ignore_case or condition.get("ci") else {}
        return {field: {op: condition["value"], **ignored}}

    return render


def _flag(op: str, *, value: bool) -> Callable[[str, Condition, FieldType], Rule]:
    return lambda field, _condition, _kind: {field: {op: value}}


def _equal(field: str, condition: Condition, _kind: FieldType) -> Rule:
    value = condition["value"]
    return {field: {"is_set": False}} if value is None else {field: {"eq": value}}


def _short(field: str, condition: Condition, _kind: FieldType) -> Rule:
    return {field: condition["value"]}


def _not_short(field: str, condition: Condition, _kind: FieldType) -> Rule:
    value = condition["value"]
    return {field: {"not_in" if isinstance(value, list) else "ne": value}}


def _in(field: str, condition: Condition, kind: FieldType) -> Rule:
    ignored = _IGNORED if condition["op"].endswith("_ci") else {}
    return {field: {"contains_any" if kind == "list" else "in": condition["value"], **ignored}}


def _not_in(field: str, condition: Condition, kind: FieldType) -> Rule:
    if kind == "list":
        return {"none": [_in(field, condition, kind)]}
    ignored = _IGNORED if condition["op"].endswith("_ci") else {}
    return {field: {"not_in": condition["value"], **ignored}}


def _any_of(op: str) -> Callable[[str, Condition, FieldType], Rule]:
    """An operator that takes one text here, and any of several there."""

    def render(field: str, condition: Condition, _kind: FieldType) -> Rule:
        ignored = _IGNORED if condition.get("ci") else {}
        return {"any": [{field: {op: text, **ignored}} for text in condition["value"]]}

    return render


def _element(field: str, condition: Condition, _kind: FieldType) -> Rule:
    [(word, value)] = condition["value"].items()
    return {field: {"contains" if word == "$eq" else "contains_any": value}}


def _number(op: str) -> Callable[[str, Condition, FieldType], Rule]:
    """Unleash writes numbers as texts; its fields are of type number (fields.py)."""

    def render(field: str, condition: Condition, kind: FieldType) -> Rule:
        value = condition["value"]
        return {field: {op: json.loads(value) if kind == "number" and isinstance(value, str) else value}}

    return render


def _before(field: str, condition: Condition, _kind: FieldType) -> Rule:
    value = condition["value"]
    ago = _ago(str(value))
    return {field: {"older_than": duration(ago[1])}} if ago else {field: {"before": value}}


def _after(field: str, condition: Condition, _kind: FieldType) -> Rule:
    """After a moment that lies back: since then, or in the future."""
    value = condition["value"]
    ago = _ago(str(value))
    if not ago:
        return {field: {"after": value}}
    return {"any": [{field: {"within": duration(ago[1])}}, {field: {"after": "now"}}]}


_RENDERERS: Mapping[str, Callable[[str, Condition, FieldType], Rule]] = {
    "eq": _equal,
    "num_eq": _number("eq"),
    **{op: _number(op) for op in ("gt", "gte", "lt", "lte")},
    "ne": _plain("ne"),
    "eq_or_in": _short,
    "ne_or_not_in": _not_short,
    **dict.fromkeys(("in", "in_ci"), _in),
    **dict.fromkeys(("not_in", "not_in_ci"), _not_in),
    "contains_ci": _plain("contains", ignore_case=True),
    "matches": _plain("matches"),
    "matches_ci": _plain("matches", ignore_case=True),
    "contains_any": _any_of("contains"),
    "starts_with_any": _any_of("starts_with"),
    "ends_with_any": _any_of("ends_with"),
    "exists": _flag("is_set", value=True),
    "not_exists": _flag("is_set", value=False),
    "includes": _plain("contains"),
    "elem": _element,
    "contains_all": _plain("contains_all"),
    "contains_all_ci": _plain("contains_all", ignore_case=True),
    "size": _flag("is_empty", value=True),
    "date_before": _before,
    "date_after": _after,
}
