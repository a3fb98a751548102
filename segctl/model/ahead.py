"""When the clock alone next lets a player in or out: facts stay as they are, and time goes on. Pure.

Conditions are asked again only at the instants at which they may change (instants.py); their answers are the
oracle's. A limit needs everybody's values, so it is taken to decide as it does now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from segctl.model.comparison import combined
from segctl.model.evaluate import EVER, Memberships, holds
from segctl.model.expand import expanded
from segctl.model.facts import PlayerFacts
from segctl.model.instants import Horizon, instants, sources
from segctl.model.measures import Event
from segctl.model.membership import Ids, Society, in_force, memberships_of
from segctl.model.rule import Condition, Group, InSegment, Rule, WasInSegment
from segctl.model.segment import Adjustment, Segment, Trigger
from segctl.model.sequences import entered
from segctl.model.strict import strict
from segctl.model.time import Clock, Window, day_start, micros, moment

HORIZON = timedelta(days=400)
# Events looked at; some seconds of work.
BUDGET = 4_000_000
_DAY = timedelta(days=1)
_NOBODY: Ids = frozenset()

Cell = tuple[Condition | Trigger, Window]
Moments = Callable[[str], Iterable[int]]


def _no_moments(_name: str) -> Iterable[int]:
    return ()


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next instant at which the player comes in or goes out, and the conditions that change at it, each with
    its range.

    `at` is None where nothing changes up to `until`, which is the horizon, or where the work became too much.
    """

    inside: bool
    until: datetime
    at: datetime | None = None
    because: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rules:
    """What decides of a segment's members: its rules, None where nothing narrows, and its guard and scope."""

    own: Rule | None
    guards: tuple[Rule, ...]


@dataclass(slots=True)
class _Watch:
    """One player and what holds of them, while the clock moves. `truths` holds the answers of cells."""

    player: PlayerFacts
    society: Society
    limits: Mapping[str, bool]
    rules: dict[str, _Rules]
    narrowed: dict[Cell, PlayerFacts] = field(default_factory=dict)
    truths: dict[Cell, bool] = field(default_factory=dict)


def ahead(
    name: str,
    player: PlayerFacts,
    society: Society,
    *,
    limits: Mapping[str, bool] | None = None,
    moments: Moments = _no_moments,
    horizon: timedelta = HORIZON,
    budget: int = BUDGET,
) -> Ahead:
    """The next change of a segment for one player of a society, before its own limit.

    The segments of `society` stand in order of dependency. `limits` says of those with a limit whether it lets
    the player in; `moments` when the player joined and left a segment in the past.
    """
    start = society.clock.micros
    way = Horizon(society.clock.zone, start, micros(society.clock.as_of + horizon))
    watch = _Watch(
        player, society, limits or {}, {one.name: _rules(one, society) for one in society.segments.values()}
    )
    entries = partial(_moments, player, society, moments)
    due: dict[int, list[Cell]] = defaultdict(list)
    for cell in dict.fromkeys(_cells(watch)):
        for at in instants(*cell, player, society.catalog, way, entries):
            due[at].append(cell)
        watch.narrowed[cell] = _narrowed(cell, watch)
        watch.truths[cell] = _answer(cell, watch, society.clock)
    for at in _adjusted(society, way):
        due[at] += []
    inside, spent = name in _found(watch, society.clock), 0
    for at in sorted(due):
        clock = Clock(moment(at), way.zone)
        changed = [cell for cell in due[at] if _changes(cell, watch, clock)]
        if (name in _found(watch, clock)) != inside:
            return Ahead(inside, clock.as_of, clock.as_of, tuple(changed))
        spent += sum(_size(watch.narrowed[cell]) for cell in due[at])
        if spent > budget:
            return Ahead(inside, clock.as_of)
    return Ahead(inside, moment(way.end))


def _moments(player: PlayerFacts, society: Society, moments: Moments, name: str) -> Iterator[int]:
    """When the player came in and went out, of a triggered segment when the events were."""
    yield from moments(name)
    trigger = society.segments[name].trigger
    for source in () if trigger is None else sources(trigger, EVER, society.catalog):
        times = (event[source.table.time] for event in source.events(player, society.clock))
        yield from (micros(time) for time in times if isinstance(time, datetime))


def _cells(watch: _Watch) -> Iterator[Cell]:
    for name, segment in watch.society.segments.items():
        if segment.trigger is not None:
            yield segment.trigger, EVER
        rules = watch.rules[name]
        for rule in (*(() if rules.own is None else (rules.own,)), *rules.guards):
            yield from _leaves(rule, EVER)


