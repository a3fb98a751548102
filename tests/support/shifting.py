"""A world moved in time by an exact length, as far as it has no calendar: no days, months, ages or birthdays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from segctl.model.catalog import Aggregate, Attribute, ByMoney, Catalog, Column, Derived, Field, Metric, Score
from segctl.model.expand import expanded
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.rule import Compare, Group, Happened, InSegment, Rule, Test, WasInSegment
from segctl.model.segment import Segment
from segctl.model.time import Between, CalendarPeriod, Clock, Duration, Rolling, Window
from tests.support.generate import World
from tests.support.history import History

UTC = ZoneInfo("UTC")


def timeless(world: World) -> World:
    """The world in UTC with instants that have a zone, without the segments that speak of the calendar."""
    catalog = _instants(world.catalog)
    kept: dict[str, Segment] = {}
    for name, segment in world.segments.items():
        bare = replace(
            segment,
            rules=None if segment.rules is None else expanded(segment.rules, world.names),
            purpose="analysis",
            include=(),
            exclude=(),
        )
        if _exact(bare, catalog) and bare.uses <= kept.keys():
            kept[name] = bare
    return replace(world, catalog=catalog, segments=kept, guards={}, clock=Clock(world.clock.as_of, UTC))


def shifted(world: World, by: timedelta) -> World:
    """A timeless world, all of it so much later."""
    return replace(
        world,
        clock=Clock(world.clock.as_of + by, world.clock.zone),
        players=[_player(player, by) for player in world.players],
        segments={name: _segment(segment, by) for name, segment in world.segments.items()},
        history=History(
            {
                name: {
                    player: [(joined + by, None if left is None else left + by) for joined, left in spells]
                    for player, spells in of_players.items()
                }
                for name, of_players in world.history.spells.items()
            }
        ),
    )


def _instants(catalog: Catalog) -> Catalog:
    attributes = {
        name: replace(attribute, source=replace(attribute.source, timezone=None))
        if isinstance(attribute.source, Column)
        else attribute
        for name, attribute in catalog.attributes.items()
    }
    events = {name: replace(table, timezone=None) for name, table in catalog.events.items()}
    scores = {name: replace(score, timezone=None) for name, score in catalog.scores.items()}
    return replace(catalog, attributes=attributes, events=events, scores=scores)


def _exact(segment: Segment, catalog: Catalog) -> bool:
    trigger, limit = segment.trigger, segment.limit
    rules = [rule for rule in (segment.rules, segment.scope) if rule is not None]
    return (
        all(_exact_rule(rule, catalog) for rule in rules)
        and (trigger is None or _exact_duration(trigger.stay))
        and (limit is None or (_exact_window(limit.during) and _exact_field(catalog.fields[limit.by], catalog)))
    )


def _exact_rule(rule: Rule, catalog: Catalog) -> bool:
    match rule:
        case Group(_, rules, during):
            return _exact_window(during) and all(_exact_rule(part, catalog) for part in rules)
        case Compare(name, tests):
            return _exact_field(catalog.fields[name], catalog) and _exact_tests(tests)
        case InSegment(_, since):
            return _exact_tests(since)
        case WasInSegment(_, window) | Happened(during=window):
            return _exact_window(window)
        case _:
            return True


def _exact_field(field: Field, catalog: Catalog) -> bool:
    match field:
        case Attribute():
            return field.type != "date" and isinstance(field.source, Column)
        case Score():
            return _exact_duration(field.max_age)
        case Metric(how=Derived(_, left, right)):
            return all(_exact_field(catalog.metrics[name], catalog) for name in (left, right))
        case Metric(how=Aggregate(measure=measure)):
            return field.type != "date" and measure.kind != "count_days"
        case Metric(how=ByMoney()):
            return True


def _exact_tests(tests: Iterable[Test]) -> bool:
    return not any(
        test.op in ("on_day", "anniversary_within") or any(_calendar(value) for value in _several(test))
        for test in tests
    )


def _calendar(value: object) -> bool:
    if isinstance(value, Duration):
        return bool(value.months)
    return isinstance(value, date) and not isinstance(value, datetime)


def _several(test: Test) -> tuple[Any, ...]:
    return test.value if isinstance(test.value, tuple) else (test.value,)


def _exact_duration(duration: Duration | None) -> bool:
    return duration is None or not duration.months


def _exact_window(window: Window | None) -> bool:
    match window:
        case Rolling(last, before):
            return _exact_duration(last) and _exact_duration(before)
        case CalendarPeriod():
            return False
        case Between(start, end):
            return not _calendar(start) and not _calendar(end)
        case _:
            return True


def _player(player: PlayerFacts, by: timedelta) -> PlayerFacts:
    events = {name: [_moved(row, by) for row in rows] for name, rows in player.events.items()}
    return replace(player, attributes=_moved(player.attributes, by), events=events)


def _moved(facts: Mapping[str, Fact], by: timedelta) -> dict[str, Fact]:
    return {name: fact + by if isinstance(fact, datetime) else fact for name, fact in facts.items()}


def _segment(segment: Segment, by: timedelta) -> Segment:
    limit = segment.limit
    return replace(
        segment,
        rules=None if segment.rules is None else _rule(segment.rules, by),
        limit=None if limit is None else replace(limit, during=_window(limit.during, by)),
    )


def _rule(rule: Rule, by: timedelta) -> Rule:
    match rule:
        case Group(_, rules, during):
            return replace(rule, rules=tuple(_rule(part, by) for part in rules), during=_window(during, by))
        case Compare(_, tests):
            return replace(rule, tests=_tests(tests, by))
        case InSegment(_, since):
            return replace(rule, since=_tests(since, by))
        case WasInSegment(_, window):
            return replace(rule, window=_window(window, by))
        case Happened():
            return replace(rule, during=_window(rule.during, by))
        case _:
            return rule


def _tests(tests: Sequence[Test], by: timedelta) -> tuple[Test, ...]:
    def value(one: Any) -> Any:
        return one + by if isinstance(one, datetime) else one

    return tuple(
        replace(test, value=tuple(map(value, test.value)) if isinstance(test.value, tuple) else value(test.value))
        for test in tests
    )


def _window(window: Window | None, by: timedelta) -> Window | None:
    match window:
        case Between(start, end):
            return Between(*(end_ + by if isinstance(end_, datetime) else end_ for end_ in (start, end)))
        case _:
            return window
