"""`scores:` of a catalog → scores, what models say of players."""

from __future__ import annotations

from segctl.model.catalog import Score
from segctl.model.operators import FieldType
from segctl.model.time import Duration
from segctl.spec.attributes import FIELD_TYPES, read_about
from segctl.spec.moments import read_duration
from segctl.spec.node import Mapping, Scalar, Sequence, text, texts
from segctl.spec.page import Page
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
    if (zone is None and "timezone" in node.entries) or (max_age is None and "max_age" in node.entries):
        return None
    return Score(
        name=name,
        type=kind,
        table=text(node, "table"),
        value=text(node, "value"),
        time=text(node, "time"),
        player=text(node, "player") or player_key,
        where=_where(node),
        max_age=max_age,
        id=text(node, "id") or None,
        timezone=zone,
        reasons=text(node, "reasons") or None,
        version=text(node, "version") or None,
        values=texts(node, "values"),
        about=read_about(node),
    )


def _where(node: Mapping) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Columns and the texts that they may hold, in one order."""
    where = node.get("where")
    if type(where) is not Mapping:
        return ()
    found = []
    for name, (_, value) in sorted(where.entries.items()):
        items = value.items if type(value) is Sequence else [value]
        found.append((name, tuple(sorted({item.text for item in items if type(item) is Scalar}))))
    return tuple(found)
