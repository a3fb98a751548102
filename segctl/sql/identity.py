"""What a fact, an atom or an event table is, as text that is the same in every run. Pure.

A program numbers its entries as they come; a text spells an entry out, with all that it is made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segctl.model.catalog import EventTable
from segctl.sql.program import (
    AgeFact,
    BucketFact,
    DerivedFact,
    EnteredFact,
    Fact,
    FeatureFact,
    Program,
    SequenceFact,
    StoredFact,
)


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a program's facts and atoms, by their numbers."""

    facts: tuple[str, ...]
    atoms: tuple[str, ...]


def texts(program: Program) -> Texts:
    """The texts of everything that an evaluation may keep."""
    facts: list[str] = []
    for fact in program.facts:
        facts.append(_of_fact(fact, dict(enumerate(facts))))
    atoms = (f"{facts[atom.fact]} {atom.type} {atom.test!r}" for atom in program.atoms)
    return Texts(tuple(facts), tuple(atoms))


def rows_of(events: EventTable) -> str:
    """An event table as far as it says which rows are new."""
    return f"{events.table} {events.ingested} {events.updated} {events.timezone}"


def _of_fact(fact: Fact, facts: Mapping[int, str]) -> str:
    match fact:
        case AgeFact(of):
            return f"age of ({facts[of]})"
        case DerivedFact(kind, left, right):
            return f"{kind} of ({facts[left]}) and ({facts[right]})"
        case EnteredFact(enters, exits):
            return f"entered by {[facts[one] for one in enters]} unless {[facts[one] for one in exits]}"
        case StoredFact() | FeatureFact() | BucketFact() | SequenceFact():
            return repr(fact)
