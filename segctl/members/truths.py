"""What is true of the players of a slice: facts become atoms, atoms become nodes, all as packed bits.

A fact's array lives only until its atoms are known, or until the facts made of it are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np

from segctl.members.atoms import truth
from segctl.members.bitmaps import Packed, packed
from segctl.members.columns import Column, Numbers, chosen, column, lists, placed
from segctl.members.features import Feature, derived, features
from segctl.members.moments import ages, local_days
from segctl.members.places import Players
from segctl.model.operators import FieldType
from segctl.model.time import Clock
from segctl.sql.ask import Asked
from segctl.sql.program import AgeFact, Branch, DerivedFact, FeatureFact, Leaf, Program, StoredFact
from segctl.sql.questions import (
    AskBeside,
    AskDistinct,
    AskGrouped,
    AskList,
    AskOrdered,
    AskPlayers,
    AskTouched,
    Question,
)

Ask = Callable[[Question], Any]


class Truths:
    """Bits of one slice, by atom and by node of the program."""

    def __init__(self, program: Program, clock: Clock, count: int) -> None:
        self.program = program
        self.clock = clock
        self.everyone = packed(np.ones(count, dtype=np.bool_))
        self._atoms: dict[int, Packed] = {}
        self._nodes: dict[int, Packed] = {}
        self._kept: dict[int, Column] = {}
        self._fact_numbers = {fact: number for number, fact in enumerate(program.facts)}
        self._atoms_of: dict[int, list[int]] = defaultdict(list)
        for number, atom in enumerate(program.atoms):
            self._atoms_of[atom.fact].append(number)
        self._parts = _parts(program)

    def learn(self, asked: Asked, players: Players, read: Ask) -> None:
        """Reads every answer once and turns it into atoms."""
        wanted: dict[int, list[Feature]] = defaultdict(list)
        for number, take in asked.takes.items():
            fact = self.program.facts[number]
            assert isinstance(fact, FeatureFact)  # noqa: S101 - takes are of features
            wanted[take.question].append((number, fact, take))
        self._stored(asked.players.table, asked.players.facts, players.answer, None, players)
        for number, question in enumerate(asked.questions):
            self._answer(question, players, read, wanted[number])
        self._derive()

    def _answer(self, question: Question | AskPlayers, players: Players, read: Ask, wanted: list[Feature]) -> None:
        match question:
            case AskBeside(table, _, facts):
                answer = read(question)
                self._stored(table, facts, answer, answer["player"].combine_chunks(), players)
            case AskList(fact, table):
                answer = read(question)
                places = players.places(answer["player"].combine_chunks(), table)
                pairs = lists(answer["c0"], places, players.count, f"{table}.{fact.column}")
                self._fact(self._fact_numbers[fact], pairs)
            case AskPlayers() | AskTouched():
                raise TypeError("not a question about facts")
            case AskGrouped() | AskOrdered() | AskDistinct():
                answer = read(question)
                places = players.places(answer["player"].combine_chunks(), question.events.table)
                for number, values in features(question, answer, places, players.count, wanted):
                    self._fact(number, values)

    def _stored(self, table: str, facts: tuple[StoredFact, ...], answer: Any, keys: Any, players: Players) -> None:
        where = None if keys is None else players.single_places(keys, table)
        for i, fact in enumerate(facts):
            values = column(answer[f"c{i}"], fact.type, f"{table}.{fact.column}", timezone=fact.timezone)
            if where is not None:
                places, known = where
                values = placed(chosen(values, known), places, players.count)
            self._fact(self._fact_numbers[fact], values)

    def _fact(self, number: int, values: Column) -> None:
        """Atoms of a fact as soon as it is known; it is kept only for facts made of it."""
        for atom_number in self._atoms_of[number]:
            atom = self.program.atoms[atom_number]
            self._atoms[atom_number] = packed(truth(values, atom.type, atom.test, self.clock))
        if number in self._parts:
            self._kept[number] = values

    def _derive(self) -> None:
        """Ages, differences and ratios; each stands after what it is made of."""
        for number, fact in enumerate(self.program.facts):
            match fact:
                case AgeFact(of):
                    births = self._kept[of]
                    assert isinstance(births, Numbers)  # noqa: S101 - the catalog allows ages of dates only
                    days = births.values if self._type(of) == "date" else local_days(births.values, self.clock)
                    self._fact(number, Numbers(ages(days, self.clock.today), births.valid))
                case DerivedFact(kind, left, right):
                    self._fact(number, derived(kind, self._kept[left], self._kept[right]))
                case StoredFact() | FeatureFact():
                    pass

    def _type(self, number: int) -> FieldType | None:
        fact = self.program.facts[number]
        return fact.type if isinstance(fact, StoredFact) else None

    def node(self, number: int) -> Packed:
        """The players for whom a node of the program holds; each node is combined once."""
        if number not in self._nodes:
            self._nodes[number] = self._combined(number)
        return self._nodes[number]

    def _combined(self, number: int) -> Packed:
        match self.program.nodes[number]:
            case Leaf(atom):
                return self._atoms[atom]
            case Branch("all", parts):
                return np.asarray(np.bitwise_and.reduce([self.node(part) for part in parts]))
            case Branch("any", parts):
                return np.asarray(np.bitwise_or.reduce([self.node(part) for part in parts]))
            case Branch(_, parts):
                return np.asarray(~np.bitwise_or.reduce([self.node(part) for part in parts]) & self.everyone)


def _parts(program: Program) -> set[int]:
    """The facts that other facts are made of."""
    parts: set[int] = set()
    for fact in program.facts:
        match fact:
            case AgeFact(of):
                parts.add(of)
            case DerivedFact(_, left, right):
                parts.update((left, right))
            case StoredFact() | FeatureFact():
                pass
    return parts
