"""Brings features that add up from one run to the next, question by question. Pure: reading is passed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from numpy.typing import NDArray

from segctl.members.columns import Places, Single
from segctl.members.deltas import Change, Window, fresh, less, moved, only, put, summed, together
from segctl.members.features import Feature, Sums, adds_up, features, finished
from segctl.members.kept import Keeping, Kept, grown_numbers
from segctl.members.merging import joined_numbers
from segctl.members.places import standing
from segctl.members.tiles import TILE
from segctl.members.touched import Touched, windows_of
from segctl.members.truths import Truths
from segctl.sql.ask import Asked
from segctl.sql.identity import Texts, rows_of
from segctl.sql.program import FeatureFact
from segctl.sql.questions import AskGrouped


class Answered(Protocol):
    """The answer to a question about some players, or about everybody, with the place of each row's player."""

    def __call__(self, question: AskGrouped, among: Places | None = None) -> tuple[Any, Places]:
        """Places are -1 for rows of nobody."""


@dataclass(slots=True)
class Adding:
    """`since` says up to when the rows of each event table are all there now, by the table's digest.

    `sums` collects, by fact, those of everybody; `late` what of them comes from rows of which more may come.
    `looked` marks the players whom something added to or took from.
    """

    truths: Truths
    keeping: Keeping
    named: Texts
    since: Mapping[str, int]
    answered: Answered
    looked: NDArray[Any]
    sums: dict[int, Sums] = field(default_factory=dict)
    late: dict[int, Change] = field(default_factory=dict)

    def change(
        self, number: int, question: AskGrouped, kept: Kept, found: Touched, wanted: list[Feature]
    ) -> Iterator[tuple[int, Places, Single]]:
        """What became of the features that one question answers, for those of whom something changed."""
        adding = [one for one in wanted if adds_up(one[1])]
        if adding:
            yield from self._added(number, question, kept, found, adding)
        others = [one for one in wanted if not adds_up(one[1])]
        if others:
            yield from self._others(only(question, others), found.only[number])

    def settled(self, asked: Asked) -> Iterator[tuple[int, Sums]]:
        """The sums behind each feature over the rows that are surely all there."""
        for number, question in enumerate(asked.questions):
            if not isinstance(question, AskGrouped):
                continue
            since = self.since.get(self.keeping.digest(rows_of(question.events)))
            wanted = [one for one in self._features(asked, number) if adds_up(one[1])]
            if since is None or not wanted:
                continue
            if number not in self.late:
                asked_, mine = only(question, wanted)
                _, self.late[number] = fresh(asked_, mine, self.answered, since=since, later=since)
            places, unsettled = self.late[number]
            for fact, _, _ in wanted:
                sums = self.sums.get(fact) or self._whole(fact)
                yield fact, less(sums, places, unsettled[fact]) if len(places) else sums

    def _added(
        self, number: int, question: AskGrouped, kept: Kept, found: Touched, wanted: list[Feature]
    ) -> Iterator[tuple[int, Places, Single]]:
        asked, mine = only(question, wanted)
        digest = self.keeping.digest(rows_of(question.events))
        before = {fact: self._before(kept, fact) for fact, _, _ in mine}
        came, self.late[number] = fresh(
            asked, mine, self.answered, since=kept.since[digest], later=self.since[digest]
        )
        gone = moved(asked, mine, self._windows(kept, mine), kept.since[digest], self.answered)
        places, now = together(before, [came, gone])
        anew = found.anew[number]
        counted = summed(asked, *self.answered(asked, anew), anew, mine) if len(anew) else {}
        self.looked[places] = 1
        for fact, feature, _ in mine:
            whole = put(before[fact], places, now[fact]) if len(places) else before[fact]
            yield fact, places, finished(feature, now[fact])
            if counted:
                whole = put(whole, anew, counted[fact])
                yield fact, anew, finished(feature, counted[fact])
            self.sums[fact] = whole

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
