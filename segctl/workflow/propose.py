"""A first test for a segment: a player who is in, and one at each side of every threshold, as the oracle finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from segctl.base.errors import Refused
from segctl.model.bucket import in_bucket, share
from segctl.model.expand import expanded
from segctl.model.invented import Setting
from segctl.model.rule import (
    Bucket,
    Compare,
    Condition,
    Group,
    Happened,
    InSegment,
    Rule,
    Sequence,
    WasInSegment,
    leaves,
)
from segctl.model.segment import Segment
from segctl.model.segment_test import ClockStep, Expected, SegmentTest
from segctl.model.shaping import Path, Wish, at_path, shaped, variants
from segctl.model.sketch import Sketch, with_entry
from segctl.model.strict import strict
from segctl.model.time import Clock, Lifetime, moment, shifted
from segctl.model.trial import Stage, played, uses
from segctl.spec.suggest import did_you_mean
from segctl.view.proposal import Proposal, Row, proposal_text
from segctl.workflow.load import Loaded
from segctl.workflow.testing import stage_of

BASE = "anna"
_NAMES = 200
_HOUR, _SECOND = timedelta(hours=1), timedelta(seconds=1)


@dataclass(slots=True)
class _Table:
    """Players by name, in the order in which they were thought of; equal ones stand once."""

    segment: Segment
    setting: Setting
    rows: dict[str, Sketch] = field(default_factory=dict)
    seen: list[Sketch] = field(default_factory=list)

    def add(self, words: str, sketch: Sketch, *, again: bool = False) -> None:
        """`again` adds a player who differs from another by the id alone."""
        if again or sketch not in self.seen:
            self.seen.append(sketch)
            self.rows[self._name(words, listed=not again)] = sketch

    def _name(self, words: str, *, listed: bool) -> str:
        """The next id of the segment's list; without one the words, in the buckets that the first player is in."""
        ids = self.segment.players.ids if self.segment.players is not None and listed else ()
        for id_ in ids:
            if id_ not in self.rows:
                return id_
        slug = "-".join("".join(sign if sign.isalnum() or sign in ".+" else " " for sign in words).split()).lower()
        for number in range(1, _NAMES):
            name = slug if number == 1 else f"{slug}-{number}"
            if name not in self.rows and _buckets(self.segment, name) == _buckets(self.segment, self.first):
                return name
        return slug

    @property
    def first(self) -> str:
        return next(iter(self.rows))


def proposed(loaded: Loaded, name: str, at: datetime) -> str:
    """The text of a test document for a segment, as of an instant. Raises: Refused."""
    stage = stage_of(loaded)
    segment = stage.segments.get(name)
    if segment is None:
        raise Refused(f"There is no segment {name}.", did_you_mean(name, stage.segments) or "segctl list")
    table = _table(segment, stage, Setting(stage.catalog, Clock(at, stage.zone)))
    used = sorted(uses(segment, stage.guards, stage.names) - {name})
    members = {one: frozenset(row for row, sketch in table.rows.items() if one in sketch.member) for one in used}
    rows = None
    if segment.type == "sql":
        rows = frozenset(table.rows) - {"not-returned"}
    players = {row: sketch.facts(row) for row, sketch in table.rows.items()}
    test = SegmentTest(name, players, (ClockStep(at, Expected()),), members, rows)
    inside = played(test, stage)[0].found[name]
    return proposal_text(_proposal(test, table, inside), stage.catalog)


def _proposal(test: SegmentTest, table: _Table, inside: frozenset[str]) -> Proposal:
    base = test.players[table.first]
    rows = tuple(Row(facts, row in inside) for row, facts in test.players.items() if row != table.first)
    return Proposal(test.segment, test.steps[0].as_of, base, table.first in inside, rows, test.members, test.rows)


def _table(segment: Segment, stage: Stage, setting: Setting) -> _Table:
    rule = None if segment.rules is None else expanded(segment.rules, stage.names)
    guard = stage.guards.get(segment.purpose)
    closed = [
        strict(expanded(one, stage.names), stage.catalog) for one in (guard, segment.scope) if one is not None
    ]
    wishes = [Wish(one) for one in closed]
    table = _Table(segment, setting)
    whole = [*wishes, *([Wish(rule)] if rule is not None else [])]
    first, base = _first(segment, whole, setting)
    table.rows[first] = base
    table.seen.append(base)
    _entries(segment, base, table)
    for path, _ in _conditions(rule) if rule is not None else ():
        _beside(rule, path, wishes, base, table)
    for wish in wishes:
        out = shaped([replace(wish, holds=False)], base, first, setting)
        if out is not None:
            table.add("kept out by the guard", out)
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


def _beside(rule: Rule | None, path: Path, wishes: list[Wish], base: Sketch, table: _Table) -> None:
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
    for word, sketch in variants(condition, start, replace(table.setting, window=window)):
        table.add(f"{_about(condition, window)} {word}", sketch)


def _outsiders(bucket: Bucket, base: Sketch, table: _Table) -> None:
    """A player like the first whom the split puts elsewhere."""
    for number in range(1, _NAMES):
        name = f"outside-{bucket.salt}-{number}"
        if not in_bucket(share(bucket.salt, name), bucket.low, bucket.high):
            table.rows[name] = base
            return


def _entries(segment: Segment, base: Sketch, table: _Table) -> None:
    """Rows for what lets in and out beside the rules."""
    setting, trigger = table.setting, segment.trigger
    now = setting.clock.as_of
    if trigger is not None:
        enter, leave = trigger.enter[0], trigger.exit[0] if trigger.exit else None
        if trigger.stay is not None:
            edge = moment(shifted(setting.clock, trigger.stay, -1))
            table.add("entered just in time", with_entry(base, enter, edge + _SECOND, None, None, setting))
            table.add("stayed for the whole time", with_entry(base, enter, edge, None, None, setting))
        if leave is not None:
            table.add("left again", with_entry(base, enter, now - 2 * _HOUR, leave, now - _HOUR, setting))
            table.add("came back", with_entry(base, enter, now - _HOUR, leave, now - 2 * _HOUR, setting))
        table.add("never entered", with_entry(base, enter, None, None, None, setting))
    if segment.type == "players":
        table.add("not listed", base, again=True)
    if segment.type == "sql":
        table.add("not returned", base, again=True)


def _conditions(rule: Rule, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    if isinstance(rule, Group):
        for place, part in enumerate(rule.rules):
            yield from _conditions(part, (*path, place))
    else:
        yield path, rule


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


def _buckets(segment: Segment, name: str) -> list[bool]:
    """In which of the segment's buckets a name is."""
    found = leaves(segment.rules) if segment.rules is not None else iter(())
    return [in_bucket(share(one.salt, name), one.low, one.high) for one in found if isinstance(one, Bucket)]
