"""What the members of a segment depend on: tables, and the clock. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segctl.model.catalog import EventTable
from segctl.model.rule import Now, Test
from segctl.model.time import Lifetime
from segctl.sql.program import (
    AgeFact,
    Algebra,
    Atom,
    Branch,
    FeatureFact,
    Fragment,
    Key,
    Leaf,
    Limited,
    Program,
    SequenceFact,
    SinceOf,
    StoredFact,
    WasOf,
    made_of,
    parts_of,
)

_RELATIVE = frozenset(("older_than", "within", "within_next", "anniversary_within"))


@dataclass(frozen=True, slots=True)
class Uses:
    """The event tables a segment reads, whether it reads the player table or tables beside it, and the clock."""

    events: frozenset[EventTable]
    profile: bool
    beside: bool
    clock: bool


def uses(program: Program, key: Key) -> Uses:
    """What one segment's own rules depend on; what it takes from other segments is theirs."""
    algebra = list(parts_of(program.segments[key]))
    atoms = [program.atoms[number] for number in set(_atoms(program, program.segments[key]))]
    asked = {atom.fact for atom in atoms} | {part.fact for part in algebra if isinstance(part, Limited)}
    numbers = {fact for number in asked for fact in _facts(program, number)}
    facts = [program.facts[number] for number in numbers]
    stored = [fact for fact in facts if isinstance(fact, StoredFact)]
    features = [fact for fact in facts if isinstance(fact, FeatureFact)]
    sequences = [fact for fact in facts if isinstance(fact, SequenceFact)]
    return Uses(
        events=frozenset(fact.events for fact in features)
        | frozenset(events for fact in sequences for events, _ in fact.steps),
        profile=any(fact.table is None for fact in stored),
        beside=any(fact.table is not None for fact in stored),
        clock=any(moves(atom) for atom in atoms)
        or any(isinstance(fact, AgeFact) for fact in facts)
        or any(not isinstance(fact.window, Lifetime) for fact in features)
        or any(not isinstance(fact.window, Lifetime) for fact in sequences)
        or any(isinstance(part, SinceOf | WasOf) for part in algebra),
    )


def facts_of(program: Program, key: Key) -> frozenset[int]:
    """The numbers of the facts that one segment's rules, limit and events ask for, and what those are made of."""
    algebra = program.segments[key]
    asked = {program.atoms[number].fact for number in set(_atoms(program, algebra))}
    asked |= {part.fact for part in parts_of(algebra) if isinstance(part, Limited)}
    entered = program.entered.get(key)
    asked |= set() if entered is None else {entered}
    return frozenset(fact for number in asked for fact in _facts(program, number))


def moves(atom: Atom) -> bool:
    """Can its answer change while its fact stays?"""
    test: Test = atom.test
    return test.op in _RELATIVE or isinstance(test.value, Now)


def _atoms(program: Program, algebra: Algebra) -> Iterator[int]:
    for part in parts_of(algebra):
        if isinstance(part, Fragment):
            yield from _atoms_of_node(program, part.node)


def _atoms_of_node(program: Program, number: int) -> Iterator[int]:
    match program.nodes[number]:
        case Leaf(atom):
            yield atom
        case Branch(_, parts):
            for part in parts:
                yield from _atoms_of_node(program, part)


def _facts(program: Program, number: int) -> Iterator[int]:
    yield number
    for part in made_of(program.facts[number]):
        yield from _facts(program, part)