def _rules(segment: Segment, society: Society) -> _Rules:
    kept = segment.name in society.snapshots or segment.rules is None
    guards = (society.guards.get(segment.purpose), segment.scope)
    return _Rules(
        None if kept or segment.rules is None else expanded(segment.rules, society.names),
        tuple(strict(expanded(rule, society.names), society.catalog) for rule in guards if rule is not None),
    )


def _leaves(rule: Rule, window: Window) -> Iterator[Cell]:
    if isinstance(rule, Group):
        for part in rule.rules:
            yield from _leaves(part, rule.during or window)
    else:
        yield rule, _own(rule, window)


def _own(rule: Condition, window: Window) -> Window:
    return getattr(rule, "during", None) or getattr(rule, "window", None) or window


def _narrowed(cell: Cell, watch: _Watch) -> PlayerFacts:
    """The player with no other events than those that the cell may count."""
    events: dict[str, dict[int, Event]] = defaultdict(dict)
    for source in sources(*cell, watch.society.catalog):
        mine = source.events(watch.player, watch.society.clock)
        events[source.table.name].update((id(one), one) for one in mine)
    return replace(watch.player, events={name: list(each.values()) for name, each in events.items()})


def _size(player: PlayerFacts) -> int:
    return 10 + sum(map(len, player.events.values()))


def _answer(cell: Cell, watch: _Watch, clock: Clock) -> bool:
    rule, window = cell
    player, catalog = watch.narrowed[cell], watch.society.catalog
    match rule:
        case Trigger():
            return entered(rule, player, catalog, clock) is not None
        case InSegment() | WasInSegment():
            return False  # asked anew each time, since it is cheap
        case _:
            return holds(rule, player, catalog=catalog, clock=clock, window=window)


def _changes(cell: Cell, watch: _Watch, clock: Clock) -> bool:
    before = watch.truths[cell]
    watch.truths[cell] = _answer(cell, watch, clock)
    return watch.truths[cell] != before or isinstance(cell[0], InSegment | WasInSegment)


def _found(watch: _Watch, clock: Clock) -> set[str]:
    """The segments that the player is in at an instant."""
    society = replace(watch.society, clock=clock)
    found: dict[str, Ids] = {}
    for name in society.segments:
        mine = memberships_of(watch.player.player_id, society, found)
        inside = _inside(society.segments[name], watch, society, mine, found)
        found[name] = frozenset((watch.player.player_id,)) if inside else _NOBODY
    return {name for name, ids in found.items() if ids}


def _inside(
    segment: Segment, watch: _Watch, society: Society, mine: Memberships, found: Mapping[str, Ids]
) -> bool:
    """As membership.members_of, for one player."""
    player, rules = watch.player.player_id, watch.rules[segment.name]
    snapshot = society.snapshots.get(segment.name)
    if snapshot is not None:
        raw = player in snapshot
    else:
        raw = _candidate(segment, watch, society)
        if rules.own is not None:
            raw = raw and _true(rules.own, EVER, watch, society, mine)
        raw = raw or _named(segment.include, player, society.clock, found)
    if _named(segment.exclude, player, society.clock, found):
        return False
    passes = raw and all(_true(rule, EVER, watch, society, mine) for rule in rules.guards)
    return passes and watch.limits.get(segment.name, True)


def _candidate(segment: Segment, watch: _Watch, society: Society) -> bool:
    player = watch.player.player_id
    match segment.type:
        case "dynamic" | "static":
            return True
        case "players":
            return segment.players is not None and player in segment.players.ids
        case "sql":
            return player in society.rows.get(segment.name, _NOBODY)
        case "triggered":
            return segment.trigger is not None and watch.truths[segment.trigger, EVER]


def _true(rule: Rule, window: Window, watch: _Watch, society: Society, mine: Memberships) -> bool:
    match rule:
        case Group(word, rules, during, n):
            return combined(word, (_true(part, during or window, watch, society, mine) for part in rules), n)
        case InSegment() | WasInSegment():
            return holds(rule, watch.player, catalog=society.catalog, clock=society.clock, memberships=mine)
        case _:
            return watch.truths[rule, _own(rule, window)]


def _named(adjustments: tuple[Adjustment, ...], player: str, clock: Clock, found: Mapping[str, Ids]) -> bool:
    return any(
        player in one.players or any(found[name] for name in one.segments) for one in in_force(adjustments, clock)
    )


def _adjusted(society: Society, way: Horizon) -> Iterator[int]:
    """When includes and excludes run out."""
    for segment in society.segments.values():
        for one in (*segment.include, *segment.exclude):
            if one.until is not None:
                at = day_start(one.until + _DAY, way.zone)
                if way.start < at <= way.end:
                    yield at
