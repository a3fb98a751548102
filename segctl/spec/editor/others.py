"""The other kinds of documents: named rules, named lists, tests. Plain data."""

from __future__ import annotations

from segctl.model.catalog import Catalog, EventTable, Metric
from segctl.spec.editor.fields import fields
from segctl.spec.editor.parts import Schema, about, keys, of, one_or_more, text
from segctl.spec.editor.segments import names
from segctl.spec.editor.values import value

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


def test_document(catalog: Catalog) -> Schema:
    """`kind: SegmentTest`. Keys that are not known here are left alone."""
    who = {"type": "array", "items": {"type": "string"}}
    expect = {
        "in": about("In", "The players who must be members, in the order of a limit.", **who),
        "out": about("Out", "The players who must not be members.", **who),
    }
    step = {
        "at": of("moment", "string", "At", "The instant of this step."),
        "expect": about("Expect", "Who is in and who is out then.", type="object", properties=expect),
    }
    return {
        "type": "object",
        "title": "SegmentTest",
        "required": ["kind", "segment", "players", "steps"],
        "properties": {
            "kind": _KIND,
            "segment": of("name_of_segment", "string", "Segment", "The segment that is tested."),
            "players": about(
                "Players",
                "Invented players, by any name.",
                type="object",
                additionalProperties=keys(_player(catalog)),
            ),
            "steps": about(
                "Steps",
                "The clock moves from step to step.",
                **one_or_more({"type": "object", "required": ["at"], "properties": step}),
            ),
        },
    }


def _player(catalog: Catalog) -> dict[str, Schema]:
    like = about("Like", "The player of whom this one is a copy, but for what stands here.", type="string")
    found = {"like": like}
    for one in fields(catalog):
        if not isinstance(one, Metric):
            taken = value(one.type)
            taken = {"type": "array", "items": taken} if one.type == "list" else taken
            found[one.name] = about(one.about.title or one.name, one.about.description, **taken)
    found.update((event.name, _rows(event)) for event in catalog.events.values())
    return found


def _rows(event: EventTable) -> Schema:
    columns: dict[str, Schema] = {event.time: of("moment", "string", event.time, "When it happened.")}
    for column in event.columns:
        columns[column.name] = about(
            column.name, f"A column of {event.name}.", **value(column.type, column.values)
        )
    row = {"type": "object", "properties": columns}
    return about(event.name, "The player's events, one mapping each.", type="array", items=row)
