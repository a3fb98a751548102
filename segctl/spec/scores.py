"""`scores:` of a catalog → scores, what models say of players."""

from __future__ import annotations

import re

from segctl.model.catalog import Score
from segctl.model.operators import FieldType
from segctl.model.time import Duration
from segctl.spec.attributes import FIELD_TYPES, read_about
from segctl.spec.moments import read_duration
from segctl.spec.node import Mapping, Scalar, Sequence, text, texts
from segctl.spec.page import Page, shown
from segctl.spec.scalar import is_null
from segctl.spec.zone import read_zone

_TYPES: tuple[FieldType, ...] = ("number", "integer", "string")


def read_score(page: Page, name: str, node: Mapping, player_key: str) -> Score | None:
    """One score whose shape is checked."""
    kind = FIELD_TYPES[text(node, "type")]
    if kind not in _TYPES:
        page.mistake("SEG306", node.entries["type"][1], f"A score is a number or a text, and `{kind}` is neither.")
        return None
    max_age: Duration | None = (
        read_duration(page, node.entries["max_age"][1]) if "max_age" in node.entries else None
    )
    zone = read_zone(page, node.get("timezone"))
    where = _where(page, node)
    if (
        where is None
        or (zone is None and "timezone" in node.entries)
        or (max_age is None and "max_age" in node.entries)
    ):
        return None
    return Score(
        name=name,
        type=kind,
        table=text(node, "table"),
        value=text(node, "value"),
        time=text(node, "time"),
        player=text(node, "player") or player_key,
        where=where,
        max_age=max_age,
        id=text(node, "id") or None,
        timezone=zone,
        reasons=text(node, "reasons") or None,
        version=text(node, "version") or None,
        values=texts(node, "values"),
        about=read_about(node),
    )


def _where(page: Page, node: Mapping) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    """Columns and the texts that they may hold, in one order; None with the mistakes noted."""
    where = node.get("where")
    if type(where) is not Mapping:
        return ()
    found, good = [], True
    for name, (key, value) in sorted(where.entries.items()):
        items = value.items if type(value) is Sequence else [value]
        values = {item.text for item in items if type(item) is Scalar and not is_null(item)}
        if not _identifier(name):
            page.mistake("SEG301", key, f"{shown(name)} is not the name of a column.")
            good = False
        elif not values or len(values) < len(items):
            page.mistake("SEG201", key, f"`{name}` takes a text, or a list of texts.", "Write `{model: churn}`.")
            good = False
        found.append((name, tuple(sorted(values))))
    return tuple(found) if good else None


_identifier = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}").fullmatch
