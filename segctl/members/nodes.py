"""Atoms become nodes: bits of a slice are combined as the program says. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from segctl.members.bitmaps import Packed
from segctl.members.truths import Truths
from segctl.sql.program import Branch, Leaf


@dataclass(slots=True)
class Nodes:
    """Of one slice; each node is combined once."""

    truths: Truths
    known: dict[int, Packed] = field(default_factory=dict)

    def node(self, number: int) -> Packed:
        """The players for whom a node of the program holds; places where nobody stands may hold anything."""
        if number not in self.known:
            self.known[number] = self._combined(number)
        return self.known[number]

    def _combined(self, number: int) -> Packed:
        match self.truths.program.nodes[number]:
            case Leaf(atom):
                return self.truths.atom(atom)
            case Branch("at_least", parts, n):
                return self._at_least(parts, n)
            case Branch(word, parts):
                bits = self.node(parts[0]).copy()
                combine = np.bitwise_and if word == "all" else np.bitwise_or
                for part in parts[1:]:
                    combine(bits, self.node(part), out=bits)
                return ~bits & self.truths.everyone if word == "none" else bits

    def _at_least(self, parts: tuple[int, ...], n: int) -> Packed:
        """`counted[i]` holds who is in more than i of the parts seen."""
        counted = [np.zeros_like(self.truths.everyone) for _ in range(n)]
        for part in parts:
            bits = self.node(part)
            for i in range(n - 1, 0, -1):
                counted[i] |= counted[i - 1] & bits
            counted[0] |= bits
        return counted[-1]
