"""The players of a proposed segment test, by name."""

from __future__ import annotations

from dataclasses import dataclass, field

from segctl.model.bucket import in_bucket, share
from segctl.model.invented import Setting
from segctl.model.rule import Bucket, leaves
from segctl.model.segment import Segment
from segctl.model.sketch import Sketch

_NAMES = 200


@dataclass(slots=True)
class Table:
    """Players by name, in the order in which they were thought of; equal ones stand once.

    `strangers` are those whom no list and no query names.
    """

    segment: Segment
    setting: Setting
    rows: dict[str, Sketch] = field(default_factory=dict)
    seen: list[Sketch] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)

    @property
    def first(self) -> str:
        return next(iter(self.rows))

    def add(self, words: str, sketch: Sketch, *, again: bool = False) -> None:
        """`again` adds a player who differs from another by the id alone."""
        if again or sketch not in self.seen:
            self.seen.append(sketch)
            self.rows[self._name(words, listed=True)] = sketch

    def stranger(self, words: str, sketch: Sketch) -> None:
        """Adds a player whom no list and no query names."""
        name = self._name(words, listed=False)
        self.rows[name] = sketch
        self.strangers.add(name)

    def named(self, name: str, sketch: Sketch, *, stranger: bool) -> None:
        """Adds a player of this id, if it is free."""
        if name not in self.rows:
            self.rows[name] = sketch
            self.strangers |= {name} if stranger else set()

    def _name(self, words: str, *, listed: bool) -> str:
        """The next id of the segment's list; without one the words, in the buckets that the first player is in."""
        ids = self.segment.players.ids if self.segment.players is not None and listed else ()
        for id_ in ids:
            if id_ not in self.rows:
                return id_
        slug = "-".join("".join(sign if sign.isalnum() or sign in ".+" else " " for sign in words).split()).lower()
        for number in range(1, _NAMES):
            name = slug if number == 1 else f"{slug}-{number}"
            if name not in self.rows and _buckets(self.segment, name) == _buckets(self.segment, self.first):
                return name
        return slug


def _buckets(segment: Segment, name: str) -> list[bool]:
    """In which of the segment's buckets a name is."""
    found = leaves(segment.rules) if segment.rules is not None else iter(())
    return [in_bucket(share(one.salt, name), one.low, one.high) for one in found if isinstance(one, Bucket)]
