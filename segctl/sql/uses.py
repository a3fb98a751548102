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
    Combined,
    DerivedFact,
    FeatureFact,
    Fragment,
    Key,
    Leaf,
    Program,
    StoredFact,
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
    atoms = [program.atoms[number] for number in set(_atoms(program, program.segments[key]))]
    numbers = {fact for atom in atoms for fact in _facts(program, atom.fact)}
    facts = [program.facts[number] for number in numbers]
    stored = [fact for fact in facts if isinstance(fact, StoredFact)]
    features = [fact for fact in facts if isinstance(fact, FeatureFact)]
    return Uses(
        events=frozenset(fact.events for fact in features),
        profile=any(fact.table is None for fact in stored),
        beside=any(fact.table is not None for fact in stored),
        clock=any(_moves(atom) for atom in atoms)
        or any(isinstance(fact, AgeFact) for fact in facts)
        or any(not isinstance(fact.window, Lifetime) for fact in features),
    )


def _moves(atom: Atom) -> bool:
    test: Test = atom.test
    return test.op in _RELATIVE or isinstance(test.value, Now)


def _atoms(program: Program, algebra: Algebra) -> Iterator[int]:
    match algebra:
        case Fragment(node):
            yield from _atoms_of_node(program, node)
        case Combined(_, parts):
            for part in parts:
                yield from _atoms(program, part)
        case _:
            return


def _atoms_of_node(program: Program, number: int) -> Iterator[int]:
    match program.nodes[number]:
        case Leaf(atom):
            yield atom
        case Branch(_, parts):
            for part in parts:
                yield from _atoms_of_node(program, part)


def _facts(program: Program, number: int) -> Iterator[int]:
    yield number
    match program.facts[number]:
        case AgeFact(of):
            yield from _facts(program, of)
        case DerivedFact(_, left, right):
            yield from _facts(program, left)
            yield from _facts(program, right)
        case StoredFact() | FeatureFact():
            return
