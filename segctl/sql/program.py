"""What a run must know and combine, as plain data: facts, atoms, rules over atoms, algebra over members.

All segments of a run share one program, so equal parts of different segments are one entry. Entries refer to
each other by their index and stand after what they refer to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from segctl.model.catalog import EventTable, Measure, PlayerTable
from segctl.model.operators import FieldType
from segctl.model.rule import GroupWord, Rule, Test
from segctl.model.time import Window


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A column of the player table (`table` is None) or of a table beside it; `list` columns hold many values."""

    type: FieldType
    column: str
    table: str | None
    player: str
    timezone: str | None


@dataclass(frozen=True, slots=True)
class AgeFact:
    """Whole years since a stored date."""

    of: int


@dataclass(frozen=True, slots=True)
class FeatureFact:
    """A measure of a player's events in a window. `keys` narrows by dimension: column and allowed values."""

    type: FieldType
    events: EventTable
    where: Rule | None
    measure: Measure
    window: Window
    keys: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """`subtract` or `ratio` of two facts."""

    kind: Literal["subtract", "ratio"]
    left: int
    right: int


Fact = StoredFact | AgeFact | FeatureFact | DerivedFact


@dataclass(frozen=True, slots=True)
class Atom:
    """One fact held against one test: true or false for every player."""

    fact: int
    type: FieldType
    test: Test


@dataclass(frozen=True, slots=True)
class Leaf:
    """A node that is one atom."""

    atom: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A node that combines other nodes, sorted and without repeats."""

    word: GroupWord
    parts: tuple[int, ...]


Node = Leaf | Branch


@dataclass(frozen=True, slots=True)
class Fragment:
    """The players for whom a node holds."""

    node: int


@dataclass(frozen=True, slots=True)
class MembersOf:
    """The members of another segment of the run, in the same world."""

    segment: Key


@dataclass(frozen=True, slots=True)
class Given:
    """Members that no rule makes: a list, or a snapshot taken earlier. Whoever runs the program brings them."""

    segment: Key


@dataclass(frozen=True, slots=True)
class Combined:
    """Sets combined as a group combines conditions; `none` is taken from all players of the warehouse."""

    word: GroupWord
    parts: tuple[Algebra, ...]


Algebra = Fragment | MembersOf | Given | Combined

World = Literal["old", "new"]
Key = tuple[World, str]


@dataclass(frozen=True, slots=True)
class Program:
    """Everything that one run evaluates. `segments` is in dependency order."""

    player: PlayerTable
    facts: tuple[Fact, ...]
    atoms: tuple[Atom, ...]
    nodes: tuple[Node, ...]
    segments: Mapping[Key, Algebra]
