"""A `kind: Segment` document → a segment."""

from __future__ import annotations

from dataclasses import dataclass, field

from segctl.base.source import ListSource
from segctl.model.rule import Rule
from segctl.model.segment import (
    MARKETING,
    SEGMENT_TYPES,
    Adjustment,
    Limit,
    PlayerList,
    Segment,
    SegmentType,
    Trigger,
)
from segctl.spec.adjustments import read_adjustments, read_limit, read_scope, read_trigger
from segctl.spec.delivery import read_schedule, read_webhook
from segctl.spec.desk import Desk
from segctl.spec.node import Mapping, Node, Scalar, text, texts
from segctl.spec.page import Page
from segctl.spec.players import read_players_file
from segctl.spec.query import refused
from segctl.spec.reading import Reading, Use
from segctl.spec.rules import read_rules
from segctl.spec.scalar import flag, plain
from segctl.spec.shape import Path, misshapen

_TEXTS = frozenset(("players", "segments"))
_OPAQUE = frozenset(("rules", "scope", "enter", "exit", "during", "where"))
_TYPES: dict[str, SegmentType] = {name: name for name in SEGMENT_TYPES}


@dataclass(frozen=True, slots=True)
class SegmentRead:
    """What was found in one document: enough to compare it with the others even if it has mistakes."""

    page: Page
    name: Scalar | None
    purpose: str
    uses: tuple[Use, ...]
    segment: Segment | None
    list_source: ListSource | None = None


@dataclass(slots=True)
class Body:
    """The parts of a segment that decide its members, as far as they could be read."""

    rules: Rule | None = None
    scope: Rule | None = None
    trigger: Trigger | None = None
    limit: Limit | None = None
    include: tuple[Adjustment, ...] = ()
    exclude: tuple[Adjustment, ...] = ()
    uses: list[Use] = field(default_factory=list)
    whole: bool = True


def read_segment(page: Page, node: Mapping, desk: Desk) -> SegmentRead:
    """Reads everything that can be read, so that an author sees all mistakes at once."""
    before = len(page.mistakes)
    name = node.get("name")
    name = name if type(name) is Scalar else None
    wrong = misshapen(page, node, plain(node, texts=_TEXTS, opaque=_OPAQUE), desk.schemas("segment"))
    body = read_body(Reading(page, desk.scope), node, wrong)
    uses = tuple(body.uses)
    purpose = text(node, "purpose", MARKETING)
    if "query" in node.entries and not wrong:
        _check_query(page, *node.entries["query"])
    list_source = None
    if "players_file" in node.entries and not wrong:
        list_source = read_players_file(page, node.entries["players_file"][1], desk.lists)
    # a body that is not whole without a mistake asks for a field whose own mistakes are told elsewhere
    if wrong or len(page.mistakes) > before or name is None or not body.whole:
        return SegmentRead(page, name, purpose, uses, None, list_source)
    return SegmentRead(page, name, purpose, uses, _segment(page, node, name, body, list_source), list_source)


def read_body(reading: Reading, node: Mapping, wrong: frozenset[Path]) -> Body:
    """The parts of a document whose shape is not `wrong`."""
    body = Body(uses=reading.uses)
    bad = {path[0] for path in wrong if path}

    def part(key: str) -> Mapping | None:
        value = node.get(key)
        return value if type(value) is Mapping and key not in bad else None

    if (rules := part("rules")) is not None:
        body.rules = read_rules(reading, rules)
        body.whole &= body.rules is not None
    if (scope := part("scope")) is not None:
        body.scope = read_scope(reading, scope)
        body.whole &= body.scope is not None
    if (limit := part("limit")) is not None:
        body.limit = read_limit(reading, limit)
        body.whole &= body.limit is not None
    if "enter" in node.entries and bad.isdisjoint(("enter", "exit", "for")):
        body.trigger = read_trigger(reading, node)
        body.whole &= body.trigger is not None
    if "include" not in bad:
        include = read_adjustments(reading, node.get("include"), excludes=False)
        body.include, body.whole = include or (), body.whole and include is not None
    if "exclude" not in bad:
        exclude = read_adjustments(reading, node.get("exclude"), excludes=True)
        body.exclude, body.whole = exclude or (), body.whole and exclude is not None
    return body


def _segment(page: Page, node: Mapping, name: Scalar, body: Body, source: ListSource | None) -> Segment | None:
    entries = node.entries
    renamed = entries.get("renamed_from")
    if renamed is not None and text(node, "renamed_from") == name.text:
        page.mistake("SEG109", renamed[1], "The segment is renamed from its own name.", "Remove `renamed_from`.")
        return None
    before = len(page.mistakes)
    webhook, schedule = read_webhook(page, node.get("webhook")), read_schedule(page, node)
    if len(page.mistakes) > before:
        return None
    return Segment(
        name=name.text,
        type=_TYPES[text(node, "type")],
        rules=body.rules,
        players=PlayerList(source.ids, source.file) if source else _inline(node),
        trigger=body.trigger,
        query=text(node, "query") or None,
        include=body.include,
        exclude=body.exclude,
        limit=body.limit,
        scope=body.scope,
        title=text(node, "title"),
        description=text(node, "description"),
        purpose=text(node, "purpose", MARKETING),
        tags=texts(node, "tags"),
        owner=text(node, "owner"),
        protected=flag(node.get("protected")),
        webhook=webhook,
        schedule=schedule,
        renamed_from=text(node, "renamed_from") or None,
        at=page.span(name),
        renamed_at=page.span(renamed[1]) if renamed is not None else None,
    )


def _check_query(page: Page, key: Scalar, node: Node) -> None:
    told = refused(node.text) if type(node) is Scalar else None
    if told is not None:
        page.mistake("SEG216", key, *told)


def _inline(node: Mapping) -> PlayerList | None:
    return PlayerList(texts(node, "players")) if "players" in node.entries else None
