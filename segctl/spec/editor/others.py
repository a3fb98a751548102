"""The other kinds of documents: named rules, named lists, tests. Plain data."""

from __future__ import annotations

from segctl.spec.editor.parts import Schema, about, keys, of, one_or_more, text
from segctl.spec.editor.segments import names

_KIND = about("Kind", "What this document is.", type="string")


def rule_document() -> Schema:
    """`kind: Rule`"""
    return keys(
        {
            "kind": _KIND,
            "name": names("Name", "The name that rules use: rule: active-depositor."),
            "title": text("Title", "What people see in lists."),
            "description": text("Description", "What it is for."),
            "rules": of("rule", "object", "Rules", "A group of conditions, or one condition."),
        },
        "kind",
        "name",
        "rules",
        title="Rule",
    )


def list_document() -> Schema:
    """`kind: List`"""
    return keys(
        {
            "kind": _KIND,
            "name": names("Name", "The name that rules use: country: {in_list: dach}."),
            "title": text("Title", "What people see in lists."),
            "description": text("Description", "What the values have in common."),
            "values": about("Values", "The values of the list.", **one_or_more({"type": "string"})),
        },
        "kind",
        "name",
        "values",
        title="List",
    )
