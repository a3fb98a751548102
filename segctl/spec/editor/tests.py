"""`kind: SegmentTest`: invented players, a clock, and who must be in the segment. Plain data."""

from __future__ import annotations

from segctl.model.catalog import AgeOf, Attribute, Catalog, Difference, EventTable, Score
from segctl.spec.editor.fields import allowed, fields
from segctl.spec.editor.parts import Schema, about, in_brackets, keys, of, one_or_more, ref, text
from segctl.spec.editor.values import value

_ID: Schema = {"type": "string"}


def test_definitions(catalog: Catalog) -> dict[str, Schema]:
    """What may be said of an invented player, once as facts and once with a list of values for each."""
    facts = {**_facts(catalog), **{event.name: _rows(event) for event in catalog.events.values()}}
    named = {f"fact_{name}": schema for name, schema in facts.items()}
    refs = {name: ref(f"fact_{name}") for name in facts}
    like = text("Like", "The player of whom this one is a copy, but for what stands here.")
    return {**named, "facts": keys(refs), "player": keys({"like": like, **refs}), "matrix": _matrix(facts)}


def test_document() -> Schema:
    """The document. It may have keys that are not told of here."""
    players = about("Players", "Invented players, by any name.", type="object", additionalProperties=ref("player"))
    properties = {
        "kind": about("Kind", "What this document is.", type="string"),
        "segment": of("name_of_segment", "string", "Segment", "The segment that is tested."),
        "title": text("Title", "What the test is about."),
        "defaults": of("facts", "object", "Defaults", "What holds of every player who says nothing else."),
        "players": players,
        "members": about(
            "Members", "Who is in segments that this one uses; they are not evaluated then.", **_members()
        ),
        "rows": about(
            "Rows", "The ids that a sql segment's query returns.", **in_brackets({"type": "string"}, least=0)
        ),
        "at": of("moment", "string", "At", "The instant at which the cases are looked at."),
        "cases": about("Cases", "A table of players, each expected in or out.", **one_or_more(_case())),
        "steps": about("Steps", "The clock moves from step to step.", **one_or_more(_step())),
    }
    return {"type": "object", "title": "SegmentTest", "required": ["kind", "segment"], "properties": properties}


def _members() -> Schema:
    return {"type": "object", "additionalProperties": in_brackets(_ID, least=0)}


def _step() -> Schema:
    names: Schema = in_brackets({"type": "string"}, least=0)
    expect = {
        "in": about("In", "Players who must be members.", **names),
        "out": about("Out", "Players who must not be members.", **names),
        "only": about("Only", "All members; everybody else must be out.", **names),
        "order": about("Order", "All members, in the order of the segment's limit.", **names),
    }
    properties = {
        "at": of("moment", "string", "At", "The instant of this step."),
        "expect": about("Expect", "Who is in and who is out then.", type="object", properties=expect),
    }
    return {"type": "object", "title": "Step", "required": ["at"], "properties": properties}


def _case() -> Schema:
    properties = {
        "name": text("Name", "The player's name; made of the facts if left out."),
        "of": text("Of", "The player whose facts the case has, but for those of with."),
        "with": of("facts", "object", "With", "Facts of this case alone."),
        "matrix": of("matrix", "object", "Matrix", "Values by fact: each combination is a player."),
        "in": about("In", "Whether the player must be a member.", type="boolean"),
        "at": of("moment", "string", "At", "The instant of this case."),
    }
    return {"type": "object", "title": "Case", "required": ["in"], "properties": properties}


def _matrix(facts: dict[str, Schema]) -> Schema:
    return keys({name: about(one["title"], one["description"], **in_brackets({})) for name, one in facts.items()})


def _facts(catalog: Catalog) -> dict[str, Schema]:
    """What can be said outright: not what is counted from events or from another attribute."""
    found: dict[str, Schema] = {}
    for one in fields(catalog):
        title, description = one.about.title or one.name, one.about.description
        match one:
            case Attribute(source=AgeOf()):
                pass
            case Attribute():
                found[one.name] = about(title, description, **_fact(one))
            case Score():
                scored = "A value, or a list of values with the instant at which each was made."
                found[one.name] = about(title, f"{description} {scored}".strip())
            case _:
                pass
    return found


def _fact(one: Attribute) -> Schema:
    """A value; nothing says that it is missing."""
    if one.type == "list":
        return {"type": ["array", "null"], "allOf": [{"items": {"type": "string"}}]}
    taken = value(one.type, allowed(one))
    if "enum" in taken:
        return {"enum": [*taken["enum"], None]}
    return {**taken, "type": [taken["type"], "null"]}


def _rows(event: EventTable) -> Schema:
    columns: dict[str, Schema] = {event.time: of("moment", "string", event.time, "When it happened.")}
    for column in event.columns:
        if not isinstance(column.source, Difference):
            words = about(column.name, f"A column of {event.name}.")
            taken = value(column.type, column.values)
            nothing = {"enum": [*taken["enum"], None]} if "enum" in taken else {"type": [taken["type"], "null"]}
            columns[column.name] = {**words, **taken, **nothing}
    row = {"type": "object", "title": "Event", "properties": columns}
    return about(event.name, "The player's events, one mapping each.", type=["array", "null"], items=row)
