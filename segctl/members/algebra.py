"""Sets of members combined: what rules say of other segments. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap

from segctl.members.limits import Ranks, first
from segctl.model.rule import GroupWord
from segctl.sql.program import (
    Algebra,
    Combined,
    Everyone,
    Fragment,
    Given,
    Key,
    Limited,
    MembersOf,
    SinceOf,
    WasOf,
    Without,
)


@dataclass(frozen=True, slots=True)
class Memory:
    """What the history says of a segment: who counts, and whether members of now who were not `held` do too."""

    counts: BitMap
    held: BitMap
    fresh: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """What sets are made of: who passes each node, members brought from outside, memories, ranks of facts."""

    everyone: BitMap
    fragments: Mapping[int, BitMap]
    given: Mapping[Key, BitMap]
    memories: Mapping[SinceOf | WasOf, Memory] = field(default_factory=dict)
    ranks: Mapping[int, Ranks] = field(default_factory=dict)


def members(segments: Mapping[Key, Algebra], ground: Ground) -> dict[Key, BitMap]:
    """The members of every segment. What a segment uses stands before it, or is given."""
    made: dict[Key, BitMap] = {}
    for key, algebra in segments.items():
        made[key] = _of(algebra, ground, made)
    return made


def _of(algebra: Algebra, ground: Ground, made: Mapping[Key, BitMap]) -> BitMap:
    match algebra:
        case Fragment() | Everyone() | Given() | MembersOf():
            return _known(algebra, ground, made)
        case SinceOf() | WasOf():
            return _remembered(algebra, ground, made)
        case Combined(word, parts, n):
            return _combined(word, [_of(part, ground, made) for part in parts], n, ground.everyone)
        case Without(inner, less):
            return _of(inner, ground, made) - _of(less, ground, made)
        case Limited(inner):
            return first(_of(inner, ground, made), ground.ranks[algebra.fact], algebra)


def _known(algebra: Fragment | Everyone | Given | MembersOf, ground: Ground, made: Mapping[Key, BitMap]) -> BitMap:
    match algebra:
        case Fragment(node):
            return ground.fragments[node]
        case Everyone():
            return ground.everyone
        case Given(segment):
            return ground.given[segment]
        case MembersOf(segment):
            return _now(segment, ground, made)


def _now(segment: Key, ground: Ground, made: Mapping[Key, BitMap]) -> BitMap:
    return made[segment] if segment in made else ground.given[segment]


def _remembered(algebra: SinceOf | WasOf, ground: Ground, made: Mapping[Key, BitMap]) -> BitMap:
    memory, now = ground.memories[algebra], _now(algebra.segment, ground, made)
    known = memory.counts & now if isinstance(algebra, SinceOf) else memory.counts
    return known | (now - memory.held) if memory.fresh else known


def _combined(word: GroupWord, sets: list[BitMap], n: int, everyone: BitMap) -> BitMap:
    match word:
        case "all":
            return BitMap.intersection(*sets) if len(sets) > 1 else sets[0]
        case "any":
            return BitMap.union(*sets) if len(sets) > 1 else sets[0]
        case "none":
            return everyone - BitMap.union(*sets)
        case "at_least":
            return _at_least(n, sets)


def _at_least(n: int, sets: list[BitMap]) -> BitMap:
    """Who is in `n` of the sets: `counted[i]` holds who is in more than i of those seen."""
    counted = [BitMap() for _ in range(n)]
    for one in sets:
        for i in range(n - 1, 0, -1):
            counted[i] |= counted[i - 1] & one
        counted[0] |= one
    return counted[-1]
