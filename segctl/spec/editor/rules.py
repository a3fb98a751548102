"""Rules: groups, conditions on fields, and the conditions that are not fields. Plain data."""

from __future__ import annotations

from segctl.model.catalog import Catalog
from segctl.model.operators import OPERATORS
from segctl.spec.editor.events import groups
from segctl.spec.editor.fields import field_schemas
from segctl.spec.editor.operators import operators
from segctl.spec.editor.parts import (
    Schema,
    about,
    by_shape,
    chosen,
    conditions,
    has,
    in_brackets,
    keys,
    of,
    one_condition,
    one_or_more,
    ref,
)

_SINCE = tuple(name for name in OPERATORS["datetime"] if name not in ("is_set", "anniversary_within"))
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 100}


def rule_definitions(catalog: Catalog) -> dict[str, Schema]:
    """`rule` is what `rules` takes; `layer` is the same as an item of a group."""
    words = groups(ref("layer"))
    during = {"during": ref("window")}
    group = [(has(word), keys({word: schema, **during})) for word, schema in words.items()]
    special = [
        (has("event"), ref("event_condition")),
        (has("sequence"), keys(_sequence())),
        *group,
        (has("during"), _headless({**words, **during})),
    ]
    heads = {**_heads(), **_first(_sequence()), **words, **during}
    return {
        **conditions("condition", {**field_schemas(catalog), **heads}),
        "rule": {"type": "object", "minProperties": 1, **chosen(special, one_condition("condition"))},
        "layer": {"allOf": [ref("rule")], **_counted()},
    }


def _headless(properties: dict[str, Schema]) -> Schema:
    """A range without the group that it heads."""
    found = keys(properties)
    return {**found, "required": ["all"], "errorMessage": "`during` heads a group: write `all:` below it."}


def _counted() -> Schema:
    """`all` and `any` of one condition say nothing, unless they carry a range."""
    two = {word: {"minItems": 2, "doNotSuggest": True} for word in ("all", "any")}
    return {"if": has("during"), "else": {"properties": two}}


def _first(properties: dict[str, Schema]) -> dict[str, Schema]:
    """The head alone; its siblings are offered once it is there."""
    return dict([next(iter(properties.items()))])


def _sequence() -> dict[str, Schema]:
    return {
        "sequence": about(
            "Sequence",
            "These events happened one after the other, in this order.",
            type="array",
            items=ref("step"),
            minItems=2,
        ),
        "within": of("duration", "string", "Within", "How long the whole sequence may take."),
    }


def _heads() -> dict[str, Schema]:
    """The conditions that are not fields."""
    return {
        "event": of(
            "event_name", "string", "Event", "Such events happened. where, count, sum and during go beside it."
        ),
        "in_segment": _in_segment(),
        "was_in_segment": _was_in_segment(),
        "bucket": _bucket(),
        "rule": of("name_of_rule", "string", "Rule", "A named rule, a document of kind: Rule, holds."),
    }


def _segments(title: str, description: str, mapping: Schema) -> Schema:
    return about(
        title,
        description,
        type=["string", "array", "object"],
        allOf=[ref("name_of_segment"), by_shape(array=one_or_more(ref("name_of_segment")), mapping=mapping)],
    )


def _segment() -> Schema:
    return about(
        "Segment",
        "The segment, or any of a list.",
        type=["string", "array"],
        allOf=[ref("name_of_segment"), by_shape(array=one_or_more(ref("name_of_segment")))],
    )


def _in_segment() -> Schema:
    since = about(
        "Since",
        "When the player last joined it.",
        **keys(operators("datetime", _SINCE), minProperties=1),
    )
    return _segments(
        "In segment",
        "The player is a member of this segment now, or of any of a list.",
        keys({"segment": _segment(), "since": since}, "segment", title="Since when"),
    )


def _was_in_segment() -> Schema:
    return _segments(
        "Was in segment",
        "The player was a member at some time of the range, as far as the history goes.",
        keys({"segment": _segment(), "during": ref("window")}, "segment", title="When"),
    )


def _bucket() -> Schema:
    percent = about("Percent", "From the first to before the second number, out of 100.")
    return about(
        "Bucket",
        "A lasting split of all players, by a hash of the id: the same salt always splits alike.",
        **keys(
            {
                "salt": about("Salt", "The name of the split.", type="string", minLength=1),
                "percent": {
                    **percent,
                    **in_brackets(_SHARE, "[${1:0}, ${2:50}]", least=2, most=2),
                },
            },
            "salt",
            "percent",
        ),
    )
