"""Whose rows became known or changed since an instant, for what a segment's members come from, near and far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
from pyroaring import BitMap

from segctl.members.differences import Since
from segctl.members.numbering import Numbering
from segctl.members.read import Read
from segctl.model.time import LATEST
from segctl.sql.program import Key, Limited, MembersOf, Program, SinceOf, WasOf, parts_of
from segctl.sql.questions import AskTouched
from segctl.sql.statements import WHOLE
from segctl.sql.uses import Uses, uses


@dataclass(slots=True)
class News:
    """Asks each table once. `changed` are the players who came or went since the state was written."""

    program: Program
    queries: Mapping[Key, str]
    read: Read
    numbering: Numbering
    since: int
    changed: BitMap
    _asked: dict[AskTouched, BitMap] = field(default_factory=dict)

    def of(self, key: Key) -> Since:
        """What is known of the data of one segment, and of all that it uses."""
        keys = list(self._closure(key))
        each = [uses(self.program, one) for one in keys]
        data = BitMap(self.changed)
        for question in {question for one in each for question in self._questions(one)}:
            data |= self._players(question)
        parts = (part for one in keys for part in parts_of(self.program.segments[one]))
        return Since(
            data,
            tells=all(self._tells(one) for one in each) and not self.queries.keys() & set(keys),
            ranked=any(isinstance(part, Limited) for part in parts),
        )

    def _closure(self, key: Key) -> Iterator[Key]:
        seen, waiting = {key}, [key]
        while waiting:
            one = waiting.pop()
            if one not in self.program.segments:  # a list or a snapshot, which no data moves
                continue
            yield one
            for part in parts_of(self.program.segments[one]):
                if isinstance(part, MembersOf | SinceOf | WasOf) and part.segment not in seen:
                    seen.add(part.segment)
                    waiting.append(part.segment)

    def _tells(self, reads: Uses) -> bool:
        """Does every table say when its rows changed?"""
        profile = self.program.player.updated_at is not None or not reads.profile
        return profile and not reads.beside and all(events.ingested is not None for events in reads.events)

    def _questions(self, reads: Uses) -> Iterator[AskTouched]:
        for events in reads.events:
            moments = tuple(name for name in (events.ingested, events.updated) if name)
            if moments:
                yield AskTouched(events.table, events.player, moments, events.timezone, self.since, LATEST)
        player = self.program.player
        if reads.profile and player.updated_at is not None:
            yield AskTouched(player.table, player.key, (player.updated_at,), None, self.since, LATEST)

    def _players(self, question: AskTouched) -> BitMap:
        if question not in self._asked:
            ids = self.read(question, WHOLE)["player"].combine_chunks().cast(pa.string())
            self._asked[question] = BitMap(self.numbering.known_numbers(ids).tolist())
        return self._asked[question]
