"""What is true of the players of a slice: facts become atoms, as packed bits.

A fact's array lives only until its atoms are known, or until the facts made of it are. Facts come whole, or tile
by tile; `start` is the place of the first player of an array. What an earlier run kept is adopted, and then only
some players are asked about (`only`, by the number of a question).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segctl.members.arithmetic import derived
from segctl.members.atoms import truth
from segctl.members.bitmaps import Packed, Spots, packed
from segctl.members.columns import Column, Flags, Lists, Numbers, Single, chosen, column, lists, placed
from segctl.members.entered import entered
from segctl.members.features import Feature, Sums, features, seen_last
from segctl.members.later import kept_facts, wanted_later
from segctl.members.merging import joined, merged, narrow
from segctl.members.moments import ages, local_days
from segctl.members.newest import Newest, newest_of
from segctl.members.places import Places, Players, standing
from segctl.members.sequences import Moments, in_sequence, moments
from segctl.members.shares import shares
from segctl.members.tiles import TILE
from segctl.model.time import Clock
from segctl.sql.ask import Asked
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
from segctl.sql.questions import (
    AskBeside,
    AskCount,
    AskDistinct,
    AskGrouped,
    AskLatest,
    AskList,
    AskMoments,
    AskMoved,
    AskNext,
    AskOrdered,
    AskPlayers,
    AskPrint,
    AskRows,
    AskSlices,
    AskTime,
    AskTouched,
    EventQuestion,
    Question,
)
from segctl.sql.uses import moves

# A question, and the places of the players it is asked about, or None for everybody.
Ask = Callable[[Question, "Among"], Any]
Among = NDArray[np.int64] | None
EVERYBODY: Mapping[int, Places] = {}
# Of the features of one question: the number, the places of some players, and the fact of each.
Change = Callable[[], Iterator[tuple[int, Places, Single]]]
NO_CHANGES: Mapping[int, Change] = {}


class Truths:
    """Bits of one slice, by atom of the program."""

    def __init__(self, program: Program, clock: Clock, players: Players, *, keeping: bool = False) -> None:
        self.program = program
        self.clock = clock
        self.players = players
        self.everyone = packed(players.present)
        # most of them come whole, so none is made before it is needed
        self._atoms: dict[int, Packed] = defaultdict(partial(np.zeros_like, self.everyone))
        self._kept: dict[int, dict[int, Column]] = defaultdict(dict)
        self._numbers = {fact: number for number, fact in enumerate(program.facts)}
        self._atoms_of: dict[int, list[int]] = defaultdict(list)
        for number, atom in enumerate(program.atoms):
            self._atoms_of[atom.fact].append(number)
        self._later = wanted_later(program) | (kept_facts(program) if keeping else set())
        self._moments: dict[int, Moments] = {}
        self._newcomers: Among = None
        self._adopted: set[int] = set()
        # tile by tile the sums behind features of which everybody was asked
        self.sums: dict[int, list[Sums]] = defaultdict(list)
        # what was seen last, of questions that everybody was asked about
        self.newest: dict[EventQuestion, Newest | None] = {}
        self._keeping = keeping
        # of the last places: features of one question mostly come for the same
        self._spots: Spots | None = None

    def adopt(self, atoms: Mapping[int, Packed], columns: Mapping[int, Single], newcomers: Places) -> None:
        """Takes over what is known of everybody but newcomers. Arrays are by place; values may be written over."""
        for number, bits in atoms.items():
            self._atoms[number] = bits
            self._adopted.add(self.program.atoms[number].fact)
        for number, values in columns.items():
            self._kept[number][0] = values
        self._newcomers = newcomers

    def number(self, fact: Fact) -> int:
        """Under which number a program has a fact."""
        return self._numbers[fact]

    def atom(self, number: int) -> Packed:
        """The players for whom an atom holds; places where nobody stands may hold anything."""
        return self._atoms[number]

    def whole(self, fact: int) -> Column:
        """A fact that is asked for later, of all players."""
        return joined([values for _, values in self.kept(fact)])

    def learn(
        self,
        asked: Asked,
        read: Ask,
        only: Mapping[int, Places] = EVERYBODY,
        changes: Mapping[int, Change] = NO_CHANGES,
    ) -> None:
        """Reads every answer once and turns it into atoms.

        Of a question in `only`, the rest is known already; questions about the steps of sequences have the same.
        What `changes` finds out is not asked for.
        """
        wanted: dict[int, list[Feature]] = defaultdict(list)
        for number, take in asked.takes.items():
            fact = self.program.facts[number]
            assert isinstance(fact, FeatureFact)  # noqa: S101 - takes are of features
            wanted[take.question].append((number, fact, take))
        self._stored(asked.players.table, asked.players.facts, self.players.answer, self.players.places)
        for number, question in enumerate(asked.questions):
            if number in changes:
                for changed, places, values in changes[number]():
                    self.part(changed, places, values)
                continue
            among = only.get(number)
            if among is not None and not len(among) and not isinstance(question, AskMoments):
                continue
            answer = read(question, among)
            if isinstance(question, AskMoments):
                self._moments[number] = self._read_moments(question, answer)
            else:
                self._answer(question, answer, wanted[number], among)
        if self._newcomers is not None:
            self._move()
        self._derive(asked, only)

    def kept(self, fact: int) -> list[tuple[int, Column]]:
        """A fact that is asked for later: where each part of it starts, and the part."""
        return sorted(self._kept.get(fact, {}).items(), key=lambda part: part[0])

    def _answer(self, question: Question, answer: Any, wanted: list[Feature], among: Among) -> None:
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
                self._features(question, answer, wanted, among)
            case AskMoments() | AskRows():
                raise TypeError("not a question that is asked here")
            case (
                AskPlayers()
                | AskCount()
                | AskSlices()
                | AskTime()
                | AskLatest()
                | AskPrint()
                | AskTouched()
                | AskMoved()
                | AskNext()
            ):
                raise TypeError("not a question about facts")

    def _features(self, question: EventQuestion, answer: Any, wanted: list[Feature], among: Among) -> None:
        places = self.players.of(answer, question.events.table)
        if among is None:
            for number, start, values, sums in features(question, answer, places, self.players.count, wanted):
                self._fact(number, start, values)
                if sums and self._keeping:
                    self.sums[number].append(tuple(narrow(one) for one in sums))
            if self._keeping and isinstance(question, AskDistinct) and question.newest:
                self.newest[question] = newest_of(answer["c0"], places, seen_last(question, answer))
            return
        places = standing(among, places)
        for number, start, values, _ in features(question, answer, places, len(among), wanted):
            self.part(number, among[start : start + TILE], values)

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
            if len(bits) == len(self.everyone):
                self._atoms[atom_number] = bits
            else:
                self._atoms[atom_number][start // 8 : start // 8 + len(bits)] = bits
        if number in self._later:
            self._kept[number][start] = values

    def part(self, number: int, places: Places, values: Single) -> None:
        """A fact of some players: what was known of the others stays."""
        if self._spots is None or self._spots.places is not places:
            self._spots = Spots.of(places)
        for atom_number in self._atoms_of[number]:
            atom = self.program.atoms[atom_number]
            found = truth(values, atom.type, atom.test, self.clock)
            self._atoms[atom_number] = self._spots.put(self._atoms[atom_number], found)
        if number in self._kept:
            known = self._kept[number][0]
            assert not isinstance(known, Lists)  # noqa: S101 - lists are not kept
            self._kept[number][0] = merged(known, places, values)

    def _move(self) -> None:
        """Time alone changes the answer of some atoms, whoever had new events."""
        for number in list(self._kept):
            self._kept[number] = {0: self.whole(number)}
            for atom_number in self._atoms_of[number]:
                atom = self.program.atoms[atom_number]
                if moves(atom):
                    found = truth(self._kept[number][0], atom.type, atom.test, self.clock)
                    self._atoms[atom_number] = packed(found)

    def _derive(self, asked: Asked, only: Mapping[int, Places]) -> None:
        """What is made of other facts, which stand before it, or of nothing but who the player is."""
        for number, fact in enumerate(self.program.facts):
            match fact:
                case BucketFact(salt):
                    self._bucket(number, salt)
                case SequenceFact():
                    self._sequence(number, fact, asked.steps[number], only)
                case EnteredFact(enters, exits):
                    self._entered(number, enters, exits)
                case AgeFact(of):
                    self._age(number, of)
                case DerivedFact():
                    self._derived(number, fact)
                case StoredFact() | FeatureFact():
                    pass

    def _sequence(
        self, number: int, fact: SequenceFact, steps: tuple[int, ...], only: Mapping[int, Places]
    ) -> None:
        found = in_sequence([self._moments[step] for step in steps], fact.within, self.players.count)
        among = only.get(steps[0])
        if among is None:
            self._fact(number, 0, Flags(found, None))
        else:
            self.part(number, among, Flags(found[among], None))

    def _bucket(self, number: int, salt: str) -> None:
        if self._newcomers is None or number not in self._adopted:
            self._fact(number, 0, shares(salt, self.players))
        elif len(self._newcomers):
            self.part(number, self._newcomers, shares(salt, self.players.only(self._newcomers)))

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
