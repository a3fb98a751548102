"""Brings features that add up from one run to the next, question by question. Pure: reading is passed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from segctl.members.columns import Lists, Places, Single
from segctl.members.daily import near_days
from segctl.members.deltas import (
    Adds,
    Change,
    Window,
    added,
    at_places,
    each_less,
    less,
    near,
    only,
    put,
    shift_of,
    summed,
)
from segctl.members.features import Feature, Sums, adds_up, features, finished
from segctl.members.kept import Keeping, Kept, grown_numbers
from segctl.members.merging import joined_numbers
from segctl.members.places import different, standing
from segctl.members.rivals import rivals
from segctl.members.tiles import TILE
from segctl.members.touched import Touched, adds, nearly, windows_of
from segctl.members.truths import Truths
from segctl.model.catalog import EventTable
from segctl.sql.ask import Asked
from segctl.sql.identity import Texts, rows_of
from segctl.sql.program import FeatureFact
from segctl.sql.questions import AskDistinct, AskGrouped, EventQuestion, PlayersQuestion

# how often the rows of a player are read at least, on the average, that it pays to put them aside
_SHARED = 1.25


class Answered(Protocol):
    """The answer to a question about some players, or about everybody, with the place of each row's player."""

    def __call__(self, question: EventQuestion, among: Places | None = None) -> tuple[Any, Places]:
        """Places are -1 for rows of nobody."""


