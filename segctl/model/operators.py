"""Which operators a field of which type has (language.md, section 3)."""

from __future__ import annotations

from typing import Literal, get_args

from segctl.model.rule import Operator

FieldType = Literal["string", "number", "integer", "money", "boolean", "date", "datetime", "list"]

TEXT: tuple[Operator, ...] = (
    "eq", "ne", "in", "not_in", "in_list", "contains", "starts_with", "ends_with", "matches", "is_set",
)  # fmt: skip
NUMERIC: tuple[Operator, ...] = ("eq", "ne", "gt", "gte", "lt", "lte", "between", "in", "not_in", "is_set")
TIME: tuple[Operator, ...] = (
    "on_day", "before", "after", "between", "older_than", "within", "within_next", "anniversary_within", "is_set",
)  # fmt: skip

OPERATORS: dict[FieldType, tuple[Operator, ...]] = {
    "string": TEXT,
    "number": NUMERIC,
    "integer": NUMERIC,
    "money": NUMERIC,
    "boolean": ("eq", "is_set"),
    "date": TIME,
    "datetime": TIME,
    "list": ("contains", "contains_any", "contains_all", "is_empty"),
}

# Inside `where` only what every engine answers alike is allowed (language.md, section 5).
EVENT_TEXT: tuple[Operator, ...] = (
    "eq", "ne", "in", "not_in", "contains", "starts_with", "ends_with", "is_set",
)  # fmt: skip
EVENT_OPERATORS: dict[FieldType, tuple[Operator, ...]] = {
    **OPERATORS,
    "string": EVENT_TEXT,
    "date": ("is_set",),
    "datetime": ("is_set",),
    "list": (),
}

# Operators that may stand beside `ignore_case: true`.
TEXT_COMPARISONS: frozenset[Operator] = frozenset(
    ("eq", "ne", "in", "not_in", "in_list", "contains", "starts_with", "ends_with", "matches"),
)

# Operators that ask whether a value is missing.
PRESENCE: frozenset[Operator] = frozenset(("is_set", "is_empty"))

# The keys of a field's mapping that say a test; the others narrow the field: dimensions and `money`.
TEST_KEYS: frozenset[str] = frozenset(get_args(Operator)) | {"ignore_case"}
