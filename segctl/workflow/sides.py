"""The two worlds of a request as subjects to lower, and the members that no rule makes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap

from segctl.members.returning import Returning
from segctl.model.segment import Adjustment
from segctl.model.time import Clock
from segctl.sql.lower import EXCLUDED, INCLUDED, Beside, Subject
from segctl.sql.program import Key, part_key
from segctl.workflow.holds import NO_HOLDS, Holds
from segctl.workflow.worlds import Definition, World, address_of, in_order, is_guard, named_now

SNAPSHOT = "snapshot"
Numbered = Callable[[Iterable[str]], BitMap]


@dataclass(frozen=True, slots=True)
class Held:
    """What the state holds of a segment: its members, its list or snapshot, and as of when."""

    members: BitMap
    listed: BitMap | None
    as_of_micros: int
    object_id: int = 0


@dataclass(frozen=True, slots=True)
class Sides:
    """What to evaluate in the new world (`names`) and in the old one.

    `was` gives a new name's old one where there is one, `now` the reverse; `gone` are old names that the new
    world does not have. `still` says that both worlds are one, and only the clock and the data have moved;
    `lost` that the old one cannot be evaluated any more, so that nothing is known of what time alone does.
    `held` is by old name; `listed` holds changed lists by new name; `retaken` are the static segments whose
    snapshot is taken now. `holds` says, by the name that is deployed or archived, who was forgotten and
    is held in or out.
    """

    new: World
    old: World
    names: frozenset[str]
    gone: frozenset[str]
    was: Mapping[str, str]
    now: Mapping[str, str]
    held: Mapping[str, Held]
    listed: Mapping[str, BitMap]
    clock: Clock
    retaken: frozenset[str] = frozenset()
    still: bool = False
    lost: bool = False
    holds: Holds = NO_HOLDS
    old_affected: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        # asked for every segment, so it is made once
        affected = {self.was[name] for name in self.names if name in self.was} | self.gone
        object.__setattr__(self, "old_affected", frozenset(affected))

    def subjects(self) -> list[Subject]:
        """Everything to lower, used ones first; what both worlds share is evaluated once, as new."""
        old = [name for name in self._needed(self.old, self._old_wanted(), self._old_uses) if self._is_old(name)]
        used = {name for one in old for name in self._old_uses(one)}
        shared = {self._new_key_of(name)[1] for name in used if not self._is_old(name)}
        new = self._needed(self.new, {*self.names, *shared}, self._new_uses)
        found = [self._subject(self.new.segments[name], self.new, _new_key, self._new_uses(name)) for name in new]
        found += [self._snapshot(name) for name in sorted(self.retaken) if self.new.segments[name].limit is None]
        return found + [self._old_subject(name) for name in old]

    def key_of_old(self, name: str) -> Key | None:
        """Where a new name's old definition is evaluated; None if it had none, or none that moves by time."""
        former = self.was.get(name)
        if former is None or self.lost or not self._moves_by_time(former):
            return None
        return ("new", name) if self.still else ("old", former)

    def named(self, key: Key) -> str:
        """The new name of the segment that something belongs to, or the address of the guard."""
        side, name = key
        if is_guard(name):
            return address_of(name)
        whole = name.partition(" ")[0]
        return whole if side == "new" else self.now.get(whole, whole)

    def used_before(self, name: str) -> set[str]:
        """The segments and guards, by new name, that a segment's old definition asks about."""
        former = self.was.get(name)
        if former is None or former not in self.old.segments:
            return set()
        return {self.now.get(used, used) for used in self._old_uses(former)}

    def given(self, numbered: Numbered) -> dict[Key, BitMap]:
        """Members from the state, from lists and beside rules, by key. `numbered` gives ids their numbers."""
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
        for key, adjustments in self._adjusted():
            _, ids = named_now(adjustments, self.clock)
            if ids:
                found[key] = numbered(sorted(ids))
        return found

    def returned(self, returning: Returning) -> dict[Key, BitMap]:
        """Who was forgotten, came back, and is held in or out, by the key under which it is asked for."""
        found: dict[Key, BitMap] = {}
        for name in self.new.segments:
            found |= self.holds.members(("new", name), self._holder(name), returning)
        for name in self.old.segments:
            if self._is_old(name):
                found |= self.holds.members(("old", name), name, returning)
        return found

    def _holder(self, name: str) -> str | None:
        """The name under which the state knows what a new name holds: of who is recovered, the same one."""
        return self.was.get(name) or (None if name in self.old.segments else name)

    def _adjusted(self) -> Iterable[tuple[Key, tuple[Adjustment, ...]]]:
        """Everything that names players beside rules, by the key under which it is asked for."""
        for name, one in self.new.segments.items():
            yield part_key(("new", name), INCLUDED), one.include
            yield part_key(("new", name), EXCLUDED), one.exclude
            if name in self.retaken:
                yield part_key(part_key(("new", name), SNAPSHOT), INCLUDED), one.include
        for name, one in self.old.segments.items():
            if self._is_old(name):
                yield part_key(("old", name), INCLUDED), one.include
                yield part_key(("old", name), EXCLUDED), one.exclude

    def _needed(self, side: World, wanted: Iterable[str], uses: Callable[[str], frozenset[str]]) -> list[str]:
        """`wanted` and all that they use, used ones first."""
        graph: dict[str, frozenset[str]] = {}
        waiting = list(wanted)
        while waiting:
            name = waiting.pop()
            if name not in graph and name in side.segments:
                graph[name] = uses(name)
                waiting.extend(graph[name])
        return in_order(graph)

    def _new_uses(self, name: str) -> frozenset[str]:
        one = self.new.segments[name]
        return one.uses(snapshot=one.type == "static" and name not in self.retaken)

    def _old_uses(self, former: str) -> frozenset[str]:
        one = self.old.segments[former]
        return one.uses(snapshot=one.type == "static")

    def _old_wanted(self) -> list[str]:
        if self.still or self.lost:
            return []
        formers = [self.was[name] for name in self.names if name in self.was]
        return [former for former in formers if self._moves_by_time(former)]

    def _moves_by_time(self, former: str) -> bool:
        return former in self.old_affected and self.old.segments[former].follows

    def _is_old(self, former: str) -> bool:
        return former in self.old_affected

    def _old_key(self, former: str) -> Key:
        return ("old", former) if self._is_old(former) else self._new_key_of(former)

    def _new_key_of(self, former: str) -> Key:
        return "new", self.now.get(former, former)

    def _old_subject(self, former: str) -> Subject:
        return self._subject(self.old.segments[former], self.old, self._old_key, self._old_uses(former))

    def _subject(
        self, one: Definition, side: World, key_of: Callable[[str], Key], uses: frozenset[str]
    ) -> Subject:
        key = key_of(one.name)
        kept = one.type == "static" and not (key[0] == "new" and one.name in self.retaken)
        excluded, out = named_now(one.exclude, self.clock)
        if kept:
            include, limit, rules = Beside(), None, None
        else:
            included, inside = named_now(one.include, self.clock)
            include, limit, rules = Beside(included, bool(inside)), one.limit, one.rules
        triggers = {name: side.segments[name].trigger for name in uses}
        return Subject(
            key=key,
            catalog=side.catalog,
            rules=rules,
            given=kept or one.type in ("players", "sql"),
            uses={name: key_of(name) for name in uses},
            trigger=one.trigger,
            triggers={name: trigger for name, trigger in triggers.items() if trigger is not None},
            include=include,
            exclude=Beside(excluded, bool(out)),
            guards=(key_of(one.guard),) if one.guard else (),
            scope=one.scope,
            limit=limit,
            query=one.query,
            holds=self.holds.parts(self._holder(one.name) if key[0] == "new" else one.name),
        )

    def _snapshot(self, name: str) -> Subject:
        """What a static segment keeps: who matches now and is included, whatever its guard says today."""
        one, uses = self.new.segments[name], self._new_uses(name)
        included, inside = named_now(one.include, self.clock)
        return Subject(
            key=part_key(("new", name), SNAPSHOT),
            catalog=self.new.catalog,
            rules=one.rules,
            uses={used: _new_key(used) for used in uses},
            triggers={used: t for used in uses if (t := self.new.segments[used].trigger) is not None},
            include=Beside(included, bool(inside)),
        )


def _new_key(name: str) -> Key:
    return "new", name


def _given_part(kind: str, held: Held) -> BitMap:
    """The part of a segment's members that rules do not make: a list, or a snapshot."""
    return held.members if held.listed is None or kind not in ("players", "static") else held.listed
