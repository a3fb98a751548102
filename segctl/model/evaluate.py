"""The oracle: does a rule hold for a player? Written from language.md, for plainness; every engine is held to it.

Pure Python over one player's facts. It shares no trick with the engines: no buckets, scaled integers or bitmaps.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Literal

from segctl.model.catalog import AgeOf, Aggregate, Attribute, ByMoney, Catalog, Column, Derived
from segctl.model.comparison import combined, known, passes
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.measures import Dimensions, Scope, measured, minus
from segctl.model.operators import FieldType
from segctl.model.rule import Compare, Group, InSegment, Money, Rule
from segctl.model.time import Clock, Lifetime, Window
from segctl.model.timing import local_day, whole_years

EVER = Lifetime()


def _in_no_segment(_name: str) -> bool:
    return False


def holds(
    rule: Rule,
    player: PlayerFacts,
    *,
    catalog: Catalog,
    clock: Clock,
    members: Callable[[str], bool] = _in_no_segment,
    window: Window = EVER,
) -> bool:
    """Is the rule true of the player at the clock's instant?

    `members` answers whether this player is in the segment of that name. `window` is the `during` in force above
    the rule. Raises: KeyError for a field the catalog does not know, TypeError where a value is not of its type.
    """
    match rule:
        case Group(word, rules, during):
            below = window if during is None else during
            return combined(
                word,
                (
                    holds(part, player, catalog=catalog, clock=clock, members=members, window=below)
                    for part in rules
                ),
            )
        case InSegment(segments):
            return any(members(name) for name in segments)
        case Compare(name, tests, dimensions, money):
            fact = field_value(
                name,
                player,
                catalog=catalog,
                clock=clock,
                window=window,
                dimensions=dimensions,
                money=money,
            )
            return all(passes(test, fact, field_type(name, catalog), clock) for test in tests)


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
