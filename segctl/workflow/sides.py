"""The two worlds of a request as subjects to lower, and the members that no rule makes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap

from segctl.model.rule import used_segments
from segctl.sql.lower import Subject
from segctl.sql.program import Key
from segctl.workflow.worlds import World, needed, subjects


@dataclass(frozen=True, slots=True)
class Held:
    """What the state holds of a segment: its members, the list of a `players` segment, and since when."""

    members: BitMap
    listed: BitMap | None
    as_of_micros: int


@dataclass(frozen=True, slots=True)
class Sides:
    """What to evaluate in the new world (`names`) and in the old one.

    `was` gives a new name's old one where there is one, `now` the reverse; `gone` are old names that the new
    world does not have. `still` says that both worlds are one, and only the clock and the data have moved;
    `lost` that the old one cannot be evaluated any more, so that nothing is known of what time alone does.
    `held` is by old name; `listed` holds changed lists by new name.
    """

    new: World
    old: World
    names: frozenset[str]
    gone: frozenset[str]
    was: Mapping[str, str]
    now: Mapping[str, str]
    held: Mapping[str, Held]
    listed: Mapping[str, BitMap]
    still: bool = False
    lost: bool = False
    old_affected: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        # asked for every segment, so it is made once
        affected = {self.was[name] for name in self.names if name in self.was} | self.gone
        object.__setattr__(self, "old_affected", frozenset(affected))

    def subjects(self) -> list[Subject]:
        """Everything to lower, used ones first; what both worlds share is evaluated once, as new."""
        old = [name for name in needed(self.old, self._old_wanted(), self._old_given) if name in self.old_affected]
        shared = {self._new_key_of(name)[1] for name in self._old_uses(old)}
        new = needed(self.new, {*self.names, *shared}, self._new_given)
        return [
            *subjects(_new_key, self.new, new, self._new_given),
            *subjects(self._old_key, self.old, old, self._old_given),
        ]

    def key_of_old(self, name: str) -> Key | None:
        """Where a new name's old definition is evaluated; None if it had none, or none that moves by time."""
        former = self.was.get(name)
        if former is None or self.lost or self._old_given(former):
            return None
        return ("new", name) if self.still else ("old", former)

    def used_before(self, name: str) -> set[str]:
        """The segments, by new name, that a segment's old definition asks about."""
        former = self.was.get(name)
        one = None if former is None else self.old.segments.get(former)
        return {self.now.get(used, used) for used in used_segments(one.rules)} if one else set()

    def given(self) -> dict[Key, BitMap]:
        """Members from the state and from lists, by key."""
        found: dict[Key, BitMap] = {}
        for name, one in self.new.segments.items():
            former = self.was.get(name)
            if name in self.listed:
                found["new", name] = self.listed[name]
            elif former is not None and former in self.held:
                found["new", name] = _given_part(one.type, self.held[former])
        for former, held in self.held.items():
            if former in self.old.segments:
                found["old", former] = _given_part(self.old.segments[former].type, held)
        return found

    def _old_wanted(self) -> list[str]:
        if self.still or self.lost:
            return []
        return [self.was[name] for name in self.names if name in self.was and not self._old_given(self.was[name])]

    def _old_uses(self, old: list[str]) -> set[str]:
        """Segments of the old world that affected ones use and that are not affected themselves."""
        found = {used for one in subjects(self._old_key, self.old, old, self._old_given) for used in one.uses}
        return found - self.old_affected

    def _old_key(self, former: str) -> Key:
        return ("old", former) if former in self.old_affected else self._new_key_of(former)

    def _new_key_of(self, former: str) -> Key:
        return "new", self.now.get(former, former)

    def _new_given(self, name: str) -> bool:
        one = self.new.segments[name]
        return one.rules is None or (one.type == "static" and name not in self.names)

    def _old_given(self, former: str) -> bool:
        return former not in self.old_affected or not self.old.segments[former].follows


def _new_key(name: str) -> Key:
    return "new", name


def _given_part(kind: str, held: Held) -> BitMap:
    """The part of a segment's members that rules do not make: a list, or a snapshot."""
    return held.listed if kind == "players" and held.listed is not None else held.members
