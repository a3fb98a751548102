"""A `kind: SegmentTest` document → what is expected of a segment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from segctl.base.span import Span
from segctl.model.segment_test import ClockStep, Expected, SegmentTest
from segctl.spec.cast import Cast, facts, known_player, read_cast
from segctl.spec.desk import Desk
from segctl.spec.facts import FactReader, read_moment
from segctl.spec.node import Mapping, Node, Scalar, Sequence, text
from segctl.spec.page import Page, shown
from segctl.spec.scalar import plain
from segctl.spec.shape import misshapen

_TEXTS = frozenset(("in", "out", "only", "order", "rows"))
_OPAQUE = frozenset(("defaults", "players", "with", "matrix"))


@dataclass(frozen=True, slots=True)
class TestRead:
    """What was found in one document. `document` is there to point into."""

    page: Page
    name: Scalar | None
    document: Mapping
    test: SegmentTest | None

    __test__ = False


@dataclass(slots=True)
class _Step:
    """What is expected at one instant, while it is gathered."""

    inside: dict[str, Span] = field(default_factory=dict)
    outside: dict[str, Span] = field(default_factory=dict)
    only: tuple[str, ...] | None = None
    order: tuple[str, ...] | None = None
    places: dict[str, Span] = field(default_factory=dict)


def read_segment_test(page: Page, node: Mapping, desk: Desk) -> TestRead:
    """Reads everything that can be read, so that an author sees all mistakes at once."""
    before = len(page.mistakes)
    name = node.get("segment")
    name = name if type(name) is Scalar else None
    wrong = misshapen(page, node, _plain(node), desk.schemas("test"))
    if wrong or name is None:
        return TestRead(page, name, node, None)
    cast = read_cast(page, node)
    steps = _steps(page, node, cast)
    start = min(steps, default=None)
    players = {}
    if desk.catalog is not None:
        reader = FactReader(page, desk.scope, desk.catalog, start)
        for player, entries in cast.players.items():
            players[player] = facts(reader, player, entries)
    _order_of_time(page, node)
    members = _members(page, node, cast)
    rows = _names(page, node.get("rows"), cast)
    if len(page.mistakes) > before or desk.catalog is None or not steps:
        return TestRead(page, name, node, None)
    test = SegmentTest(
        segment=name.text,
        players={player: one for player, one in players.items() if one is not None},
        steps=tuple(ClockStep(at, _expected(steps[at])) for at in sorted(steps)),
        members=members,
        rows=None if rows is None else frozenset(rows),
        title=text(node, "title"),
        at=page.span(name),
    )
    return TestRead(page, name, node, test)


def _plain(node: Mapping) -> object:
    """As data, to check its shape; ids keep their source text."""
    data = plain(node, texts=_TEXTS, opaque=_OPAQUE)
    members = node.get("members")
    if type(members) is Mapping:
        keys = frozenset(members.entries)
        data["members"] = plain(members, texts=keys, opaque=frozenset())
    return data


def _steps(page: Page, node: Mapping, cast: Cast) -> dict[datetime, _Step]:
    """What steps and cases expect, by instant."""
    found: dict[datetime, _Step] = {}
    written = node.get("steps")
    for item in written.items if type(written) is Sequence else []:
        if type(item) is not Mapping:
            continue
        at = read_moment(page, item.entries["at"][1], "`at`")
        expect = item.entries["expect"][1]
        if at is not None and type(expect) is Mapping:
            _expect(page, expect, cast, found.setdefault(at, _Step()))
    _cases(page, node, cast, found)
    if not found and "steps" not in node.entries and "cases" not in node.entries:
        detail = "The test expects nothing."
        page.mistake("SEG503", node.entries["kind"][0], detail, "Add `steps:`, or `at:` and `cases:`.")
    return found


def _cases(page: Page, node: Mapping, cast: Cast, found: dict[datetime, _Step]) -> None:
    common = read_moment(page, node.entries["at"][1], "`at`") if "at" in node.entries else None
    late = [case for case in cast.cases if case.at is None]
    if late and "at" not in node.entries:
        hint = "Write `at: 2026-11-21T00:00:00Z` above `cases`."
        page.mistake("SEG103", node.entries["cases"][0], "The cases need the key `at`: when is it?", hint)
    for case in cast.cases:
        at = case.at or common
        if at is None:
            continue
        step = found.setdefault(at, _Step())
        (step.inside if case.inside else step.outside)[case.name] = page.span(case.node)


def _expect(page: Page, node: Mapping, cast: Cast, step: _Step) -> None:
    if not node.entries:
        page.mistake("SEG503", node, "This step expects nothing.", "Write `{in: [anna], out: [bert]}`.")
        return
    for word, named in (("in", step.inside), ("out", step.outside)):
        for player in _scalars(page, node.get(word), cast):
            named[player.text] = page.span(player)
    for player in _scalars(page, node.get("out"), cast, told=True):
        if player.text in step.inside:
            detail = f"{shown(player.text)} is expected in and out at one instant."
            page.mistake("SEG507", player, detail, "Keep one of them.")
    if "only" in node.entries:
        step.only = _names(page, node.get("only"), cast)
        step.places[""] = page.span(node.entries["only"][0])
    if "order" in node.entries:
        step.order = _names(page, node.get("order"), cast)
        step.places[""] = page.span(node.entries["order"][0])


def _expected(step: _Step) -> Expected:
    places = {**step.places, **step.outside, **step.inside}
    return Expected(tuple(step.inside), tuple(step.outside), step.only, step.order, places)


def _order_of_time(page: Page, node: Mapping) -> None:
    """Steps stand in the order of time, since each is history for the next."""
    written, quiet = node.get("steps"), Page(page.file)
    before: datetime | None = None
    for item in written.items if type(written) is Sequence else []:
        at = read_moment(quiet, item.entries["at"][1], "") if type(item) is Mapping else None
        if at is not None and before is not None and at <= before and type(item) is Mapping:
            detail = "This step is not later than the one before it."
            page.mistake("SEG506", item.entries["at"][1], detail, "Write the steps in the order of time.")
        before = at or before


def _members(page: Page, node: Mapping, cast: Cast) -> dict[str, frozenset[str]]:
    fixed = node.get("members")
    if type(fixed) is not Mapping:
        return {}
    return {name: frozenset(_names(page, ids, cast) or ()) for name, (_, ids) in fixed.entries.items()}


def _names(page: Page, node: Node | None, cast: Cast) -> tuple[str, ...] | None:
    """The players of a list, which the test must have."""
    if type(node) is not Sequence:
        return None
    return tuple(dict.fromkeys(player.text for player in _scalars(page, node, cast)))


def _scalars(page: Page, node: Node | None, cast: Cast, *, told: bool = False) -> list[Scalar]:
    """Those items that name a player of the test. What is `told` already is not told again."""
    items = [item for item in node.items if type(item) is Scalar] if type(node) is Sequence else []
    if told:
        return [item for item in items if item.text in cast.players]
    return [item for item in items if known_player(page, item, cast.players)]
