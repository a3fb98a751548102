"""A walk through a rule: what can never be true where it stands, what changes nothing there, what is around it.

Whether a part matters depends on its neighbours: in `all` it is asked where the others are true, in `any` and
`none` where they are false. That holds at every depth. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Literal

from segctl.lint.formula import Cosmos, Formula, Leaf, Many
from segctl.lint.known import NOTHING, Known, always, assumed, never, smallest, together
from segctl.model.rule import Group

_WIDE = 200  # beyond this, parts are not held against each other one by one
_MISSING = {"is_set": True, "is_empty": False}  # negated or not
Around = tuple[tuple[tuple[Formula, ...], bool], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A part that is `never` or `always` true where it stands, or `spare`: it changes nothing beside `because`.

    For `never` and `always`, `because` are those of its parts that are enough for it; none if it is so by itself.
    `given` are conditions further out that it is so because of.
    """

    what: Literal["never", "always", "spare"]
    part: Formula
    because: tuple[Formula, ...] = ()
    root: bool = False
    given: tuple[Formula, ...] = ()
    parent: Formula | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A condition or group where it stands. `negated`: an odd number of `none` stand above it.

    `around` are its neighbours, its parents' neighbours and so on, each with the value at which the part matters.
    """

    part: Formula
    negated: bool
    around: Around
    parent: Formula | None = None


@dataclass(slots=True)
class Walk:
    """What a walk has met."""

    cosmos: Cosmos
    found: list[Found] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)


def walked(made: Formula, cosmos: Cosmos) -> Walk:
    """Goes through a rule from its root. Below what never or always holds nothing more is looked for."""
    walk = Walk(cosmos)
    if never(made, NOTHING, cosmos):
        part, because = impossible(made, NOTHING, cosmos)
        walk.found.append(Found("never", part, because, root=True))
    elif always(made, NOTHING, cosmos):
        walk.found.append(Found("always", made, _certain(made, cosmos), root=True))
    else:
        _visit(made, NOTHING, Visit(made, negated=False, around=()), walk)
    return walk


def given(visit: Visit, cosmos: Cosmos, known: Known = NOTHING) -> Known | None:
    """What is known of a player for whom the part matters."""
    left: Known | None = known
    for parts, value in visit.around:
        left = None if left is None else together(parts, left, cosmos, value=value)
    return left


def impossible(made: Formula, known: Known, cosmos: Cosmos) -> tuple[Formula, tuple[Formula, ...]]:
    """The innermost part that can never be true, and those of its parts that exclude each other."""
    if isinstance(made, Leaf) or not isinstance(made.rule, Group) or made.word not in ("all", "none"):
        return made, ()
    value = made.word == "all"
    if len(made.parts) > _WIDE:
        return made, ()
    because = smallest(made.parts, lambda parts: together(parts, known, cosmos, value=value) is None)
    if len(because) == 1 and value:
        return impossible(because[0], known, cosmos)
    return made, because


def _certain(made: Formula, cosmos: Cosmos) -> tuple[Formula, ...]:
    if isinstance(made, Leaf) or made.word != "any" or len(made.parts) > _WIDE:
        return ()
    return smallest(made.parts, lambda parts: together(parts, NOTHING, cosmos, value=False) is None)


def _visit(made: Formula, known: Known, visit: Visit, walk: Walk) -> None:
    walk.visits.append(visit)
    if isinstance(made, Leaf) or not isinstance(made.rule, Group):
        return
    match made.word:
        case "all":
            _beside(made, known, visit, walk, value=True)
        case "any" | "none":
            _beside(made, known, visit, walk, value=False)
        case _:
            for part in made.parts:
                _counted(part, known, made, visit, walk)


def _beside(made: Many, known: Known, visit: Visit, walk: Walk, *, value: bool) -> None:
    """Each part, from the last: of two that say the same, the first one is kept."""
    if len(made.parts) > _WIDE:
        for part in made.parts:
            _visit(part, known, Visit(part, visit.negated ^ (made.word == "none"), visit.around, made), walk)
        return
    kept = list(made.parts)
    reach = {id(part): subjects(part) for part in made.parts}
    negated = visit.negated ^ (made.word == "none")
    for part in reversed(made.parts):
        others = tuple(one for one in kept if one is not part)
        met = reach[id(part)] & frozenset(known).union(*(reach[id(one)] for one in others))
        left = together(others, known, walk.cosmos, value=value) if met else known
        if left is None:
            continue
        found = _judged(part, made, others, known, left, walk.cosmos)
        if found is not None:
            walk.found.append(_with_given(found, visit, walk.cosmos))
            kept.remove(part)
        else:
            around = (*visit.around, (others, value))
            _visit(part, left, Visit(part, negated, around, made), walk)


def _judged(
    part: Formula, made: Many, others: Sequence[Formula], known: Known, left: Known, cosmos: Cosmos
) -> Found | None:
    if made.word != "all" and never(part, known, cosmos):
        inner, because = impossible(part, known, cosmos)
        return Found("never", inner, because, parent=made)
    if _says_missing(part) or not _is_spare(part, made, left, cosmos):
        return None

    def enough(parts: Sequence[Formula]) -> bool:
        rest = together(parts, known, cosmos, value=made.word == "all")
        return rest is None or _is_spare(part, made, rest, cosmos)

    return Found("spare", part, smallest(others, enough), parent=made)


def _says_missing(part: Formula) -> bool:
    """`is_set: false` beside `ne` changes nothing, and says that a missing value is meant."""
    return isinstance(part, Leaf) and part.test.op in _MISSING and part.negated is _MISSING[part.test.op]


def _is_spare(part: Formula, made: Many, left: Known, cosmos: Cosmos) -> bool:
    return assumed(part, left, cosmos, value=made.word != "all") is None


def _counted(part: Formula, known: Known, made: Many, visit: Visit, walk: Walk) -> None:
    """A part of `at_least`: nothing is known of the others."""
    if never(part, known, walk.cosmos):
        inner, because = impossible(part, known, walk.cosmos)
        walk.found.append(_with_given(Found("never", inner, because, parent=made), visit, walk.cosmos))
    elif always(part, known, walk.cosmos):
        walk.found.append(_with_given(Found("always", part, parent=made), visit, walk.cosmos))
    else:
        _visit(part, known, Visit(part, visit.negated, visit.around, made), walk)


def _with_given(found: Found, visit: Visit, cosmos: Cosmos) -> Found:
    """Adds those neighbours further out without which it would not be so."""
    pairs = [(part, value) for parts, value in visit.around for part in parts]

    def enough(some: Sequence[tuple[Formula, bool]]) -> bool:
        known: Known | None = NOTHING
        for part, value in some:
            known = None if known is None else together((part,), known, cosmos, value=value)
        return known is None or _stands(found, known, cosmos)

    return replace(found, given=tuple(part for part, _ in smallest(pairs, enough))) if enough(pairs) else found


def _stands(found: Found, known: Known, cosmos: Cosmos) -> bool:
    match found.what:
        case "never":
            return never(found.part, known, cosmos)
        case "always":
            return always(found.part, known, cosmos)
        case "spare":
            parent = found.parent
            if not isinstance(parent, Many):
                return False
            left = together(found.because, known, cosmos, value=parent.word == "all")
            return left is None or _is_spare(found.part, parent, left, cosmos)


def subjects(made: Formula) -> frozenset[int]:
    """What a formula asks about."""
    if isinstance(made, Leaf):
        return frozenset((made.subject,))
    return reduce(frozenset.union, (subjects(part) for part in made.parts), frozenset())


def leaves_of(made: Formula) -> Iterator[Leaf]:
    """Its single tests."""
    if isinstance(made, Leaf):
        yield made
    else:
        for part in made.parts:
            yield from leaves_of(part)
