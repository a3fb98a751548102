"""What follows from what: rules assumed true or false, and the cases that are left. Pure.

`Known` maps a subject to the cases that are left of it; a subject that is not in it may be anything. It never
leaves out what is possible, so "never" and "always" are certain, while "maybe" may be neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from math import comb
from typing import TypeVar

from segctl.lint.formula import Cosmos, Formula, Leaf

T = TypeVar("T")
Known = Mapping[int, int]
NOTHING: Known = {}
_MOST_CHOICES = 30


def assumed(made: Formula, known: Known, cosmos: Cosmos, *, value: bool = True) -> Known | None:
    """What is known if the formula has this value too; None if it cannot."""
    if isinstance(made, Leaf):
        return _leaf(made, known, cosmos, value=value)
    cosmos.steps -= 1
    if cosmos.steps < 0:
        return known
    match made.word, value:
        case ("all", True):
            return together(made.parts, known, cosmos, value=True)
        case ("any", False) | ("none", True):
            return together(made.parts, known, cosmos, value=False)
        case ("all", False):
            return _one_of(made.parts, known, cosmos, value=False)
        case ("any", True) | ("none", False):
            return _one_of(made.parts, known, cosmos, value=True)
        case (_, True):
            return _several(made.parts, made.n, known, cosmos, value=True)
        case _:
            return _several(made.parts, len(made.parts) - made.n + 1, known, cosmos, value=False)


def together(parts: Iterable[Formula], known: Known, cosmos: Cosmos, *, value: bool = True) -> Known | None:
    """What is known if all of these have this value. One may narrow another, so they are asked twice."""
    every = sorted(parts, key=lambda part: not isinstance(part, Leaf))
    left: Known | None = known
    for turn in (1, 2):
        before = left
        for part in every:
            if left is None:
                return None
            left = assumed(part, left, cosmos, value=value)
        if turn == 1 and (left == before or all(isinstance(part, Leaf) for part in every)):
            break
    return left


def never(made: Formula, known: Known, cosmos: Cosmos) -> bool:
    """Is it certainly false of every player of whom this much is known?"""
    return assumed(made, known, cosmos, value=True) is None


def always(made: Formula, known: Known, cosmos: Cosmos) -> bool:
    """Is it certainly true of them?"""
    return assumed(made, known, cosmos, value=False) is None


def _leaf(leaf: Leaf, known: Known, cosmos: Cosmos, *, value: bool) -> Known | None:
    sides = cosmos.sides(leaf)
    before = known.get(leaf.subject)
    left = sides.true if value else sides.false
    if before is not None:
        left &= before
        if left == before:
            return known
    return {**known, leaf.subject: left} if left else None


def _one_of(parts: Sequence[Formula], known: Known, cosmos: Cosmos, *, value: bool) -> Known | None:
    return _joined(known, (assumed(part, known, cosmos, value=value) for part in parts))


def _joined(known: Known, ways: Iterable[Known | None]) -> Known | None:
    """What is known whichever of the ways it is; those that cannot be are None."""
    possible = [way for way in ways if way is not None]
    if not possible:
        return None
    first, *others = possible
    shared = {place for place in first if all(place in other for other in others)}
    joined = {place: first[place] for place in shared}
    for other in others:
        for place in shared:
            joined[place] |= other[place]
    return {**known, **joined}


def _several(parts: Sequence[Formula], n: int, known: Known, cosmos: Cosmos, *, value: bool) -> Known | None:
    """At least `n` of the parts have this value."""
    possible = [part for part in parts if assumed(part, known, cosmos, value=value) is not None]
    if len(possible) < n:
        return None
    if comb(len(possible), n) > _MOST_CHOICES:
        return known
    choices = combinations(possible, n)
    return _joined(known, (together(chosen, known, cosmos, value=value) for chosen in choices))


def smallest(parts: Sequence[T], enough: Callable[[Sequence[T]], bool]) -> tuple[T, ...]:
    """Those of the parts without which it would not be enough; `enough` holds of all of them."""
    kept = list(parts)
    for part in parts:
        fewer = [one for one in kept if one is not part]
        if enough(fewer):
            kept = fewer
    return tuple(kept)