@dataclass(slots=True)
class Adding:
    """`since` says up to when the rows of each event table are all there now, by the table's digest.

    `sums` collects, by fact, those of everybody; `brought` are the questions whose facts were brought up to date.
    `looked` marks the players whom something added to or took from, and `known` has by question what was found out
    of some players already.
    """

    truths: Truths
    keeping: Keeping
    named: Texts
    since: Mapping[str, int]
    answered: Answered
    looked: NDArray[Any]
    sums: dict[int, Sums] = field(default_factory=dict)
    brought: set[int] = field(default_factory=set)
    known: dict[int, dict[int, tuple[Places, Single]]] = field(default_factory=dict)

    def change(
        self, number: int, question: Adds, kept: Kept, found: Touched, wanted: list[Feature]
    ) -> Iterator[tuple[int, Places, Single]]:
        """What became of the features that one question answers, for those of whom something changed."""
        adding = [one for one in wanted if adds_up(one[1])]
        if adding:
            yield from self._added(number, question, kept, found, adding)
        others = [one for one in wanted if not adds_up(one[1])]
        if others:
            assert isinstance(question, AskGrouped)  # noqa: S101 - days add up
            for fact, (places, values) in self.known.pop(number, {}).items():
                yield fact, places, values
            if len(found.only[number]):
                yield from self._others(only(question, others), found.only[number])

    def concerned(self, number: int, asked: Asked, kept: Kept, found: Touched) -> Places:
        """Of the players with rows that moved, those of whom a question must be asked again."""
        question, touched = asked.questions[number], found.only[number]
        near_, some = nearly(question), [one for one in self._features(asked, number) if not adds_up(one[1])]
        if near_ is None or not some or len(touched) == len(found.anew[number]):
            return touched
        digest = self.keeping.digest(rows_of(near_.events))
        since, later, windows = kept.since[digest], self.since[digest], self._windows(kept, some)
        again = np.zeros(self.truths.players.count, dtype=np.bool_)
        again[found.anew[number]] = True
        if isinstance(question, AskGrouped):
            narrowed, mine = only(question, some)
            shift = shift_of(narrowed, mine, windows, since=since, later=later)
            met = rivals(narrowed, shift, windows, self._values(mine), self.answered)
            self.known[number] = met.known
            self.looked[met.places] = True
            again[met.places[met.again]] = True
        else:
            shift = shift_of(near_, some, windows, since=since, later=later)
            passing = np.zeros_like(again)
            passing[different(self.answered(shift.of(near_))[1])] = True
            again[touched[passing[touched]]] = True
        return np.flatnonzero(again)

    def _values(self, wanted: list[Feature]) -> dict[int, Single]:
        """What was kept of features, of those of which something was."""
        whole = {number: self.truths.whole(number) for number, _, _ in wanted if self.truths.kept(number)}
        return {number: values for number, values in whole.items() if not isinstance(values, Lists)}

    def about(self, events: EventTable, asked: Asked, found: Touched) -> tuple[list[PlayersQuestion], Places]:
        """The questions about some players that will be asked of a table, and all those players.

        Where one asks about most of them, and the others about few, none is told: there is little to share.
        """
        several: list[PlayersQuestion] = []
        marked = np.zeros(self.truths.players.count, dtype=np.bool_)
        sizes: list[int] = []
        for number, places in found.only.items():
            question = asked.questions[number]
            assert isinstance(question, PlayersQuestion)  # noqa: S101 - only such questions are narrowed
            if question.events != events:
                continue
            kinds = {adds_up(fact) for _, fact, _ in self._features(asked, number)} or {False}
            for adding in kinds:
                among = found.anew[number] if adding else places
                several += [question] if len(among) else []
                sizes.append(len(among))
                marked[among] = True
        every = np.flatnonzero(marked)
        return (several if sum(sizes) > _SHARED * len(every) else []), every

    def settled(self, asked: Asked) -> Iterator[tuple[int, Sums]]:
        """The sums behind each feature over the rows that are surely all there."""
        for number, question in enumerate(asked.questions):
            if not adds(question):
                continue
            since = self.since.get(self.keeping.digest(rows_of(question.events)))
            wanted = [one for one in self._features(asked, number) if adds_up(one[1])]
            if since is None or not wanted:
                continue
            change = None
            if number not in self.brought:
                change = self._near(*_only(question, wanted), {}, since, since)
            for fact, _, _ in wanted:
                sums = self.sums.get(fact) or self._whole(fact)
                if change is not None and len(change.places):
                    all_ = at_places(sums, change.places)
                    sums = put(sums, change.places, each_less(all_, change.late[fact]))
                yield fact, sums

    def _added(
        self, number: int, question: Adds, kept: Kept, found: Touched, wanted: list[Feature]
    ) -> Iterator[tuple[int, Places, Single]]:
        asked, mine = _only(question, wanted)
        digest = self.keeping.digest(rows_of(question.events))
        since, later = kept.since[digest], self.since[digest]
        change = self._near(asked, mine, self._windows(kept, mine), since, later)
        anew, places = found.anew[number], change.places
        counted = summed(asked, *self._compact(asked, anew), len(anew), mine) if len(anew) else {}
        at = standing(places, anew)
        self.looked[places] = 1
        self.brought.add(number)
        for fact, feature, _ in mine:
            whole = self._before(kept, fact)
            if len(places):
                settled = added(at_places(whole, places), change.settled[fact])
                whole = put(whole, places, settled)
                yield fact, places, finished(feature, added(settled, change.late[fact]))
            if counted:
                settled = less(counted[fact], change.late[fact], at) if len(places) else counted[fact]
                whole = put(whole, anew, settled)
                yield fact, anew, finished(feature, counted[fact])
            self.sums[fact] = whole

    def _near(
        self, asked: Adds, wanted: list[Feature], windows: Mapping[int, Window], since: int, later: int
    ) -> Change:
        shift = shift_of(asked, wanted, windows, since=since, later=later)
        match asked:
            case AskGrouped():
                return near(asked, shift, self.answered)
            case AskDistinct():
                return near_days(asked, shift, self.truths.clock.zone, self.answered)

    def _compact(self, asked: Adds, among: Places) -> tuple[Any, Places]:
        answer, places = self.answered(asked, among)
        return answer, standing(among, places)

    def _others(
        self, asked: tuple[AskGrouped, list[Feature]], among: Places
    ) -> Iterator[tuple[int, Places, Single]]:
        question, mine = asked
        answer, places = self.answered(question, among)
        for fact, start, values, _ in features(question, answer, standing(among, places), len(among), mine):
            yield fact, among[start : start + TILE], values

    def _features(self, asked: Asked, question: int) -> list[Feature]:
        facts = self.truths.program.facts
        return [
            (number, fact, take)
            for number, take in asked.takes.items()
            if take.question == question and isinstance(fact := facts[number], FeatureFact)
        ]

    def _before(self, kept: Kept, fact: int) -> Sums:
        """What was kept, with nothing for the players who were not known then."""
        count = self.truths.players.count
        parts = kept.sums[self.keeping.digest(self.named.facts[fact])]
        return tuple(grown_numbers(part, count) for part in parts)

    def _windows(self, kept: Kept, wanted: list[Feature]) -> dict[int, Window]:
        found = {}
        for fact, feature, _ in wanted:
            (then,) = kept.windows[self.keeping.digest(self.named.facts[fact])]
            (now,) = windows_of(feature, self.truths.clock)
            found[fact] = Window(then, now)
        return found

    def _whole(self, fact: int) -> Sums:
        return tuple(joined_numbers(parts) for parts in zip(*self.truths.sums[fact], strict=True))


def _only(question: Adds, wanted: list[Feature]) -> tuple[Adds, list[Feature]]:
    match question:
        case AskGrouped():
            return only(question, wanted)
        case AskDistinct():
            return question, wanted
