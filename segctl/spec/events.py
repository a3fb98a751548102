"""`events:` of a catalog → event tables."""

from __future__ import annotations

from segctl.model.catalog import Difference, EventColumn, EventTable
from segctl.model.operators import FieldType
from segctl.spec.attributes import FIELD_TYPES, keys_fit
from segctl.spec.node import Entry, Mapping, Node, Scalar, Sequence, text, texts
from segctl.spec.page import Page, shown
from segctl.spec.scope import RESERVED
from segctl.spec.zone import read_zone

NUMERIC: tuple[FieldType, ...] = ("integer", "number", "money")


def read_event(page: Page, name: str, node: Mapping) -> EventTable | None:
    """One event table whose shape is checked."""
    before = len(page.mistakes)
    columns = _columns(page, node)
    zone = read_zone(page, node.get("timezone"))
    if len(page.mistakes) > before:
        return None
    return EventTable(
        name=name,
        table=text(node, "table"),
        id=text(node, "id"),
        player=text(node, "player"),
        time=text(node, "time"),
        columns=columns,
        ingested=text(node, "ingested") or None,
        updated=text(node, "updated") or None,
        timezone=zone,
    )


def _columns(page: Page, node: Mapping) -> tuple[EventColumn, ...]:
    """The columns in the order in which they stand; differences are read last, since they name the others."""
    entries = _entries(node)
    found: dict[str, EventColumn | None] = {}
    for computed in (False, True):
        for name, (key, value) in entries.items():
            if ("subtract" in value.entries) is computed:
                found[name] = _column(page, node, key, value, found)
    read = (found[name] for name in entries)
    return tuple(column for column in read if column is not None)


def _column(
    page: Page, event: Mapping, key: Scalar, node: Mapping, found: dict[str, EventColumn | None]
) -> EventColumn | None:
    if not name_is_free(page, key):
        return None
    if key.text == text(event, "time"):
        page.mistake("SEG107", key, f"`{key.text}` is the event's time already.", "Remove it from `columns`.")
        return None
    if "subtract" in node.entries:
        return _difference(page, key.text, node, found)
    return _stored(page, event, key, node)


def _entries(node: Mapping) -> dict[str, tuple[Scalar, Mapping]]:
    columns = node.get("columns")
    found: dict[str, Entry] = columns.entries if type(columns) is Mapping else {}
    return {name: (key, value) for name, (key, value) in found.items() if type(value) is Mapping}


def _stored(page: Page, event: Mapping, key: Scalar, node: Mapping) -> EventColumn | None:
    name, kind = key.text, FIELD_TYPES[text(node, "type")]
    if not keys_fit(page, node, kind):
        return None
    if kind == "money" and "currency" in event.entries and "base" not in node.entries:
        detail = f"Each row has its own currency, and `{name}` has no amount in the catalog's."
        page.mistake("SEG304", key, detail, "Add `base:` with the column that holds it.")
        return None
    return EventColumn(name, kind, text(node, "base") or text(node, "column") or name, texts(node, "values"))


def name_is_free(page: Page, key: Scalar) -> bool:
    """May a field or column have this name?"""
    if key.text in RESERVED:
        detail = f"`{key.text}` has a meaning of its own in rules."
        page.mistake("SEG118", key, detail, "Choose another name; `column:` may say how it is stored.")
        return False
    return True


def _difference(page: Page, name: str, node: Mapping, found: dict[str, EventColumn | None]) -> EventColumn | None:
    pair = node.entries["subtract"][1]
    parts = [_operand(page, part, found) for part in pair.items] if type(pair) is Sequence else []
    left, right = parts if len(parts) == 2 else (None, None)
    if left is None or right is None:
        return None
    kind = difference_type(left.type, right.type)
    if kind is None:
        page.mistake("SEG306", pair, f"`{left.name}` and `{right.name}` are not both money.")
        return None
    return EventColumn(name, kind, Difference(left.name, right.name))


def _operand(page: Page, node: Node, found: dict[str, EventColumn | None]) -> EventColumn | None:
    name = node.text if type(node) is Scalar else ""
    column = found.get(name)
    if column is not None and isinstance(column.source, Difference):
        page.mistake("SEG306", node, f"`{name}` is a difference itself.", "Name stored columns.")
    elif column is not None and column.type not in NUMERIC:
        page.mistake("SEG306", node, f"`{name}` is not a number.")
    elif column is not None:
        return column
    elif name not in found:
        page.mistake(
            "SEG302", node, f"The event has no stored column {shown(name)}.", page.did_you_mean(name, found)
        )
    return None


def difference_type(left: FieldType, right: FieldType) -> FieldType | None:
    """What a difference of two numbers is; None of money and something else."""
    if left == right:
        return left
    return None if "money" in (left, right) else "number"
