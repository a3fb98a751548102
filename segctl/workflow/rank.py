"""Where a player stands before the limits of segments. It needs everybody's values: one read of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

import numpy as np

from segctl.members.numbering import Numbering
from segctl.model.evaluate import field_value
from segctl.model.explanation import Rank
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.membership import size
from segctl.model.rule import Compare, Group, Rule, Test
from segctl.model.segment import Limit
from segctl.model.time import Clock, Lifetime
from segctl.sql.lower import Subject
from segctl.sql.program import Algebra, Key, Limited, Program
from segctl.workflow.context import Context
from segctl.workflow.known import Known, held_in, holds_in, sides_of
from segctl.workflow.probe import Probed, probed
from segctl.workflow.returns import numbering_of
from segctl.workflow.state import looking

BEFORE, BETTER, EQUAL = "before", "better", "equal"


def ranked(context: Context, known: Known, names: Iterable[str], facts: PlayerFacts) -> dict[str, Rank]:
    """The player's rank in each of these segments that has a limit, where nothing else keeps them out."""
    limits = {name: limit for name in names if (limit := known.limit(name)) is not None}
    if not limits:
        return {}
    with looking(context) as connection:
        held = held_in(connection, known, known.closure(limits))
        numbering = numbering_of(connection)
        holds = holds_in(connection, known, context.clock)
    sides = sides_of(known, limits, held, context.clock, numbering, holds)
    values = {name: _value(limit, facts, known, context.clock) for name, limit in limits.items()}
    extra = [
        Subject(_key(name, part), known.parts.catalog, _beside(limit, values[name], equal=part == EQUAL))
        for name, limit in limits.items()
        for part in (BETTER, EQUAL)
    ]
    found = probed(context, sides, numbering, extra, lambda program: _unlimited(program, limits))
    ranks = {name: _rank(name, facts.player_id, found, numbering) for name in limits}
    return {
        name: Rank(place, among, size(limits[name], among), values[name])
        for name, (place, among) in ranks.items()
        if place
    }


def _key(name: str, part: str) -> Key:
    return "new", f"{name} {part}"


def _unlimited(program: Program, limits: Mapping[str, Limit]) -> dict[Key, Algebra]:
    """The members of each segment before its limit."""
    found: dict[Key, Algebra] = {}
    for name in limits:
        algebra = program.segments["new", name]
        found[_key(name, BEFORE)] = algebra.of if isinstance(algebra, Limited) else algebra
    return found


def _value(limit: Limit, facts: PlayerFacts, known: Known, clock: Clock) -> Fact:
    window = limit.during or Lifetime()
    return field_value(limit.by, facts, catalog=known.parts.catalog, clock=clock, window=window)


def _beside(limit: Limit, value: Fact, *, equal: bool) -> Rule:
    """Who has a better value, or the same one; a missing value comes last."""
    upwards = limit.order == "desc"
    match value:
        case datetime() | date():
            test = Test("between", (value, value)) if equal else Test("after" if upwards else "before", value)
        case float() | int() | Decimal():
            test = Test("eq" if equal else "gt" if upwards else "lt", _exact(value))
        case _:
            test = Test("is_set", value=not equal)
    return Group("all", (Compare(limit.by, (test,)),), limit.during)


def _exact(value: float | Decimal) -> int | Decimal:
    return Decimal(value) if isinstance(value, float) else value


def _rank(name: str, player_id: str, found: Probed, numbering: Numbering) -> tuple[int, int]:
    """The player's place, 0 for who is not among them, and how many there are. Ties go by player id."""
    before = found.members[_key(name, BEFORE)]
    better = found.members[_key(name, BETTER)] & before
    equal = found.members[_key(name, EQUAL)] & before
    ids = numbering.ids(np.array(equal, dtype=np.int64)) if equal else []
    if player_id not in ids:
        return 0, len(before)
    return len(better) + sum(one < player_id for one in ids) + 1, len(before)
