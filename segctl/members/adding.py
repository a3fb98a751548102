"""Brings features that add up from one run to the next, question by question. Pure: reading is passed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from segctl.members.columns import Places
from segctl.members.daily import near_days
from segctl.members.deltas import (
    Adds,
    Change,
    Shift,
    added,
    at_places,
    each_less,
    near,
    only,
    put,
    shift_of,
    summed,
    with_more,
)
from segctl.members.features import Feature, Sums, adds_up, finished
from segctl.members.past import Changed, Past
from segctl.members.places import different, standing
from segctl.members.touched import Touched, adds
from segctl.sql.questions import AskDistinct, AskGrouped, EventQuestion


@dataclass(slots=True)
class Adding:
    """`sums` collects, by fact, those of everybody; `brought` are the questions that were brought up to date."""

    past: Past
    sums: dict[int, Sums] = field(default_factory=dict)
    brought: set[int] = field(default_factory=set)

    def moved(self, number: int, question: Adds) -> Iterator[EventQuestion]:
        """What will be asked of rows that moved."""
        wanted = self._wanted(number)
        if wanted:
            asked, mine = _only(question, wanted)
            yield self.past.shift(asked, mine).of(asked)

    def change(self, number: int, question: Adds, found: Touched) -> Changed:
        """What became of the features that add up, for those of whom something changed."""
        wanted = self._wanted(number)
        if not wanted:
            return
        asked, mine = _only(question, wanted)
        change, anew = self._near(asked, self.past.shift(asked, mine)), found.anew[number]
        settled, late = change.settled, change.late
        counted = summed(asked, *self._compact(asked, anew), len(anew), mine) if len(anew) else []
        places = different(np.concatenate((settled.places, late.places, anew)))
        late_of_anew, at_anew = late.among(anew)
        at_late = standing(places, late.places)
        self.past.looked[places] = 1
        self.brought.add(number)
        for position, (fact, feature, _) in enumerate(mine):
            whole = self.past.sums(fact)
            if len(settled.places):
                now = added(at_places(whole, settled.places), settled.sums[fact])
                whole = put(whole, settled.places, now)
            if counted:
                now = with_more(counted[position], late_of_anew, fact, at_anew, -1)
                whole = put(whole, anew, now)
            if len(places):
                now = with_more(at_places(whole, places), late, fact, at_late)
                yield fact, places, finished(feature, now)
            self.sums[fact] = whole

    def settled(self) -> Iterator[tuple[int, Sums]]:
        """The sums behind each feature over the rows that are surely all there."""
        for number, question in enumerate(self.past.asked.questions):
            if not adds(question):
                continue
            since, wanted = self.past.settled(question.events), self._wanted(number)
            if since is None or not wanted:
                continue
            change = None
            if number not in self.brought:
                asked, mine = _only(question, wanted)
                change = self._near(asked, shift_of(asked, mine, {}, since=since, later=since))
            for fact, _, _ in wanted:
                sums = self.sums.get(fact) or self.past.learned(fact)
                if change is not None and len(change.late.places):
                    places, late = change.late.places, change.late.sums[fact]
                    sums = put(sums, places, each_less(at_places(sums, places), late))
                yield fact, sums

    def _wanted(self, number: int) -> list[Feature]:
        return [one for one in self.past.features(number) if adds_up(one[1])]

    def _near(self, asked: Adds, shift: Shift) -> Change:
        match asked:
            case AskGrouped():
                return near(asked, shift, self.past.answered)
            case AskDistinct():
                return near_days(asked, shift, self.past.truths.clock.zone, self.past.answered)

    def _compact(self, asked: Adds, among: Places) -> tuple[Any, Places]:
        answer, places = self.past.answered(asked, among)
        return answer, standing(among, places)


def _only(question: Adds, wanted: list[Feature]) -> tuple[Adds, list[Feature]]:
    match question:
        case AskGrouped():
            return only(question, wanted)
        case AskDistinct():
            return question, wanted
