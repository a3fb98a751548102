"""The catalog: which fields a rule may use, and where they live in the operator's database. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from segctl.model.operators import FieldType
from segctl.model.rule import Compare, Group, Rule, Test
from segctl.model.time import Duration, Lifetime, Rolling, Window


@dataclass(frozen=True, slots=True)
class Column:
    """A stored column. `table` is None for the player table; `timezone` is declared for naive timestamps."""

    column: str
    table: str | None = None
    player: str | None = None  # the other table's player column; None means it is called as the player key
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class AgeOf:
    """Whole years since a date attribute, counted on local days."""

    attribute: str


@dataclass(frozen=True, slots=True)
class About:
    """What people read of a field. None of it changes a result."""

    title: str = ""
    group: str = ""
    description: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One value a player (or, for `list`, any number of strings). `values` lists the allowed texts, if closed."""

    name: str
    type: FieldType
    source: Column | AgeOf
    values: tuple[str, ...] = ()
    pii: bool = False
    about: About = field(default=About(), compare=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """A column computed as one column of the event minus another, both by their names in the catalog."""

    minuend: str
    subtrahend: str


@dataclass(frozen=True, slots=True)
class EventColumn:
    """A column of an event. `source` is the stored column's name (of money: in the base currency)."""

    name: str
    type: FieldType
    source: str | Difference
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventTable:
    """A table with one row an event. `time` orders it, `id` breaks ties."""

    name: str
    table: str
    id: str
    player: str
    time: str
    columns: tuple[EventColumn, ...]
    ingested: str | None = None
    updated: str | None = None
    timezone: str | None = None

    def column(self, name: str) -> EventColumn:
        """The column called `name`. Raises: KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


MeasureKind = Literal[
    "sum", "count", "exists", "distinct", "count_days", "first", "last", "nth", "avg", "min", "max"
]


@dataclass(frozen=True, slots=True)
class Measure:
    """What is made of a player's matching events.

    `column` is an event column, or None for the event's time (of `first`, `last`, `nth`) and for what counts
    rows. `n` is the ordinal of `nth`, from 1.
    """

    kind: MeasureKind
    column: str | None = None
    n: int = 1

    @property
    def ordinal(self) -> int:
        """Which event, from the first, `first` and `nth` speak of."""
        return self.n if self.kind == "nth" else 1


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A measure over the events of one table that pass `where` (a rule over that table's columns)."""

    events: str
    measure: Measure
    where: Rule | None = None


@dataclass(frozen=True, slots=True)
class ByMoney:
    """An aggregate in three variants; a rule's `money:` chooses."""

    real: Aggregate
    bonus: Aggregate
    both: Aggregate


@dataclass(frozen=True, slots=True)
class Derived:
    """`subtract` or `ratio` of two other metrics."""

    kind: Literal["subtract", "ratio"]
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Metric:
    """A value made of a player's events, for a lifetime or under `during`. `dimensions` are event columns."""

    name: str
    type: FieldType
    how: Aggregate | ByMoney | Derived
    dimensions: tuple[str, ...] = ()
    about: About = field(default=About(), compare=False)


@dataclass(frozen=True, slots=True)
class Score:
    """What a model says of a player: the latest value at or before now, missing past `max_age`.

    `where` narrows the table's rows by text columns. `id` breaks ties in time; without one the value does.
    `reasons` and `version` are columns that explain a value.
    """

    name: str
    type: FieldType
    table: str
    value: str
    time: str
    player: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    max_age: Duration | None = None
    id: str | None = None
    timezone: str | None = None
    reasons: str | None = None
    version: str | None = None
    values: tuple[str, ...] = ()
    about: About = field(default=About(), compare=False)

    @property
    def rows(self) -> EventTable:
        """Its table as one of events, so that a score is the last value of a window."""
        columns = [EventColumn(self.value, self.type, self.value)]
        columns += [EventColumn(name, "string", name) for name, _ in self.where if name != self.value]
        return EventTable(
            name=f"scores.{self.name}",
            table=self.table,
            id=self.id or self.value,
            player=self.player,
            time=self.time,
            columns=tuple(columns),
            timezone=self.timezone,
        )

    @property
    def how(self) -> Aggregate:
        """The latest value."""
        tests: list[Rule] = [Compare(name, (Test("in", values),)) for name, values in self.where]
        where = tests[0] if len(tests) == 1 else Group("all", tuple(tests)) if tests else None
        return Aggregate(f"scores.{self.name}", Measure("last", self.value), where)

    @property
    def window(self) -> Window:
        """No `during` changes it."""
        return Lifetime() if self.max_age is None else Rolling(self.max_age)


Field = Attribute | Metric | Score


@dataclass(frozen=True, slots=True)
class PlayerTable:
    """The table with one row a player."""

    table: str
    key: str
    updated_at: str | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """All fields by name. `currency` is the one in which all money is compared."""

    name: str
    currency: str
    player: PlayerTable
    attributes: Mapping[str, Attribute]
    events: Mapping[str, EventTable]
    metrics: Mapping[str, Metric]
    scores: Mapping[str, Score] = field(default_factory=dict)

    def field(self, name: str) -> Field | None:
        """The attribute, metric or score called `name`."""
        return self.attributes.get(name) or self.metrics.get(name) or self.scores.get(name)

    @property
    def fields(self) -> Mapping[str, Field]:
        """Everything that a condition may name."""
        return {**self.attributes, **self.metrics, **self.scores}
