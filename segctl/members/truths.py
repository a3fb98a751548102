"""What is true of the players of a slice: facts become atoms, atoms become nodes, all as packed bits.

A fact's array lives only until its atoms are known, or until the facts made of it are. Facts come whole, or tile
by tile; `start` is the place of the first player of an array.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np

from segctl.members.arithmetic import derived
from segctl.members.atoms import truth
from segctl.members.bitmaps import Packed, packed
from segctl.members.columns import Column, Flags, Numbers, chosen, column, lists, placed
from segctl.members.entered import entered
from segctl.members.features import Feature, features
from segctl.members.moments import ages, local_days
from segctl.members.places import Places, Players
from segctl.members.sequences import Moments, in_sequence, moments
from segctl.members.shares import shares
from segctl.model.time import Clock
from segctl.sql.ask import Asked
from segctl.sql.program import (
    AgeFact,
    Branch,
    BucketFact,
    DerivedFact,
    EnteredFact,
    FeatureFact,
    Leaf,
    Limited,
    Program,
    SequenceFact,
    StoredFact,
    made_of,
    parts_of,
)
from segctl.sql.questions import (
    AskBeside,
    AskCount,
    AskDistinct,
    AskGrouped,
    AskList,
    AskMoments,
    AskOrdered,
    AskPlayers,
    AskRows,
    AskSlices,
    AskTime,
    AskTouched,
    Question,
)

Ask = Callable[[Question], Any]


class Truths:
    """Bits of one slice, by atom and by node of the program."""

    def __init__(self, program: Program, clock: Clock, players: Players) -> None:
        self.program = program
        self.clock = clock
        self.players = players
        self.everyone = packed(np.ones(players.count, dtype=np.bool_))
        self._atoms = [np.zeros_like(self.everyone) for _ in program.atoms]
        self._nodes: dict[int, Packed] = {}
        self._kept: dict[int, dict[int, Column]] = defaultdict(dict)
        self._numbers = {fact: number for number, fact in enumerate(program.facts)}
        self._atoms_of: dict[int, list[int]] = defaultdict(list)
        for number, atom in enumerate(program.atoms):
            self._atoms_of[atom.fact].append(number)
        self._later = _wanted_later(program)
        self._moments: dict[int, Moments] = {}

    def learn(self, asked: Asked, read: Ask) -> None:
        """Reads every answer once and turns it into atoms."""
        wanted: dict[int, list[Feature]] = defaultdict(list)
        for number, take in asked.takes.items():
            fact = self.program.facts[number]
            assert isinstance(fact, FeatureFact)  # noqa: S101 - takes are of features
            wanted[take.question].append((number, fact, take))
        self._stored(asked.players.table, asked.players.facts, self.players.answer, self.players.places)
        for number, question in enumerate(asked.questions):
            if isinstance(question, AskMoments):
                self._moments[number] = self._read_moments(question, read(question))
            else:
                self._answer(question, read(question), wanted[number])
        self._derive(asked)

    def kept(self, fact: int) -> list[tuple[int, Column]]:
        """A fact that is asked for later: where each part of it starts, and the part."""
        return sorted(self._kept[fact].items(), key=lambda part: part[0])

    def _answer(self, question: Question, answer: Any, wanted: list[Feature]) -> None:
        match question:
            case AskBeside(table, _, facts):
                places = self.players.of(answer, table)
                self.players.one_row_each(places, table)
                self._stored(table, facts, answer, places)
            case AskList(fact, table):
                places = self.players.of(answer, table)
                pairs = lists(answer["c0"], places, self.players.count, f"{table}.{fact.column}")
                self._fact(self._numbers[fact], 0, pairs)
            case AskGrouped() | AskOrdered() | AskDistinct():
                places = self.players.of(answer, question.events.table)
                for number, start, values in features(question, answer, places, self.players.count, wanted):
                    self._fact(number, start, values)
            case AskPlayers() | AskCount() | AskSlices() | AskTime() | AskMoments() | AskTouched() | AskRows():
                raise TypeError("not a question about facts")

    def _read_moments(self, question: AskMoments, answer: Any) -> Moments:
        events = question.events
        times = column(answer["time"], "datetime", f"{events.table}.{events.time}", timezone=events.timezone)
        assert isinstance(times, Numbers)  # noqa: S101 - column() gives numbers for instants
        return moments(self.players.of(answer, events.table), times.values)

    def _stored(self, table: str, facts: tuple[StoredFact, ...], answer: Any, places: Places) -> None:
        """Rows of players whom the slice does not have are left out."""
        known = places >= 0
        for i, fact in enumerate(facts):
            values = column(answer[f"c{i}"], fact.type, f"{table}.{fact.column}", timezone=fact.timezone)
            self._fact(self._numbers[fact], 0, placed(chosen(values, known), places[known], self.players.count))

    def _fact(self, number: int, start: int, values: Column) -> None:
        """Atoms of a fact as soon as it is known; it is kept only for facts made of it."""
        for atom_number in self._atoms_of[number]:
            atom = self.program.atoms[atom_number]
            bits = packed(truth(values, atom.type, atom.test, self.clock))
            self._atoms[atom_number][start // 8 : start // 8 + len(bits)] = bits
        if number in self._later:
            self._kept[number][start] = values

    def _derive(self, asked: Asked) -> None:
        """What is made of other facts, which stand before it, or of nothing but who the player is."""
        for number, fact in enumerate(self.program.facts):
            match fact:
                case BucketFact(salt):
                    self._fact(number, 0, shares(salt, self.players))
                case SequenceFact(_, _, within):
                    steps = [self._moments[step] for step in asked.steps[number]]
                    self._fact(number, 0, Flags(in_sequence(steps, within, self.players.count), None))
                case EnteredFact(enters, exits):
                    self._entered(number, enters, exits)
                case AgeFact(of):
                    self._age(number, of)
                case DerivedFact():
                    self._derived(number, fact)
                case StoredFact() | FeatureFact():
                    pass

    def _derived(self, number: int, fact: DerivedFact) -> None:
        for start, values in self._kept[fact.left].items():
            self._fact(number, start, derived(fact.kind, values, self._kept[fact.right][start]))

    def _entered(self, number: int, enters: tuple[int, ...], exits: tuple[int, ...]) -> None:
        for start in self._kept[enters[0]]:
            inward = [self._kept[fact][start] for fact in enters]
            self._fact(number, start, entered(inward, [self._kept[fact][start] for fact in exits]))

    def _age(self, number: int, of: int) -> None:
        born = self.program.facts[of]
        for start, births in self._kept[of].items():
            assert isinstance(births, Numbers)  # noqa: S101 - the catalog allows ages of dates only
            assert isinstance(born, StoredFact)  # noqa: S101
            days = births.values if born.type == "date" else local_days(births.values, self.clock)
            self._fact(number, start, Numbers(ages(days, self.clock.today), births.valid))

    def node(self, number: int) -> Packed:
        """The players for whom a node of the program holds; each node is combined once."""
        if number not in self._nodes:
            self._nodes[number] = self._combined(number)
        return self._nodes[number]

    def _combined(self, number: int) -> Packed:
        match self.program.nodes[number]:
            case Leaf(atom):
                return self._atoms[atom]
            case Branch("at_least", parts, n):
                return self._at_least(parts, n)
            case Branch(word, parts):
                bits = self.node(parts[0]).copy()
                combine = np.bitwise_and if word == "all" else np.bitwise_or
                for part in parts[1:]:
                    combine(bits, self.node(part), out=bits)
                return ~bits & self.everyone if word == "none" else bits

    def _at_least(self, parts: tuple[int, ...], n: int) -> Packed:
        """`counted[i]` holds who is in more than i of the parts seen."""
        counted = [np.zeros_like(self.everyone) for _ in range(n)]
        for part in parts:
            bits = self.node(part)
            for i in range(n - 1, 0, -1):
                counted[i] |= counted[i - 1] & bits
            counted[0] |= bits
        return counted[-1]


def _wanted_later(program: Program) -> set[int]:
    """The facts that other facts are made of, and those that rank players."""
    found = {part for fact in program.facts for part in made_of(fact)}
    return found | asked_later(program)


def asked_later(program: Program) -> set[int]:
    """The facts whose values are asked for when members are known: what ranks players, and when they entered."""
    everything = (part for algebra in program.segments.values() for part in parts_of(algebra))
    return {part.fact for part in everything if isinstance(part, Limited)}.union(program.entered.values())
