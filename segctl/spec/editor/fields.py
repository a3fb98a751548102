"""A field of the catalog, or a column of an event → the schema of what may be said of it. Plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from segctl.model.catalog import Aggregate, Attribute, ByMoney, Catalog, EventColumn, EventTable, Field, Metric
from segctl.model.operators import EVENT_OPERATORS, OPERATORS, FieldType
from segctl.spec.editor.operators import operators
from segctl.spec.editor.parts import Schema, about, by_shape, keys, of, one_of, one_or_more, ref, snippets, words
from segctl.spec.editor.values import value

_TYPES: dict[FieldType, str] = {
    "string": "Text",
    "number": "Number",
    "integer": "Whole number",
    "money": "Money",
    "boolean": "True or false",
    "date": "Date",
    "datetime": "Point in time",
    "list": "List of texts",
}
# The shapes of a short form, by type of field; every field also takes a mapping of operators.
_SHAPES: dict[FieldType, tuple[str, ...]] = {
    "string": ("string", "array"),
    "number": ("number", "array"),
    "integer": ("integer", "array"),
    "money": ("number", "array"),
    "boolean": ("boolean",),
    "date": ("string",),
    "datetime": ("string",),
    "list": ("string", "array"),
}
# What most rules ask of a type. It is written together with the field's name.
_USUAL: dict[FieldType, str] = {
    **dict.fromkeys(("number", "integer", "money"), "{gte: ${1:1}}"),
    "date": "{within: ${1:30d}}",
    "datetime": "{within: ${1:30d}}",
}
_MONEY = {
    "real": "The player's own money.",
    "bonus": "Bonus money.",
    "both": "Real and bonus money together. The default.",
}


@dataclass(frozen=True, slots=True)
class _Said:
    """What may be said of a field beside its operators: dimensions with their allowed texts, variants of money."""

    names: Sequence[str]
    allowed: Sequence[str] = ()
    dimensions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    money: bool = False


def fields(catalog: Catalog) -> list[Field]:
    """Everything a condition may name, in the catalog's order."""
    return list(catalog.fields.values())


def field_schemas(catalog: Catalog) -> dict[str, Schema]:
    """For each field, by its name, where its schema stands."""
    return {one.name: ref(f"of_{one.name}") for one in fields(catalog)}


def field_definitions(catalog: Catalog) -> dict[str, Schema]:
    """The schema of each field, and of what fields or columns of one type have in common."""
    found = {f"of_{one.name}": _field(one, catalog) for one in fields(catalog)}
    found.update((f"field_{kind}", _shapes(kind, _Said(names))) for kind, names in OPERATORS.items())
    found.update((f"column_{kind}", _shapes(kind, _Said(names))) for kind, names in EVENT_OPERATORS.items())
    return found


def column_schemas(event: EventTable) -> dict[str, Schema]:
    """The schema of each column of an event, as a condition of `where`."""
    return {column.name: _column(column, event) for column in event.columns}


def _column(column: EventColumn, event: EventTable) -> Schema:
    words = f"{_TYPES[column.type]}. A column of the event {event.name}."
    kinds, offered = [*_SHAPES[column.type], "object"], _offered(column.type, column.values)
    if column.values:
        said = _Said(EVENT_OPERATORS[column.type], column.values)
        return about(column.name, words, type=kinds, **offered, **_shapes(column.type, said))
    return of(f"column_{column.type}", kinds, column.name, words, **offered)


def _field(one: Field, catalog: Catalog) -> Schema:
    said = _Said(OPERATORS[one.type], *_beside(one, catalog))
    kinds, offered = [*_SHAPES[one.type], "object"], _offered(one.type, said.allowed)
    title, description = one.about.title or one.name, _description(one)
    if said.allowed or said.dimensions or said.money:
        return about(title, description, type=kinds, **offered, **_shapes(one.type, said))
    return of(f"field_{one.type}", kinds, title, description, **offered)


def _beside(one: Field, catalog: Catalog) -> tuple[Sequence[str], Mapping[str, Sequence[str]], bool]:
    if not isinstance(one, Metric):
        return allowed(one), {}, False
    how = one.how.both if isinstance(one.how, ByMoney) else one.how
    event = catalog.events[how.events] if isinstance(how, Aggregate) else None
    dimensions = {name: event.column(name).values for name in one.dimensions} if event else {}
    return (), dimensions, isinstance(one.how, ByMoney)


def allowed(one: Field) -> Sequence[str]:
    """The values of a closed field, unless they single out a person."""
    match one:
        case Metric() | Attribute(pii=True):
            return ()
        case _:
            return one.values


def _shapes(kind: FieldType, said: _Said) -> Schema:
    properties = operators(kind, said.names, said.allowed)
    properties.update((name, _dimension(name, values)) for name, values in said.dimensions.items())
    if said.money:
        properties["money"] = one_of(_MONEY, "Money", "Whose money is counted.")
    one = value(kind, said.allowed)
    return by_shape(
        string=one if kind in ("date", "datetime") or said.allowed else None,
        array=one_or_more(one),
        mapping=keys(properties, minProperties=1),
    )


def _dimension(name: str, values: Sequence[str]) -> Schema:
    return about(
        name,
        "Counts only the events with this value, or with any of a list.",
        type=["string", "array"],
        **_offered("string", values),
        **by_shape(string=value("string", values), array=one_or_more(value("string", values))),
    )


def _offered(kind: FieldType, allowed: Sequence[str]) -> Schema:
    """What an editor offers as the value in short form."""
    usual = [_USUAL[kind]] if kind in _USUAL else []
    bodies = [*allowed] or usual
    return snippets(*bodies) if bodies else {}


def _description(one: Field) -> str:
    kind = f"{_TYPES[one.type]}, in {one.about.unit}." if one.about.unit else f"{_TYPES[one.type]}."
    return words(
        (
            one.about.description,
            f"{one.about.group}." if one.about.group else "",
            kind,
            "Counted over a lifetime, or over the range of during." if isinstance(one, Metric) else "",
            "Personal: its values are never shown in a plan." if isinstance(one, Attribute) and one.pii else "",
        )
    )
