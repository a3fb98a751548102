"""Conditions on events: which there are, and what `where`, `count` and `sum` may say of each. Plain data."""

from __future__ import annotations

from segctl.model.catalog import Catalog, EventTable
from segctl.spec.editor.fields import column_schemas
from segctl.spec.editor.operators import adding, counting
from segctl.spec.editor.parts import (
    Schema,
    about,
    by_shape,
    chosen,
    conditions,
    has,
    is_text,
    keys,
    of,
    one_condition,
    ref,
    snippets,
)

GROUPS = ("all", "any", "none", "at_least")
_SUMMED = ("integer", "money")  # sums of binary floating point depend on the order of the rows


def event_definitions(catalog: Catalog) -> dict[str, Schema]:
    """For each event its `where` and its `sum`, and what stands in a condition, a step, a trigger."""
    found: dict[str, Schema] = {}
    for event in catalog.events.values():
        found[f"where_{event.name}"] = _where(event)
        words = groups(ref(f"where_{event.name}"))
        columns = {f"{event.name}.{name}": schema for name, schema in column_schemas(event).items()}
        named = {column.name: ref(f"{event.name}.{column.name}") for column in event.columns}
        found.update({**columns, **conditions(f"column_of_{event.name}", {**named, **words})})
        found[f"sum_{event.name}"] = keys(_sums(event), minProperties=1)
    found["event_name"] = {"type": "string", "enum": list(catalog.events)}
    found["event_count"] = _count()
    found["sum"] = by_shape(mapping=keys(adding(), minProperties=1))
    found["event_condition"] = _by_event(catalog, counted=True)
    found["step"] = _by_event(catalog, counted=False)
    return found


def groups(items: Schema) -> dict[str, Schema]:
    """The group words over lists of something. `at_least` holds its list below `of`."""
    lists: Schema = {"type": "array", "items": items, "minItems": 1}
    n = about("N", "How many of them must hold: more than 1, and fewer than there are.", type="integer", minimum=2)
    parts = about("Of", "The conditions that are counted.", **{**lists, "minItems": 3})
    return {
        "all": about("All (AND)", "Every condition of the list holds.", **lists),
        "any": about("Any (OR)", "At least one condition of the list holds.", **lists),
        "none": about("None (NOR)", "No condition of the list holds.", **lists),
        "at_least": about(
            "At least n of", "At least n conditions of a list hold.", **keys({"n": n, "of": parts}, "n", "of")
        ),
    }


def _where(event: EventTable) -> Schema:
    """One condition or a group, over the event's columns."""
    words = groups(ref(f"where_{event.name}"))
    options = [(has(word), keys({word: schema})) for word, schema in words.items()]
    return {"type": "object", "minProperties": 1, **chosen(options, one_condition(f"column_of_{event.name}"))}


def _sums(event: EventTable) -> dict[str, Schema]:
    words = "The sum over the events, held against a number."
    return {
        column.name: of("sum", ["number", "object"], f"Sum of {column.name}", words, **snippets("{gte: ${1:1}}"))
        for column in event.columns
        if column.type in _SUMMED
    }


def _by_event(catalog: Catalog, *, counted: bool) -> Schema:
    """The keys beside `event`; the columns in them are the named event's."""
    options = [
        (is_text("event", name), keys(_siblings(name, counted=counted), "event", title="Event"))
        for name in catalog.events
    ]
    return {"type": "object", **chosen(options, keys(_siblings(None, counted=counted), "event", title="Event"))}


def _count() -> Schema:
    return about(
        "Count",
        "How many of them there must be. eq: 0 says that none happened.",
        type=["integer", "object"],
        **snippets("{gte: ${1:3}}", "{eq: 0}"),
        **by_shape(mapping=keys(counting(), minProperties=1)),
    )


def _siblings(event: str | None, *, counted: bool) -> dict[str, Schema]:
    where = about("Where", "Which of the events count: one condition on their columns, or a group.")
    found = {
        "event": of(
            "event_name", "string", "Event", "Such events happened: at least one, or as count and sum say."
        ),
        "where": {**where, "type": "object", **({"allOf": [ref(f"where_{event}")]} if event else {})},
    }
    if not counted:
        return found
    sums = about("Sum", "The sum of a column of these events, held against a number.", type="object")
    return {
        **found,
        "count": ref("event_count"),
        "sum": {**sums, **({"allOf": [ref(f"sum_{event}")]} if event else {})},
        "during": ref("window"),
    }
