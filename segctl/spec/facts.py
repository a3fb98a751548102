"""Facts of a made-up player, as a segment test writes them → facts for the oracle, read by their types."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from segctl.model.catalog import AgeOf, Attribute, Catalog, Column, Difference, EventTable, Score
from segctl.model.facts import Fact
from segctl.model.operators import FieldType
from segctl.spec.moments import read_date_or_moment
from segctl.spec.node import Entry, Mapping, Node, Scalar, Sequence
from segctl.spec.operand import OPERANDS
from segctl.spec.page import Page, shown
from segctl.spec.scalar import boolean, integer, is_null, kind_of
from segctl.spec.scope import Scope, Subject

AT = "at"
Rows = tuple[dict[str, Fact], ...]


@dataclass(frozen=True, slots=True)
class ReadFact:
    """One key of a player: the value of an attribute, or rows of an event table or of a score."""

    name: str
    value: Fact = None
    table: str = ""
    rows: Rows = ()


@dataclass(slots=True)
class FactReader:
    """Reads facts over one catalog. What two players share (`like`) is read once, and its mistakes are told once.

    `start` is the instant of the first step, when a score without `at` was made.
    """

    page: Page
    scope: Scope
    catalog: Catalog
    start: datetime | None
    known: dict[int, ReadFact | None] = field(default_factory=dict)

    def fact(self, entry: Entry) -> ReadFact | None:
        """What a key and its value say; None with the mistakes noted."""
        key, node = entry
        if id(node) not in self.known:
            self.known[id(node)] = self._fact(key, node)
        return self.known[id(node)]

    def _fact(self, key: Scalar, node: Node) -> ReadFact | None:
        name = key.text
        if (events := self.catalog.events.get(name)) is not None:
            rows = _events(self.page, node, events, self.scope.events[name].subjects)
            return None if rows is None else ReadFact(name, table=name, rows=rows)
        field_ = self.catalog.field(name)
        match field_:
            case Attribute(source=Column()):
                return _attribute(self.page, node, self.scope.subjects[name])
            case Attribute(source=AgeOf() as age):
                hint = f"Write `{age.attribute}: 1990-01-31`."
                self.page.mistake("SEG504", key, f"`{name}` is counted from `{age.attribute}`.", hint)
            case Score():
                return self._score(node, field_)
            case None:
                self._unknown(key)
            case _:
                hint = f"Write events: {', '.join(f'`{each}`' for each in self.catalog.events)}."
                self.page.mistake("SEG504", key, f"`{name}` is made of events.", hint)
        return None

    def _unknown(self, key: Scalar) -> None:
        name = key.text
        if name in self.scope.unsure or name in self.scope.unsure_events or not self.scope.complete:
            return
        hint = self.page.did_you_mean(name, [*self.catalog.attributes, *self.catalog.events, *self.catalog.scores])
        self.page.mistake(
            "SEG101", key, f"{self.scope.owner} has no attribute or event table {shown(name)}.", hint
        )

    def _score(self, node: Node, score: Score) -> ReadFact | None:
        """A value of the first step, or a list of values, each with the instant `at` which it was made."""
        subject, table = self.scope.subjects[score.name], score.rows
        fixed: dict[str, Fact] = {name: values[0] for name, values in score.where}
        if is_null(node):
            return ReadFact(score.name, table=table.name)
        if type(node) is not Sequence:
            value = _value(self.page, node, subject)
            if value is None or self.start is None:
                return None
            return ReadFact(
                score.name, table=table.name, rows=({**fixed, **_scored(score, value, self.start, 1)},)
            )
        rows: list[dict[str, Fact]] = []
        for item in node.items:
            pair = _pair(self.page, item, score.name)
            value = None if pair is None else _value(self.page, pair[0], subject)
            at = None if pair is None else read_moment(self.page, pair[1], f"`{AT}`")
            if value is not None and at is not None:
                rows.append({**fixed, **_scored(score, value, at, len(rows) + 1)})
        return ReadFact(score.name, table=table.name, rows=tuple(rows)) if len(rows) == len(node.items) else None


def read_moment(page: Page, node: Node, what: str) -> datetime | None:
    """A point in time with its zone; a day alone is none."""
    found = read_date_or_moment(page, node, what=what)
    if found is None or isinstance(found, datetime):
        return found
    detail = f"{what} takes a point in time, and {found.isoformat()} is a day."
    page.mistake("SEG208", node, detail, f"Write `{found.isoformat()}T00:00:00Z`.")
    return None


def _attribute(page: Page, node: Node, subject: Subject) -> ReadFact | None:
    if is_null(node):
        return ReadFact(subject.name)
    if subject.type != "list":
        value = _value(page, node, subject)
        return None if value is None else ReadFact(subject.name, value)
    if type(node) is not Sequence:
        page.mistake("SEG201", node, f"`{subject.name}` takes a list.", f"Write `{subject.name}: [a, b]`.")
        return None
    texts = [text for item in node.items if (text := _value(page, item, subject)) is not None]
    if len(texts) < len(node.items):
        return None
    return ReadFact(subject.name, tuple(dict.fromkeys(str(text) for text in texts)) or None)


def _value(page: Page, node: Node, subject: Subject) -> Fact:
    """One value as the catalog's type keeps it."""
    if subject.type == "datetime":
        return read_moment(page, node, f"`{subject.name}`")
    found = OPERANDS["eq"](page, "eq", node, subject)
    return _stored(found, subject.type)


