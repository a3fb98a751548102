"""What a metric makes of its events (`sum: amount`, `nth: 2`): its keys → a measure and the type of its result."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.model.catalog import EventTable, Measure, MeasureKind
from segctl.model.operators import FieldType
from segctl.spec.events import NUMERIC
from segctl.spec.node import Mapping, Node, Scalar, text
from segctl.spec.page import Page, shown

_ORDERED: tuple[FieldType, ...] = (*NUMERIC, "date", "datetime")
# sums of binary floating point depend on the order of the rows, so they would differ from run to run
_EXACT: tuple[FieldType, ...] = ("integer", "money")
_ANY: tuple[FieldType, ...] = (*_ORDERED, "string", "boolean")
# measure → the types of column it takes, and what comes out (None: the column's type). Counts take no column.
_TAKES: dict[MeasureKind, tuple[tuple[FieldType, ...], FieldType | None]] = {
    "sum": (_EXACT, None),
    "avg": (_EXACT, "number"),
    "min": (_ORDERED, None),
    "max": (_ORDERED, None),
    "first": (_ANY, None),
    "last": (_ANY, None),
    "nth": (_ANY, None),
    "distinct": (_ANY, "integer"),
}
_COUNTS: dict[MeasureKind, FieldType] = {"count": "integer", "count_days": "integer", "exists": "boolean"}
_OF_TIME = frozenset[MeasureKind](("min", "max", "first", "last", "nth"))
MEASURES: dict[str, MeasureKind] = {kind: kind for kind in (*_TAKES, *_COUNTS)}


@dataclass(frozen=True, slots=True)
class Typed:
    """A measure and what comes out."""

    measure: Measure
    type: FieldType


def read_measure(page: Page, kind: MeasureKind, node: Mapping, event: EventTable) -> Typed | None:
    """The measure that a metric's key `kind` states."""
    if kind in _COUNTS:
        return Typed(Measure(kind), _COUNTS[kind])
    if kind == "nth":
        return of_column(page, kind, node.entries["value"][1], event, n=int(text(node, "nth"), 0))
    return of_column(page, kind, node.entries[kind][1], event)


def of_column(page: Page, kind: MeasureKind, node: Node, event: EventTable, *, n: int = 1) -> Typed | None:
    """A measure of the column that `node` names."""
    name = node.text if type(node) is Scalar else ""
    accepted, result = _TAKES[kind]
    if name == event.time and kind in _OF_TIME:
        return Typed(Measure(kind, None, n), "datetime")
    column = next((column for column in event.columns if column.name == name), None)
    if column is None:
        known = [*(column.name for column in event.columns), *((event.time,) if kind in _OF_TIME else ())]
        page.mistake(
            "SEG302",
            node,
            f"The event `{event.name}` has no column {shown(name)}.",
            page.did_you_mean(name, known),
        )
        return None
    if column.type not in accepted:
        page.mistake(
            "SEG306", node, f"`{kind}` does not exist for the column `{name}`, whose type is {column.type}."
        )
        return None
    return Typed(Measure(kind, name, n), result or column.type)
