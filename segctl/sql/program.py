"""What a run must know and combine, as plain data: facts, atoms, rules over atoms, algebra over members.

All segments of a run share one program, so equal parts of different segments are one entry. Entries refer to
each other by their index and stand after what they refer to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from segctl.model.catalog import EventTable, Measure, PlayerTable
from segctl.model.operators import FieldType
from segctl.model.rule import GroupWord, Rule, Test
from segctl.model.time import Duration, Window


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


@dataclass(frozen=True, slots=True)
class BucketFact:
    """Where a player stands in a persistent split, in percent."""

    salt: str


@dataclass(frozen=True, slots=True)
class SequenceFact:
    """Did events of these steps (a table and a filter each) happen one after the other in a window?"""

    steps: tuple[tuple[EventTable, Rule | None], ...]
    window: Window
    within: Duration | None


@dataclass(frozen=True, slots=True)
class EnteredFact:
    """The latest of some instants, missing where one of others is not before it. All are numbers of facts."""

    enters: tuple[int, ...]
    exits: tuple[int, ...]


Fact = StoredFact | AgeFact | FeatureFact | DerivedFact | BucketFact | SequenceFact | EnteredFact


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
    n: int = 0


Node = Leaf | Branch


@dataclass(frozen=True, slots=True)
class Fragment:
    """The players for whom a node holds."""

    node: int


@dataclass(frozen=True, slots=True)
class Everyone:
    """All players of the warehouse. Lists name others too, of whom no rule holds."""


@dataclass(frozen=True, slots=True)
class MembersOf:
    """The members of another segment of the run, in the same world."""

    segment: Key


@dataclass(frozen=True, slots=True)
class Given:
    """Members that no rule makes: a list, or a snapshot taken earlier. Whoever runs the program brings them."""

    segment: Key


@dataclass(frozen=True, slots=True)
class SinceOf:
    """The members of another segment whose latest joining passes the tests."""

    segment: Key
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class WasOf:
    """Who was a member of another segment at some moment of a window."""

    segment: Key
    window: Window


@dataclass(frozen=True, slots=True)
class Combined:
    """Sets combined as a group combines conditions; `none` is taken from all players of the warehouse."""

    word: GroupWord
    parts: tuple[Algebra, ...]
    n: int = 0


@dataclass(frozen=True, slots=True)
class Without:
    """A set less another."""

    of: Algebra
    less: Algebra


@dataclass(frozen=True, slots=True)
class Limited:
    """The first of a set by a fact: `top` of them, or `percent`, from the highest value if `descending`."""

    of: Algebra
    fact: int
    top: int | None
    percent: Decimal | None
    descending: bool


Algebra = Fragment | Everyone | MembersOf | Given | SinceOf | WasOf | Combined | Without | Limited

World = Literal["old", "new"]
Key = tuple[World, str]


def part_key(key: Key, part: str) -> Key:
    """The key of something that belongs to a segment and is brought from outside; no segment has a space in it."""
    return key[0], f"{key[1]} {part}"


def parts_of(algebra: Algebra) -> Iterator[Algebra]:
    """An algebra and everything in it."""
    yield algebra
    match algebra:
        case Combined(_, parts):
            for part in parts:
                yield from parts_of(part)
        case Without(of, less):
            yield from parts_of(of)
            yield from parts_of(less)
        case Limited(of):
            yield from parts_of(of)
        case Fragment() | Everyone() | MembersOf() | Given() | SinceOf() | WasOf():
            pass


def made_of(fact: Fact) -> tuple[int, ...]:
    """The numbers of the facts that a fact is made of."""
    match fact:
        case AgeFact(of):
            return (of,)
        case DerivedFact(_, left, right):
            return left, right
        case EnteredFact(enters, exits):
            return *enters, *exits
        case StoredFact() | FeatureFact() | BucketFact() | SequenceFact():
            return ()


@dataclass(frozen=True, slots=True)
class Program:
    """Everything that one run evaluates. `segments` is in dependency order.

    `entered` gives for a triggered segment the number of the fact that says when a player entered.
    """

    player: PlayerTable
    facts: tuple[Fact, ...]
    atoms: tuple[Atom, ...]
    nodes: tuple[Node, ...]
    segments: Mapping[Key, Algebra]
    entered: Mapping[Key, int] = field(default_factory=dict)
