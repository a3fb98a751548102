"""What is left after each condition of a segment: the steps in the order in which they stand. Plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from segctl.model.rule import Group, Rule
from segctl.model.time import Lifetime, Window

StepWord = Literal["start", "condition", "group", "include", "exclude", "guard", "scope", "limit", "result"]


@dataclass(frozen=True, slots=True)
class Place:
    """A condition or a group of a rule, with the range that scopes it, and how deep it stands.

    `counts` says that it narrows what the conditions above it have left: it stands below nothing but `all`.
    `ranged` says that no line above it tells its range.
    """

    rule: Rule
    window: Window
    depth: int
    counts: bool
    ranged: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One line: of how many players it is true alone, and how many are left after it; None where it is no cut."""

    word: StepWord
    depth: int = 0
    place: Place | None = None
    alone: int | None = None
    left: int | None = None

    @property
    def cuts(self) -> bool:
        """Does it narrow what is left?"""
        return self.left is not None


@dataclass(frozen=True, slots=True)
class Funnel:
    """All steps of a segment; `players` counts those of the warehouse.

    `kept` says that a snapshot taken earlier is where they start, `declared` that the files say what is asked.
    """

    segment: str
    type: str
    purpose: str
    players: int
    steps: tuple[Step, ...]
    kept: bool = False
    declared: bool = False

    @property
    def members(self) -> int:
        """Who is left after the last step."""
        return self.steps[-1].left or 0


def one_ranged(rule: Rule) -> bool:
    """Is it a range around one part alone? It says no more than that part within the range."""
    return isinstance(rule, Group) and rule.word == "all" and rule.during is not None and len(rule.rules) == 1


def places(
    rule: Rule, window: Window | None = None, depth: int = 0, *, counts: bool = True, ranged: bool = False
) -> Iterator[Place]:
    """A rule and everything in it, in the order in which it stands; a group comes before its parts.

    A range around one part alone is left out: the part tells it.
    """
    own = window or Lifetime()
    match rule:
        case Group(_, (part,), during, _) if one_ranged(rule):
            yield from places(part, during, depth, counts=counts, ranged=True)
        case Group(word, rules, during, _):
            yield Place(rule, own, depth, counts, ranged)
            for part in rules:
                yield from places(part, during or own, depth + 1, counts=counts and word == "all")
        case _:
            yield Place(rule, own, depth, counts, ranged)


def is_cut(place: Place) -> bool:
    """Does it narrow by itself? The parts of an `all` do, and the parts of other groups only together."""
    return place.counts and not (isinstance(place.rule, Group) and place.rule.word == "all")


def costliest(funnel: Funnel, share: float = 0.9) -> Step | None:
    """The condition that by itself keeps out the most, if that is more than a `share` of all players."""
    known = [step for step in funnel.steps if step.word == "condition" and step.cuts and step.alone is not None]
    found = min(known, key=lambda step: step.alone or 0, default=None)
    if found is None or (found.alone or 0) > (1 - share) * funnel.players:
        return None
    return found
