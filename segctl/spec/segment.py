"""A `kind: Segment` document → a segment."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.base.source import ListSource
from segctl.model.rule import Rule
from segctl.model.segment import SEGMENT_TYPES, PlayerList, Segment, SegmentType
from segctl.spec.desk import Desk
from segctl.spec.node import Mapping, Scalar, text, texts
from segctl.spec.page import Page
from segctl.spec.players import read_players_file
from segctl.spec.rules import Reading, read_rules
from segctl.spec.scalar import boolean, plain
from segctl.spec.shape import misshapen

_TEXTS = frozenset(("players",))
_OPAQUE = frozenset(("rules",))
_TYPES: dict[str, SegmentType] = {name: name for name in SEGMENT_TYPES}


@dataclass(frozen=True, slots=True)
class SegmentRead:
    """What was found in one document: enough to compare it with the others even if it has mistakes."""

    page: Page
    name: Scalar | None
    uses: tuple[Scalar, ...]
    segment: Segment | None
    list_source: ListSource | None = None


def read_segment(page: Page, node: Mapping, desk: Desk) -> SegmentRead:
    """Reads everything that can be read, so that an author sees all mistakes at once."""
    before = len(page.mistakes)
    name = node.get("name")
    name = name if type(name) is Scalar else None
    wrong = misshapen(page, node, plain(node, texts=_TEXTS, opaque=_OPAQUE), desk.schemas("segment"))
    reading = Reading(page, desk.scope)
    rules: Rule | None = None
    rules_node = node.get("rules")
    if type(rules_node) is Mapping:
        rules = read_rules(reading, rules_node)
    uses = tuple(reading.uses)
    list_source = None
    if "players_file" in node.entries and not wrong:
        list_source = read_players_file(page, node.entries["players_file"][1], desk.lists)
    if wrong or len(page.mistakes) > before or name is None:
        return SegmentRead(page, name, uses, None, list_source)
    if rules_node is not None and rules is None:  # it asks for a field whose own mistakes are told elsewhere
        return SegmentRead(page, name, uses, None, list_source)
    return SegmentRead(page, name, uses, _segment(page, node, name, rules, list_source), list_source)


def _segment(
    page: Page, node: Mapping, name: Scalar, rules: Rule | None, source: ListSource | None
) -> Segment | None:
    entries = node.entries
    renamed = entries.get("renamed_from")
    if renamed is not None and text(node, "renamed_from") == name.text:
        page.mistake("SEG109", renamed[1], "The segment is renamed from its own name.", "Remove `renamed_from`.")
        return None
    protected = node.get("protected")
    return Segment(
        name=name.text,
        type=_TYPES[text(node, "type")],
        rules=rules,
        players=PlayerList(source.ids, source.file) if source else _inline(node),
        title=text(node, "title"),
        description=text(node, "description"),
        purpose=text(node, "purpose", "marketing"),
        tags=texts(node, "tags"),
        owner=text(node, "owner"),
        protected=type(protected) is Scalar and boolean(protected) is True,
        renamed_from=text(node, "renamed_from") or None,
        at=page.span(name),
        renamed_at=page.span(renamed[1]) if renamed is not None else None,
    )


def _inline(node: Mapping) -> PlayerList | None:
    return PlayerList(texts(node, "players")) if "players" in node.entries else None
