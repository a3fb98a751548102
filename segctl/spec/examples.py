"""A condition as an author would write it, for each operator that a field has. Nothing is looked up."""

from __future__ import annotations

import json
import re

from segctl.model.operators import FieldType
from segctl.model.rule import Operator, Rule
from segctl.spec.node import Mapping
from segctl.spec.page import Page
from segctl.spec.reading import Reading
from segctl.spec.rules import read_rules
from segctl.spec.scope import Scope, Subject
from segctl.spec.yaml import documents

# What to write after each operator: `{0}` and `{1}` are two values of the field.
_OPERANDS: dict[Operator, str] = {
    "eq": "{0}",
    "ne": "{0}",
    "gt": "{0}",
    "gte": "{0}",
    "lt": "{1}",
    "lte": "{1}",
    "between": "[{0}, {1}]",
    "in": "[{0}, {1}]",
    "not_in": "[{0}, {1}]",
    "contains": "{0}",
    "contains_any": "[{0}, {1}]",
    "contains_all": "[{0}, {1}]",
    "starts_with": "{0}",
    "ends_with": "{0}",
    "on_day": "{0}",
    "before": "{1}",
    "after": "{0}",
    "older_than": "30d",
    "within": "7d",
    "within_next": "7d",
    "anniversary_within": "7d",
    "is_set": "true",
    "is_empty": "true",
}
# Said without an operator: equality, and one of several.
_SHORT: dict[Operator, tuple[FieldType, ...]] = {
    "eq": ("string", "number", "integer", "money", "boolean"),
    "in": ("string",),
    "contains": ("list",),
    "contains_any": ("list",),
    "on_day": ("date", "datetime"),
}
_SAMPLES: dict[FieldType, tuple[str, str]] = {
    "string": ("abc", "xyz"),
    "list": ("abc", "xyz"),
    "number": ("0.5", "0.9"),
    "integer": ("3", "10"),
    "money": ("50", "100"),
    "boolean": ("true", "false"),
    "date": ("2026-01-01", "2026-12-31"),
    "datetime": ("2026-01-01", "2026-12-31"),
}
_plain = re.compile(r"[A-Za-z][A-Za-z0-9_]*").fullmatch
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def examples(subject: Subject) -> list[tuple[Operator, str]]:
    """Each operator of a field with a condition in YAML; an operator that needs other documents has none."""
    return [(operator, text) for operator in subject.operators if (text := _example(subject, operator))]


def narrowed(subject: Subject) -> list[str]:
    """A condition for each dimension of a metric and for each variant of money, in YAML."""
    first, _ = _values(subject)
    found = []
    for name, values in sorted(subject.dimensions.items()):
        value = _scalar(min(values)) if values else "abc"
        found.append(f"{subject.name}: {{{name}: {value}, gte: {first}}}")
    if subject.money:
        found += [f"{subject.name}: {{money: {variant}, gte: {first}}}" for variant in ("real", "bonus")]
    return found


def example_rule(text: str, scope: Scope) -> Rule | None:
    """What an example says; None if it is not a condition of the scope."""
    page = Page("example")
    nodes = documents(page, text.encode())
    rule = read_rules(Reading(page, scope), nodes[0]) if nodes and type(nodes[0]) is Mapping else None
    return None if page.mistakes else rule


def _example(subject: Subject, operator: Operator) -> str:
    if operator == "matches":
        return f'{subject.name}: {{matches: "^[a-c]"}}'
    if operator not in _OPERANDS:
        return ""
    operand = _OPERANDS[operator].format(*_values(subject))
    short = subject.type in _SHORT.get(operator, ())
    return f"{subject.name}: {operand}" if short else f"{subject.name}: {{{operator}: {operand}}}"


def _values(subject: Subject) -> tuple[str, str]:
    known = sorted(subject.values)
    first, second = _SAMPLES[subject.type]
    return (_scalar(known[0]), _scalar(known[-1])) if known else (first, second)


def _scalar(text: str) -> str:
    return text if _plain(text) and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)
