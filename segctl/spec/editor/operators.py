"""The operators of each type of field, with what each means and takes. Plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from segctl.model.operators import TEXT_COMPARISONS, FieldType
from segctl.spec.editor.parts import Schema, about, in_brackets, ref
from segctl.spec.editor.values import bound, value

_MEANS: dict[str, tuple[str, str]] = {
    "eq": ("Is", "Equal to the value. False where the field is missing."),
    "ne": ("Is not", "Anything but the value. True also where the field is missing."),
    "in": ("Is one of", "Any value of the list."),
    "not_in": ("Is none of", "No value of the list. True also where the field is missing."),
    "in_list": ("Is in a list", "Any value of a named list, a document of kind: List."),
    "gt": ("Greater than", "More than the value."),
    "gte": ("At least", "The value or more."),
    "lt": ("Less than", "Less than the value. A count is 0 for players without events, so they count too."),
    "lte": ("At most", "The value or less. A count is 0 for players without events, so they count too."),
    "between": ("Between", "From the first to the second value, both included."),
    "contains": ("Contains", "Has this text anywhere in it, taken literally."),
    "starts_with": ("Starts with", "Begins with this text."),
    "ends_with": ("Ends with", "Ends with this text."),
    "matches": ("Matches", "A regular expression (RE2) that is found anywhere in the text."),
    "on_day": ("On the day", "At any time of this local day."),
    "before": ("Before", "Earlier than the start of this day, or than this instant, or now."),
    "after": ("After", "Later than the end of this day, or than this instant, or now."),
    "older_than": ("Longer ago than", "At least this long before now."),
    "within": ("Within the last", "At most this long before now."),
    "within_next": ("Within the next", "At most this long after now."),
    "anniversary_within": ("Anniversary within", "The next anniversary is today or in the next days."),
    "contains_any": ("Contains any of", "Has at least one of these values."),
    "contains_all": ("Contains all of", "Has every one of these values."),
    "is_empty": ("Is empty", "True: there is no value in the list. False: there is at least one."),
    "is_set": ("Is known", "True: there is a value. False: the value is missing."),
}
_ELEMENT = "Has this value in its list."
# What an operator takes whatever the type of the field.
_FLAG: Schema = {"type": "boolean"}
_TEXT_LIKE = {
    **dict.fromkeys(("older_than", "within", "within_next", "anniversary_within"), "duration"),
    "in_list": "name_of_list",
    "on_day": "day",
}
_ALIKE: dict[str, Schema] = {
    "is_set": _FLAG,
    "is_empty": _FLAG,
    **{operator: {"type": "string", "allOf": [ref(name)]} for operator, name in _TEXT_LIKE.items()},
}
_BOUNDS = frozenset(("before", "after"))
_LISTS = frozenset(("in", "not_in", "contains_any", "contains_all"))
_TEXTS = frozenset(("contains", "starts_with", "ends_with", "matches"))
_NUMERIC = ("eq", "ne", "gt", "gte", "lt", "lte", "between", "in", "not_in")


def operators(kind: FieldType, names: Iterable[str], allowed: Sequence[str] = ()) -> dict[str, Schema]:
    """The keys of a field's mapping that say a test, by operator."""
    found = {name: _operator(name, kind, allowed) for name in names}
    if kind == "string" and TEXT_COMPARISONS.intersection(found):
        words = about("Ignore case", "Compares upper and lower case alike.")
        found["ignore_case"] = {**words, "type": "boolean"}
    return found


def counting() -> dict[str, Schema]:
    """The tests of a number of events."""
    return operators("integer", _NUMERIC)


def adding() -> dict[str, Schema]:
    """The tests of a sum over events."""
    return operators("number", _NUMERIC)


def _operator(name: str, kind: FieldType, allowed: Sequence[str]) -> Schema:
    title, description = _MEANS[name]
    if name == "contains" and kind == "list":
        description = _ELEMENT
    return {**about(title, description), **_takes(name, kind, allowed)}


def _takes(name: str, kind: FieldType, allowed: Sequence[str]) -> Schema:
    if name in _TEXTS and kind == "string":
        return {"type": "string", "minLength": 1}
    one = _ALIKE[name] if name in _ALIKE else bound(kind) if name in _BOUNDS else value(kind, allowed)
    if name in _LISTS:
        return in_brackets(one)
    if name == "between":
        return in_brackets(one, "[$1, $2]", least=2, most=2)
    return one
