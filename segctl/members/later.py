"""The facts whose values are needed after their atoms are known. Pure."""

from __future__ import annotations

from segctl.model.catalog import Measure
from segctl.sql.program import FeatureFact, Limited, Program, StoredFact, made_of, parts_of
from segctl.sql.uses import moves


def wanted_later(program: Program) -> set[int]:
    """The facts that other facts are made of, and those that rank players."""
    found = {part for fact in program.facts for part in made_of(fact)}
    return found | asked_later(program)


def asked_later(program: Program) -> set[int]:
    """The facts whose values are asked for when members are known: what ranks players, and when they entered."""
    everything = (part for algebra in program.segments.values() for part in parts_of(algebra))
    return {part.fact for part in everything if isinstance(part, Limited)}.union(program.entered.values())


def moving(program: Program) -> set[int]:
    """The facts that time alone makes pass a test, or fail it."""
    return {atom.fact for atom in program.atoms if moves(atom)} & lasting(program)


def kept_facts(program: Program) -> set[int]:
    """The facts whose values the next run needs, not only what their atoms say."""
    return (wanted_later(program) & lasting(program)) | moving(program) | compared(program)


def is_extreme(measure: Measure) -> bool:
    """Is it the least or the greatest of something? Of the first and the last event, the time is."""
    return measure.kind in ("min", "max") or (measure.kind in ("first", "last") and measure.column is None)


def is_in_order(measure: Measure) -> bool:
    """Is it a value of the first, the last or the n-th event?"""
    return measure.kind in ("first", "last", "nth") and not is_extreme(measure)


def is_highest(measure: Measure) -> bool:
    """The greatest, where it is the one or the other."""
    return measure.kind in ("max", "last")


def compared(program: Program) -> set[int]:
    """The features of one event out of several, the least or the first say: what comes is compared with it."""
    return {
        number
        for number, fact in enumerate(program.facts)
        if isinstance(fact, FeatureFact) and (is_extreme(fact.measure) or _can_follow(fact))
    }


def _can_follow(fact: FeatureFact) -> bool:
    """Is it a value of one event in order, and not a text, which is not kept?"""
    column = fact.measure.column
    return is_in_order(fact.measure) and (column is None or fact.events.column(column).type != "string")


def lasting(program: Program) -> set[int]:
    """The facts that stay what they are until events come, or a player's own row changes."""
    return {
        number
        for number, fact in enumerate(program.facts)
        if isinstance(fact, FeatureFact)
        or (isinstance(fact, StoredFact) and fact.table is None and fact.type not in ("string", "list"))
    }
