"""What leaves the slices of players: bitmaps of nodes, and the facts that are asked for later. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from segctl.members.bitmaps import bitmap
from segctl.members.columns import Column, Lists, chosen
from segctl.members.later import asked_later
from segctl.members.limits import Ids, Ranks, ranks
from segctl.members.nodes import Nodes
from segctl.members.truths import Truths
from segctl.sql.program import Algebra, Fragment, Program, parts_of

_Parts = list[tuple[NDArray[Any], Column]]


@dataclass(slots=True)
class Gathered:
    """Everything that slices have brought so far."""

    program: Program
    everyone: BitMap = field(default_factory=BitMap)
    fragments: dict[int, BitMap] = field(init=False)
    later: dict[int, _Parts] = field(init=False)

    def __post_init__(self) -> None:
        """Begins with nobody."""
        nodes = sorted({node for algebra in self.program.segments.values() for node in _fragments(algebra)})
        self.fragments = {node: BitMap() for node in nodes}
        self.later = {fact: [] for fact in asked_later(self.program)}

    def take(self, truths: Truths) -> None:
        """Adds what is true of a slice."""
        mine = truths.players
        self.everyone |= bitmap(truths.everyone, mine.numbers, mine.count)
        nodes = Nodes(truths)
        for node in self.fragments:
            # where nobody stands, an atom may say anything
            self.fragments[node] |= bitmap(nodes.node(node) & truths.everyone, mine.numbers, mine.count)
        for fact in self.later:
            self.later[fact] += _by_number(truths, fact)

    def ranks(self, ids: Ids) -> dict[int, Ranks]:
        """The values of the facts that are asked for."""
        return {fact: ranks(parts, ids) for fact, parts in self.later.items()}


def _by_number(truths: Truths, fact: int) -> _Parts:
    parts, numbers, present = truths.kept(fact), truths.players.numbers, truths.players.present
    bounds = [*(start for start, _ in parts), len(numbers)]
    found: _Parts = []
    for (start, values), end in zip(parts, bounds[1:], strict=True):
        assert not isinstance(values, Lists)  # noqa: S101 - only single values rank
        there = np.flatnonzero(present[start:end])
        found.append((numbers[start:end][there], chosen(values, there)))
    return found


def _fragments(algebra: Algebra) -> Iterable[int]:
    return (part.node for part in parts_of(algebra) if isinstance(part, Fragment))
