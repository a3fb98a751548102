"""Why a rule holds for a player or does not: the rule as a tree, with what each condition saw. Pure.

The verdict of every node is the oracle's own (evaluate.py). Nothing is cut short, so a condition has a verdict
even where another one has decided already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from segctl.model.bucket import share
from segctl.model.catalog import Aggregate, Catalog, Measure
from segctl.model.comparison import combined, passes
from segctl.model.evaluate import EVER, Memberships, field_type, field_value, holds
from segctl.model.expand import NO_NAMES, Names, expanded
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.measures import Scope, measured
from segctl.model.operators import FieldType
from segctl.model.rule import (
    Bucket,
    Compare,
    Condition,
    Group,
    Happened,
    InSegment,
    Named,
    Rule,
    Sequence,
    Test,
    WasInSegment,
)
from segctl.model.time import Clock, Window, interval

_ONCE = (Test("gte", 1),)


@dataclass(frozen=True, slots=True)
class Seen:
    """One fact that a condition looked at, and how it stands to the tests.

    `what` is the field's name, `count`, the column of a sum, the name of a segment, or the salt of a bucket.
    `type` is that of the value; None is a missing value. Without `tests` the value is the answer.
    """

    what: str
    value: Fact
    type: FieldType
    tests: tuple[Test, ...]
    passes: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule, whether it holds, what a condition saw, and the verdicts of a group's (or a named rule's) parts.

    `window` is the stretch that a condition looks at, and of a group the `during` in force.
    """

    rule: Rule
    holds: bool
    window: Window = EVER
    seen: tuple[Seen, ...] = ()
    parts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One player at one instant, and what rules may ask beside the player's facts."""

    player: PlayerFacts
    catalog: Catalog
    clock: Clock
    memberships: Memberships = field(default_factory=Memberships)
    names: Names = NO_NAMES


def verdict(rule: Rule, asked: Asked, window: Window = EVER) -> Verdict:
    """The tree of a rule for one player. Named rules and lists may stand in it. Raises: as `holds`."""
    match rule:
        case Group(word, rules, during, n):
            below = window if during is None else during
            parts = tuple(verdict(part, asked, below) for part in rules)
            return Verdict(rule, combined(word, (part.holds for part in parts), n), below, (), parts)
        case Named(name):
            inner = verdict(asked.names.rules[name], asked, window)
            return Verdict(rule, inner.holds, window, (), (inner,))
        case _:
            own = _range(rule, asked.catalog, window)
            return Verdict(rule, _holds(rule, asked, window), own, _seen(rule, asked, own))


def deciding(tree: Verdict) -> Iterator[Verdict]:
    """The conditions that made the verdict what it is: changing none of the others would change it."""
    match tree.rule:
        case Group(word):
            wanted = (not tree.holds) if word == "none" else tree.holds
            every = [part for part in tree.parts if part.holds == wanted]
            for part in every or tree.parts:
                yield from deciding(part)
        case Named():
            yield from deciding(tree.parts[0])
        case _:
            yield tree


def conditions(tree: Verdict) -> Iterator[Verdict]:
    """Every condition of a tree, in the order in which they stand; those of named rules too."""
    if tree.parts:
        for part in tree.parts:
            yield from conditions(part)
    else:
        yield tree


def _range(rule: Condition, catalog: Catalog, window: Window) -> Window:
    """The stretch of time that a condition looks at: its own, or the one in force if it counts events."""
    match rule:
        case Happened(during=own):
            return own or window
        case WasInSegment(window=own):
            return own or EVER
        case Compare(name):
            return window if name in catalog.metrics else EVER
        case Sequence():
            return window
        case InSegment() | Bucket() | Named():
            return EVER


def _holds(rule: Rule, asked: Asked, window: Window) -> bool:
    return holds(
        expanded(rule, asked.names),
        asked.player,
        catalog=asked.catalog,
        clock=asked.clock,
        memberships=asked.memberships,
        window=window,
    )


def _seen(rule: Rule, asked: Asked, window: Window) -> tuple[Seen, ...]:
    match rule:
        case Compare(name, _, dimensions, money):
            fact = field_value(
                name,
                asked.player,
                catalog=asked.catalog,
                clock=asked.clock,
                window=window,
                dimensions=dimensions,
                money=money,
            )
            plain = expanded(rule, asked.names)
            tests = plain.tests if isinstance(plain, Compare) else rule.tests
            return (_held(name, fact, field_type(name, asked.catalog), rule.tests, tests, asked.clock),)
        case Happened():
            return _counted(rule, asked, window)
        case InSegment(segments, since):
            return tuple(_member(name, since, asked) for name in segments)
        case WasInSegment(segments):
            stretch = interval(window, asked.clock)
            found = [(name, asked.memberships.was(name, stretch)) for name in segments]
            return tuple(Seen(name, was, "boolean", (), was) for name, was in found)
        case Bucket(salt):
            mine = share(salt, asked.player.player_id)
            return (Seen(salt, mine, "number", (), _holds(rule, asked, window)),)
        case Sequence() | Group() | Named():
            return ()


def _held(
    what: str, fact: Fact, kind: FieldType, written: tuple[Test, ...], tests: tuple[Test, ...], clock: Clock
) -> Seen:
    return Seen(what, fact, kind, written, all(passes(test, fact, kind, clock) for test in tests))


def _counted(rule: Happened, asked: Asked, window: Window) -> tuple[Seen, ...]:
    """How often it happened, and each sum that the condition asks for."""
    table, clock = asked.catalog.events[rule.events], asked.clock
    events, scope = asked.player.events.get(table.name, ()), Scope(window, ())

    def fact(measure: Measure) -> Fact:
        return measured(Aggregate(table.name, measure, rule.where), events, table, scope, clock)

    tests = rule.count or (() if rule.sums else _ONCE)
    found = [_held("count", fact(Measure("count")), "integer", tests, tests, clock)] if tests else []
    for name, wanted in rule.sums:
        kind = table.column(name).type
        found.append(_held(name, fact(Measure("sum", name)), kind, wanted, wanted, clock))
    return tuple(found)


def _member(name: str, since: tuple[Test, ...], asked: Asked) -> Seen:
    if not since:
        now = asked.memberships.now(name)
        return Seen(name, now, "boolean", (), now)
    return _held(name, asked.memberships.since(name), "datetime", since, since, asked.clock)