def _stored(value: object, kind: FieldType) -> Fact:
    if isinstance(value, Decimal):
        return float(value) if kind == "number" else value
    return value  # type: ignore[return-value]  # `eq` reads one value of the field's type


def _events(page: Page, node: Node, table: EventTable, subjects: ReadOnly[str, Subject]) -> Rows | None:
    """The events of one player in one table, with ids in the order written where none are given."""
    if is_null(node):
        return ()
    if type(node) is not Sequence:
        page.mistake("SEG201", node, f"`{table.name}` takes a list of events.", f"Write `{_example(table)}`.")
        return None
    rows = [row for item in node.items if (row := _event(page, item, table, subjects)) is not None]
    if len(rows) < len(node.items):
        return None
    given = [row for row in rows if table.id in row]
    if given and len(given) < len(rows):
        detail = f"Some events have a `{table.id}` and others have none."
        page.mistake("SEG103", node, detail, "Give one to each, or to none: then they are numbered as written.")
        return None
    if len({row[table.id] for row in given}) < len(given):
        page.mistake("SEG107", node, f"Two events have the same `{table.id}`.", "Give each its own.")
        return None
    whole = all(isinstance(row[table.id], int) for row in given)
    return tuple(
        {**row, table.id: row[table.id] if whole else str(row[table.id])} if given else {**row, table.id: number}
        for number, row in enumerate(rows, 1)
    )


def _event(page: Page, node: Node, table: EventTable, subjects: ReadOnly[str, Subject]) -> dict[str, Fact] | None:
    if type(node) is not Mapping:
        page.mistake("SEG201", node, f"An event of `{table.name}` is a mapping.", f"Write `{_example(table)}`.")
        return None
    before = len(page.mistakes)
    row: dict[str, Fact] = {}
    for name, (key, value) in node.entries.items():
        if name == table.time or (name == AT and AT not in subjects):
            row[table.time] = read_moment(page, value, f"`{name}`")
        elif name == table.id and name not in subjects:
            row[table.id] = _identity(page, value)
        else:
            row[name] = _column(page, key, value, table, subjects)
    if table.time not in row:
        detail = f"An event of `{table.name}` needs the time at which it happened."
        page.mistake("SEG505", node, detail, f"Write `{table.time}: 2026-11-01T10:00:00Z`.")
    return row if len(page.mistakes) == before else None


def _column(page: Page, key: Scalar, node: Node, table: EventTable, subjects: ReadOnly[str, Subject]) -> Fact:
    subject = subjects.get(key.text)
    if subject is None:
        hint = page.did_you_mean(key.text, [*subjects, table.time])
        page.mistake("SEG101", key, f"The event `{table.name}` has no field {shown(key.text)}.", hint)
        return None
    match table.column(key.text).source:
        case Difference(minuend, subtrahend):
            detail = f"`{key.text}` is `{minuend}` minus `{subtrahend}`."
            page.mistake("SEG504", key, detail, "Write the two columns that it is made of.")
            return None
        case str():
            return None if is_null(node) else _value(page, node, subject)


def _identity(page: Page, node: Node) -> Fact:
    if type(node) is not Scalar or is_null(node):
        page.mistake("SEG201", node, "The id of an event is one text or number.")
        return None
    short = kind_of(node) == "integer" and len(node.text) < 19
    return integer(node.text) if short and boolean(node) is None else node.text


def _scored(score: Score, value: Fact, at: datetime, number: int) -> dict[str, Fact]:
    identity: dict[str, Fact] = {score.id: number} if score.id is not None else {}
    return {score.value: value, score.time: at, **identity}


def _pair(page: Page, node: Node, name: str) -> tuple[Node, Node] | None:
    if type(node) is Mapping and set(node.entries) == {"value", AT}:
        return node.entries["value"][1], node.entries[AT][1]
    hint = f"Write `{name}: [{{value: …, at: 2026-11-01T10:00:00Z}}]`."
    page.mistake("SEG201", node, "A value of a score is a mapping with `value` and `at`.", hint)
    return None


def _example(table: EventTable) -> str:
    return f"{table.name}: [{{{table.time}: 2026-11-01T10:00:00Z}}]"
