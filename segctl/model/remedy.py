"""What would let a player in: the fewest conditions that would have to be otherwise. Pure.

Conditions are taken one by one: whether two of them can be true of one player together is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable

from segctl.model.comparison import combined
from segctl.model.reasons import Part
from segctl.model.rule import Group
from segctl.model.verdict import Verdict, conditions

Obstacle = Part | Verdict


def remedy(parts: Iterable[Part]) -> tuple[Obstacle, ...]:
    """The fewest parts and conditions that would have to say the opposite; the first, where several would do."""
    found: list[Obstacle] = []
    for part in parts:
        if not part.holds:
            found += [part] if part.verdict is None else _fewest(part.verdict, wanted=True)
    return tuple(found)


def in_the_way(parts: Iterable[Part]) -> list[Obstacle]:
    """Each part or condition that, by itself, keeps a player out: if it were otherwise, they would be in."""
    failing = [part for part in parts if not part.holds]
    if len(failing) != 1:
        return []
    part = failing[0]
    if part.verdict is None:
        return [part]
    return [leaf for leaf in conditions(part.verdict) if _with(part.verdict, leaf)]


def _with(tree: Verdict, flipped: Verdict) -> bool:
    """Whether a tree would hold, if one of its conditions did what it does not."""
    if tree is flipped:
        return not tree.holds
    match tree.rule:
        case Group(word, _, _, n) if tree.parts:
            return combined(word, (_with(part, flipped) for part in tree.parts), n)
        case _ if tree.parts:
            return _with(tree.parts[0], flipped)
        case _:
            return tree.holds


def _fewest(tree: Verdict, *, wanted: bool) -> list[Verdict]:
    """The conditions to turn so that the tree says what is wanted."""
    if tree.holds == wanted:
        return []
    if not isinstance(tree.rule, Group):
        return _fewest(tree.parts[0], wanted=wanted) if tree.parts else [tree]
    group, right = tree.rule, wanted != (tree.rule.word == "none")
    turned = [_fewest(part, wanted=right) for part in tree.parts if part.holds != right]
    needed = sorted(turned, key=len)[: len(turned) - _spared(group, right=right)]
    return [leaf for part in turned if any(part is one for one in needed) for leaf in part]


def _spared(group: Group, *, right: bool) -> int:
    """How many parts of a group may stay wrong, where its parts should be `right`."""
    every = len(group.rules)
    match group.word, right:
        case ("all", True) | ("any" | "none", False):
            return 0
        case ("all", False) | ("any" | "none", True):
            return every - 1
        case _, True:
            return every - group.n
        case _:
            return group.n - 1
