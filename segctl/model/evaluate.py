"""The oracle: does a rule hold for a player? Written from language.md, for plainness; every engine is held to it.

Pure Python over one player's facts. It shares no trick with the engines: no buckets, scaled integers or bitmaps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from segctl.model.bucket import in_bucket, share
from segctl.model.catalog import AgeOf, Aggregate, Attribute, ByMoney, Catalog, Column, Derived, Measure, Score
from segctl.model.comparison import combined, known, passes
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.measures import Dimensions, Scope, measured, minus
from segctl.model.operators import FieldType
from segctl.model.rule import (
    Bucket,
    Compare,
    Group,
    Happened,
    InSegment,
    Money,
    Named,
    Rule,
    Sequence,
    Test,
    WasInSegment,
)
from segctl.model.sequences import in_sequence
from segctl.model.time import Clock, Interval, Lifetime, Window, interval
from segctl.model.timing import local_day, whole_years

EVER = Lifetime()
_ONCE = (Test("gte", 1),)


def _in_no_segment(_name: str) -> bool:
    return False


def _never(_name: str) -> datetime | None:
    return None


def _not_then(_name: str, _stretch: Interval) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Memberships:
    """What is known of one player's memberships, by segment name: in it now, since when, and in it in a stretch.

    `since` is None for who is not in; `was` speaks of the history, which includes now.
    """

    now: Callable[[str], bool] = _in_no_segment
    since: Callable[[str], datetime | None] = _never
    was: Callable[[str, Interval], bool] = _not_then


@dataclass(frozen=True, slots=True)
class _Asked:
    """One player at one instant."""

    player: PlayerFacts
    catalog: Catalog
    clock: Clock
    memberships: Memberships


def holds(
    rule: Rule,
    player: PlayerFacts,
    *,
    catalog: Catalog,
    clock: Clock,
    memberships: Memberships | None = None,
    window: Window = EVER,
) -> bool:
    """Is the rule true of the player at the clock's instant?

    `window` is the `during` in force above the rule. Names of rules and lists are expanded before (expand.py).
    Raises: KeyError for a field the catalog does not know, TypeError where a value is not of its type.
    """
    return _holds(rule, _Asked(player, catalog, clock, memberships or Memberships()), window)


def _holds(rule: Rule, asked: _Asked, window: Window) -> bool:
    match rule:
        case Group(word, rules, during, n):
            below = window if during is None else during
            return combined(word, (_holds(part, asked, below) for part in rules), n)
        case Compare(name, tests, dimensions, money):
            fact = field_value(
                name,
                asked.player,
                catalog=asked.catalog,
                clock=asked.clock,
                window=window,
                dimensions=dimensions,
                money=money,
            )
            return _pass(tests, fact, field_type(name, asked.catalog), asked.clock)
        case Happened():
            return _happened(rule, asked, rule.during or window)
        case Sequence():
            return in_sequence(rule, asked.player, asked.catalog, interval(window, asked.clock), asked.clock)
        case Bucket(salt, low, high):
            return in_bucket(share(salt, asked.player.player_id), low, high)
        case InSegment() | WasInSegment():
            return _in_segment(rule, asked)
        case Named(name):
            raise TypeError(f"the rule {name} is not expanded")


def _in_segment(rule: InSegment | WasInSegment, asked: _Asked) -> bool:
    memberships = asked.memberships
    match rule:
        case InSegment(segments, ()):
            return any(memberships.now(name) for name in segments)
        case InSegment(segments, since):
            return any(_pass(since, memberships.since(name), "datetime", asked.clock) for name in segments)
        case WasInSegment(segments, stretch):
            return any(memberships.was(name, interval(stretch or EVER, asked.clock)) for name in segments)


def _happened(rule: Happened, asked: _Asked, window: Window) -> bool:
    table = asked.catalog.events[rule.events]
    events = asked.player.events.get(table.name, ())
    scope = Scope(window, ())
    counted: tuple[Test, ...] = rule.count or (() if rule.sums else _ONCE)
    number = measured(Aggregate(table.name, Measure("count"), rule.where), events, table, scope, asked.clock)
    return _pass(counted, number, "integer", asked.clock) and all(
        _pass(
            tests,
            measured(Aggregate(table.name, Measure("sum", name), rule.where), events, table, scope, asked.clock),
            table.column(name).type,
            asked.clock,
        )
        for name, tests in rule.sums
    )


def _pass(tests: tuple[Test, ...], fact: Fact, kind: FieldType, clock: Clock) -> bool:
    return all(passes(test, fact, kind, clock) for test in tests)


def field_value(
    name: str,
    player: PlayerFacts,
    *,
    catalog: Catalog,
    clock: Clock,
    window: Window = EVER,
    dimensions: Dimensions = (),
    money: Money | None = None,
) -> Fact:
    """What a field is for a player: None where it is missing. A window changes metrics only. Raises: KeyError."""
    attribute = catalog.attributes.get(name)
    if attribute is not None:
        return _attribute_value(attribute, player, catalog, clock)
    score = catalog.scores.get(name)
    if score is not None:
        return _score_value(score, player, clock)
    metric = catalog.metrics[name]
    match metric.how:
        case Derived(kind, left, right):
            return _derived(
                kind,
                field_value(left, player, catalog=catalog, clock=clock, window=window),
                field_value(right, player, catalog=catalog, clock=clock, window=window),
            )
        case Aggregate() as aggregate:
            pass
        case ByMoney(real, bonus, both):
            aggregate = {"real": real, "bonus": bonus, "both": both}[money or "both"]
    table = catalog.events[aggregate.events]
    return measured(aggregate, player.events.get(table.name, ()), table, Scope(window, dimensions), clock)


def field_type(name: str, catalog: Catalog) -> FieldType:
    """The type of the attribute or metric of that name. Raises: KeyError."""
    field = catalog.field(name)
    if field is None:
        raise KeyError(name)
    return field.type


def _attribute_value(attribute: Attribute, player: PlayerFacts, catalog: Catalog, clock: Clock) -> Fact:
    match attribute.source:
        case Column():
            return known(player.attributes.get(attribute.name))
        case AgeOf(of):
            born = _attribute_value(catalog.attributes[of], player, catalog, clock)
            return whole_years(local_day(born, clock), clock.today) if isinstance(born, date) else None


def _score_value(score: Score, player: PlayerFacts, clock: Clock) -> Fact:
    rows = score.rows
    return measured(score.how, player.events.get(rows.name, ()), rows, Scope(score.window, ()), clock)


def _derived(kind: Literal["subtract", "ratio"], left: Fact, right: Fact) -> Fact:
    """Missing where either side is, and for a ratio over 0."""
    match kind:
        case "subtract":
            return minus(left, right)
        case "ratio":
            return _ratio(left, right)


def _ratio(left: Fact, right: Fact) -> Fact:
    if not isinstance(left, int | float | Decimal) or not isinstance(right, int | float | Decimal):
        return None
    return known(float(left) / float(right)) if right != 0 else None
