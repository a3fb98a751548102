"""Brings features of single events and values from one run to the next. Pure: reading is passed in.

The least and the first of events say, and how many different values there are: what came is compared with what was
kept, and who cannot be told so is asked about again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeGuard

import numpy as np

from segctl.members.columns import Bools, Numbers, Places, Single
from segctl.members.deltas import only, put
from segctl.members.features import Feature, Sums, adds_up, features, seen_last
from segctl.members.newest import Newest, counted, is_kept, newest_of, of_players, since, together
from segctl.members.past import Changed, Past
from segctl.members.places import different, standing
from segctl.members.rivals import is_forward, rivals
from segctl.members.successors import Placed, successors
from segctl.members.tiles import TILE
from segctl.members.touched import Touched, is_followed, nearly
from segctl.sql.questions import AskDistinct, AskGrouped, AskOrdered, EventQuestion, Question


@dataclass(slots=True)
class Following:
    """`known` and `placed` have by question what was found out of some players already, `sums` by fact when events
    were, and `newest` by question when values were seen last, of everybody.
    """

    past: Past
    known: dict[int, dict[int, tuple[Places, Single]]] = field(default_factory=dict)
    placed: dict[int, dict[int, tuple[Places, Placed]]] = field(default_factory=dict)
    sums: dict[int, Sums] = field(default_factory=dict)
    newest: dict[EventQuestion, Newest | None] = field(default_factory=dict)

    def follows(self, question: Question, number: int) -> TypeGuard[EventQuestion]:
        """Can the features of a question be brought up to date from what was kept?"""
        return is_followed(question, lambda: self.past.newest(number))

    def moved(self, number: int) -> Iterator[EventQuestion]:
        """What will be asked of rows that moved."""
        question, wanted = self.past.asked.questions[number], self._wanted(number)
        near = nearly(question)
        if near is not None and wanted:
            asked, mine = only(question, wanted) if isinstance(question, AskGrouped) else (near, wanted)
            yield self.past.shift(asked, mine).of(asked)

    def concerned(self, number: int, found: Touched) -> Places:
        """Of the players with rows that moved, those of whom a question must be asked again."""
        question, touched = self.past.asked.questions[number], found.only[number]
        near, some = nearly(question), self._wanted(number)
        if near is None or not some:
            return touched
        again = np.zeros(self.past.truths.players.count, dtype=np.bool_)
        again[found.anew[number]] = True
        match question:
            case AskGrouped():
                narrowed, mine = only(question, some)
                windows, kept = self.past.windows(mine), self.past.values(mine)
                met = rivals(narrowed, self.past.shift(narrowed, mine), windows, kept, self.past.answered)
                self.known[number] = met.known
                self._again(again, met.places, met.again)
            case AskOrdered():
                windows, placed = self.past.windows(some), self._placed(some)
                came = successors(question, self.past.shift(question, some), windows, placed, self.past.answered)
                self.placed[number] = came.known
                self._again(again, came.places, came.again)
            case _ if not self.follows(question, number):
                passing = np.zeros_like(again)
                passing[different(self.past.answered(self.past.shift(near, some).of(near))[1])] = True
                again[touched[passing[touched]]] = True
            case _:
                pass  # of everybody else it is known when values were seen last
        return np.flatnonzero(again)

    def change(self, number: int, question: EventQuestion, found: Touched) -> Changed:
        """What became of the features of a question, for those of whom something changed."""
        wanted = self._wanted(number)
        if not wanted:
            return
        match question:
            case AskGrouped():
                yield from self._compared(number, *only(question, wanted), found.only[number])
            case AskOrdered():
                yield from self._in_order(number, question, wanted, found.only[number])
            case AskDistinct():
                yield from self._seen(number, question, wanted, found.anew[number])

    def settled(self) -> Iterator[tuple[int, Sums]]:
        """When the event behind each feature was, and how many there were up to it."""
        for number, question in enumerate(self.past.asked.questions):
            if isinstance(question, AskOrdered) and self.past.settled(question.events) is not None:
                for fact, _, _ in self._wanted(number):
                    yield fact, self.sums.get(fact) or self.past.learned(fact)

    def seen(self) -> Iterator[tuple[int, Newest | None]]:
        """When values were seen last, by fact."""
        players = len(self.past.truths.players.keys)
        for number, question in enumerate(self.past.asked.questions):
            if isinstance(question, AskDistinct) and question.newest:
                newest = (self.past.truths.newest | self.newest).get(question)
                for fact, _, _ in self._wanted(number):
                    yield fact, newest if newest is not None and is_kept(newest, players) else None

    def _wanted(self, number: int) -> list[Feature]:
        return [one for one in self.past.features(number) if not adds_up(one[1])]

    def _again(self, again: Bools, places: Places, some: Bools) -> None:
        self.past.looked[places] = True
        again[places[some]] = True

    def _placed(self, wanted: list[Feature]) -> dict[int, Placed]:
        """The events behind features, of those whose values were kept."""
        found = {}
        for fact, value in self.past.values(wanted).items():
            time, number = self.past.sums(fact)
            found[fact] = Placed(value, time.values, number.values)
        return found

    def _compared(self, number: int, question: AskGrouped, wanted: list[Feature], among: Places) -> Changed:
        for fact, (places, values) in self.known.pop(number, {}).items():
            yield fact, places, values
        for fact, places, values, _ in self._asked(question, wanted, among):
            yield fact, places, values

    def _in_order(self, number: int, question: AskOrdered, wanted: list[Feature], among: Places) -> Changed:
        sums = {fact: self.past.sums(fact) for fact, _, _ in wanted}
        for fact, (places, placed) in self.placed.pop(number, {}).items():
            sums[fact] = put(sums[fact], places, placed.sums())
            yield fact, places, placed.value
        for fact, places, values, behind in self._asked(question, wanted, among):
            sums[fact] = put(sums[fact], places, behind)
            yield fact, places, values
        self.sums |= sums

    def _asked(
        self, question: EventQuestion, wanted: list[Feature], among: Places
    ) -> Iterator[tuple[int, Places, Single, Sums]]:
        """What is found by asking about some players."""
        if len(among):
            answer, of_rows = self.past.answered(question, among)
            for fact, start, values, behind in features(
                question, answer, standing(among, of_rows), len(among), wanted
            ):
                yield fact, among[start : start + TILE], values, behind

    def _seen(self, number: int, question: AskDistinct, wanted: list[Feature], anew: Places) -> Changed:
        known, came = self.past.newest(number), self._pairs(self.past.shift(question, wanted).of(question))
        windows, count = self.past.windows(wanted), self.past.truths.players.count
        if known is None or came is None or not all(map(is_forward, windows.values())):
            yield from self._seen_by_all(question, wanted)
            return
        marked = _marked(np.concatenate((came.places, anew)), count)
        for window in windows.values():
            marked[known.between(window.then.after, window.now.after)] = True
        known = together(of_players(known, ~_marked(anew, count)), came)
        again = self._pairs(question, anew) if len(anew) else None
        known = known if again is None else together(known, again)
        known = since(known, min(window.now.after for window in windows.values()))
        self.newest[question] = known
        self.past.looked[marked] = True
        places, mine = np.flatnonzero(marked), of_players(known, marked)
        for fact, _, _ in wanted:
            yield fact, places, Numbers(counted(mine, windows[fact].now.after, count)[places], None)

    def _seen_by_all(self, question: AskDistinct, wanted: list[Feature]) -> Changed:
        answer, places = self.past.answered(question)
        self.newest[question] = newest_of(answer["c0"], places, seen_last(question, answer))
        count = self.past.truths.players.count
        for fact, start, values, _ in features(question, answer, places, count, wanted):
            yield fact, np.arange(start, min(start + TILE, count)), values

    def _pairs(self, question: AskDistinct, among: Places | None = None) -> Newest | None:
        answer, places = self.past.answered(question, among)
        return newest_of(answer["c0"], places, seen_last(question, answer))


def _marked(places: Places, count: int) -> Bools:
    marked = np.zeros(count, dtype=np.bool_)
    marked[places] = True
    return marked
