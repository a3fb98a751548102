"""A first test for a segment: a player who is in, and one at each side of every threshold, as the oracle finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from segctl.base.errors import Refused
from segctl.model.altered import placed
from segctl.model.bucket import in_bucket, share
from segctl.model.expand import expanded
from segctl.model.invented import Setting
from segctl.model.near import happens, spoilt
from segctl.model.rule import (
    Bucket,
    Compare,
    Condition,
    Happened,
    InSegment,
    Rule,
    Sequence,
    Step,
    WasInSegment,
    leaves,
)
from segctl.model.segment import Segment
from segctl.model.segment_test import ClockStep, Expected, SegmentTest
from segctl.model.shaping import Path, Wish, at_path, shaped, variants
from segctl.model.sketch import Sketch, with_entry
from segctl.model.strict import strict
from segctl.model.time import Clock, Lifetime
from segctl.model.trial import Stage, played, uses_with
from segctl.spec.suggest import did_you_mean
from segctl.view.proposal import Proposal, Row, proposal_text
from segctl.workflow.load import Loaded
from segctl.workflow.proposed_beside import adjusted, crowd, entries, ranked_high
from segctl.workflow.proposed_table import Table
from segctl.workflow.testing import stage_of

BASE = "anna"
_NAMES = 200
_HOUR, _SECOND = timedelta(hours=1), timedelta(seconds=1)


def proposed(loaded: Loaded, name: str, at: datetime) -> str:
    """The text of a test document for a segment, as of an instant. Raises: Refused."""
    stage = stage_of(loaded)
    segment = stage.segments.get(name)
    if segment is None:
        raise Refused(f"There is no segment {name}.", did_you_mean(name, stage.segments) or "segctl list")
    table = _table(segment, stage, Setting(stage.catalog, Clock(at, stage.zone)))
    used = sorted(uses_with(stage.guards, stage.names)(segment) - {name})
    members = {one: frozenset(row for row, sketch in table.rows.items() if one in sketch.member) for one in used}
    rows = None
    if segment.type == "sql":
        rows = frozenset(table.rows) - table.strangers
    players = {row: sketch.facts(row) for row, sketch in table.rows.items()}
    test = SegmentTest(name, players, (ClockStep(at, Expected()),), members, rows)
    inside = played(test, stage)[0].found[name]
    return proposal_text(_proposal(test, table, inside), stage.catalog)


def _proposal(test: SegmentTest, table: Table, inside: frozenset[str]) -> Proposal:
    base = test.players[table.first]
    rows = tuple(Row(facts, row in inside) for row, facts in test.players.items() if row != table.first)
    return Proposal(test.segment, test.steps[0].as_of, base, table.first in inside, rows, test.members, test.rows)


def _table(segment: Segment, stage: Stage, setting: Setting) -> Table:
    rule = None if segment.rules is None else expanded(segment.rules, stage.names)
    guard = stage.guards.get(segment.purpose)
    closed = [
        strict(expanded(one, stage.names), stage.catalog) for one in (guard, segment.scope) if one is not None
    ]
    guards = [Wish(one) for one in closed]
    rules = [Wish(rule)] if rule is not None else []
    whole = [*guards, *rules]
    table = Table(segment, setting)
    first, base = _first(segment, whole, setting)
    base = ranked_high(segment.limit, whole, base, first, setting)
    table.rows[first] = base
    table.seen.append(base)
    entries(segment, base, table)
    adjusted(segment, guards, rules, base, table)
    for path, _ in placed(rule) if rule is not None else ():
        _beside(rule, path, guards, base, table)
    for wish in guards:
        out = shaped([replace(wish, holds=False)], base, first, setting)
        if out is not None:
            table.add("kept out by the guard", out)
    crowd(segment.limit, whole, base, table)
    return table


def _first(segment: Segment, wishes: list[Wish], setting: Setting) -> tuple[str, Sketch]:
    """A player who should be in, as far as one can be found."""
    start = Sketch()
    if segment.trigger is not None:
        start = with_entry(start, segment.trigger.enter[0], setting.clock.as_of - _HOUR, None, None, setting)
    listed = segment.players.ids[:1] if segment.players is not None else ()
    for name in (*listed, BASE, *(f"{BASE}-{number}" for number in range(2, _NAMES))):
        found = shaped(wishes, start, name, setting)
        if found is not None:
            return name, found
        if not _asks_bucket(wishes):
            break
    return (listed or (BASE,))[0], start


def _beside(rule: Rule | None, path: Path, wishes: list[Wish], base: Sketch, table: Table) -> None:
    """Rows for one condition, on a player whom this condition decides."""
    if rule is None:
        return
    condition, window = at_path(rule, path, Lifetime())
    if isinstance(condition, Bucket):
        _outsiders(condition, base, table)
        return
    on = shaped([*wishes, Wish(rule, path=path)], base, table.first, table.setting)
    start = base if on is None else on
    if start != base:
        table.add(f"{_about(condition, window)} decides", start)
    found = list(variants(condition, start, replace(table.setting, window=window)))
    for word, sketch in (*found, *_near(condition, [start, *(one for _, one in found)], table.setting)):
        table.add(f"{_about(condition, window)} {word}", sketch)


def _near(condition: Condition, sketches: list[Sketch], setting: Setting) -> Iterator[tuple[str, Sketch]]:
    """Events that all but pass, in place of those of the first player who has some."""
    match condition:
        case Happened(events, where):
            steps: tuple[Step, ...] = (Step(events, where),)
        case Sequence(steps):
            pass
        case _:
            return
    for step in steps:
        having = next((one for one in sketches if happens(step, one, setting)), None)
        if having is not None:
            yield from ((f"with {word}", one) for word, one in spoilt(step, having, setting))


def _outsiders(bucket: Bucket, base: Sketch, table: Table) -> None:
    """A player like the first whom the split puts elsewhere."""
    for number in range(1, _NAMES):
        name = f"outside-{bucket.salt}-{number}"
        if not in_bucket(share(bucket.salt, name), bucket.low, bucket.high):
            table.rows[name] = base
            return


def _about(condition: Condition, window: object) -> str:
    scoped = "" if isinstance(window, Lifetime) else " in range"
    match condition:
        case Compare(name):
            return f"{name}{scoped}"
        case Happened(events):
            return f"{events}{scoped}"
        case InSegment(segments) | WasInSegment(segments):
            return segments[0]
        case Sequence():
            return "sequence"
        case _:
            return type(condition).__name__


def _asks_bucket(wishes: list[Wish]) -> bool:
    return any(isinstance(leaf, Bucket) for wish in wishes for leaf in leaves(wish.rule))
