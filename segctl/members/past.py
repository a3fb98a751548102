"""What a run that goes on from an earlier one knows of it, feature by feature. Pure: reading is passed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from segctl.members.columns import Lists, Places, Single
from segctl.members.deltas import Shift, Window, shift_of
from segctl.members.features import Feature, Sums
from segctl.members.kept import Keeping, Kept, grown_numbers
from segctl.members.merging import joined_numbers
from segctl.members.newest import Newest
from segctl.members.touched import windows_of
from segctl.members.truths import Truths
from segctl.model.catalog import EventTable
from segctl.model.time import END
from segctl.sql.ask import Asked
from segctl.sql.identity import Texts, rows_of
from segctl.sql.program import FeatureFact
from segctl.sql.questions import EventQuestion


class Answered(Protocol):
    """The answer to a question about some players, or about everybody, with the place of each row's player."""

    def __call__(self, question: EventQuestion, among: Places | None = None) -> tuple[Any, Places]:
        """Places are -1 for rows of nobody."""


# By fact: whose value became another one, and which.
Changed = Iterator[tuple[int, Places, Single]]


@dataclass(frozen=True, slots=True)
class Past:
    """`kept` is what the earlier run left, `since` says up to when the rows of each event table are all there now,
    by the table's digest. `looked` marks the players at whom anything was looked.
    """

    truths: Truths
    asked: Asked
    keeping: Keeping
    named: Texts
    since: Mapping[str, int]
    answered: Answered
    looked: NDArray[Any]

    @property
    def kept(self) -> Kept:
        """Of a run that begins with nothing nobody asks."""
        assert self.keeping.before is not None  # noqa: S101 - as said
        return self.keeping.before

    def features(self, question: int) -> list[Feature]:
        """The features that are taken from a question, by its number."""
        facts = self.truths.program.facts
        return [
            (number, fact, take)
            for number, take in self.asked.takes.items()
            if take.question == question and isinstance(fact := facts[number], FeatureFact)
        ]

    def digest(self, fact: int) -> str:
        """Under which name a fact is kept."""
        return self.keeping.digest(self.named.facts[fact])

    def settled(self, events: EventTable) -> int | None:
        """Up to when the rows of a table are all there now; None of a table that does not say."""
        return self.since.get(self.keeping.digest(rows_of(events)))

    def windows(self, wanted: Iterable[Feature]) -> dict[int, Window]:
        """Where the windows of features stood, and stand now."""
        found = {}
        for fact, feature, _ in wanted:
            (then,) = self.kept.windows[self.digest(fact)]
            (now,) = windows_of(feature, self.truths.clock)
            found[fact] = Window(then, now)
        return found

    def shift(self, question: EventQuestion, wanted: list[Feature]) -> Shift:
        """How features of a question move on from where they stood."""
        digest = self.keeping.digest(rows_of(question.events))
        since, later = self.kept.since[digest], self.since[digest]
        last = self.kept.last.get(digest, END)
        return shift_of(question, wanted, self.windows(wanted), since=since, later=later, last=last)

    def sums(self, fact: int) -> Sums:
        """The sums behind a feature that were kept, with nothing for the players who were not known then."""
        count = self.truths.players.count
        return tuple(grown_numbers(part, count) for part in self.kept.sums[self.digest(fact)])

    def values(self, wanted: Iterable[Feature]) -> dict[int, Single]:
        """What was kept of features, of those of which something was."""
        whole = {number: self.truths.whole(number) for number, _, _ in wanted if self.truths.kept(number)}
        return {number: values for number, values in whole.items() if not isinstance(values, Lists)}

    def newest(self, question: int) -> Newest | None:
        """When the values that a question asks for were seen last."""
        fact, _, _ = self.features(question)[0]
        return self.kept.newest[self.digest(fact)]

    def learned(self, fact: int) -> Sums:
        """The sums behind a feature of which everybody was asked in this run."""
        return tuple(joined_numbers(parts) for parts in zip(*self.truths.sums[fact], strict=True))
