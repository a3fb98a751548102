"""A made-up player, shaped until a condition sees a given value. Pure: each shape is a new sketch.

Shaping is a proposal: whether the value came out is asked of the oracle afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from segctl.model.catalog import AgeOf, Aggregate, Attribute, ByMoney, Derived, Measure, Metric, Score
from segctl.model.evaluate import field_value
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.invented import Quantity, Setting, event, invented
from segctl.model.measures import Event
from segctl.model.rule import Compare, Happened, Sequence, Step
from segctl.model.time import step_months

_HUNDRED = Decimal(100)
_SCORED_AGO = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sketch:
    """Facts so far, and the segments that the player is in."""

    attributes: Mapping[str, Fact] = field(default_factory=dict)
    events: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    member: frozenset[str] = frozenset()

    def facts(self, player: str) -> PlayerFacts:
        """As the oracle knows a player."""
        known = {name: value for name, value in self.attributes.items() if value is not None}
        return PlayerFacts(player, known, self.events)


def with_field(sketch: Sketch, rule: Compare, value: Fact, setting: Setting) -> Sketch:
    """A player whose field has this value, as the condition looks at it. An age is set by its date of birth."""
    found = setting.catalog.field(rule.field)
    match found:
        case Attribute(name):
            source = found.source
            if isinstance(source, AgeOf):
                name, value = source.attribute, _born(value, setting)
            return replace(sketch, attributes={**sketch.attributes, name: value})
        case Score():
            return _scored(sketch, found, value, setting)
        case Metric():
            return _measured(sketch, found, rule, value, setting)
        case None:
            return sketch


def with_count(sketch: Sketch, rule: Happened, column: str | None, value: Fact, setting: Setting) -> Sketch:
    """A player with so many events, or with this sum of a column."""
    measure = Measure("count") if column is None else Measure("sum", column)
    return _with_events(sketch, Aggregate(rule.events, measure, rule.where), value, rule, setting)


def with_steps(sketch: Sketch, rule: Sequence, times: tuple[datetime, ...], setting: Setting) -> Sketch:
    """A player whose events of the steps happened at these times and at no others; none for no times."""
    events = {
        name: rows for name, rows in sketch.events.items() if name not in {step.events for step in rule.steps}
    }
    for step, at in zip(rule.steps, times, strict=False):
        events[step.events] = (*events.get(step.events, ()), _happening(step, at, setting))
    return replace(sketch, events={name: _numbered(rows, name, setting) for name, rows in events.items()})


def with_entry(
    sketch: Sketch,
    enter: Step,
    entered: datetime | None,
    leave: Step | None,
    left: datetime | None,
    setting: Setting,
) -> Sketch:
    """A player whom an event let in, and perhaps out again."""
    events = {name: rows for name, rows in sketch.events.items() if name != enter.events}
    for step, at in ((enter, entered), (leave, left)):
        if step is not None and at is not None:
            events[step.events] = (*events.get(step.events, ()), _happening(step, at, setting))
    return replace(sketch, events={name: _numbered(rows, name, setting) for name, rows in events.items()})


def _happening(step: Step, at: datetime, setting: Setting) -> Event:
    return event(setting.catalog.events[step.events], step.where, at, {})


def _numbered(rows: tuple[Event, ...], name: str, setting: Setting) -> tuple[Event, ...]:
    table = setting.catalog.events.get(name)
    if table is None:
        return rows
    ordered = sorted(rows, key=lambda row: str(row[table.time]))
    return tuple({**row, table.id: number} for number, row in enumerate(ordered, 1))


def _born(value: Fact, setting: Setting) -> Fact:
    """Whose birthday is today for a whole age; a date is the date of birth itself."""
    if isinstance(value, date) or not isinstance(value, int):
        return value if isinstance(value, date) else None
    return step_months(setting.clock.today, -12 * value)


def _scored(sketch: Sketch, score: Score, value: Fact, setting: Setting) -> Sketch:
    name = score.rows.name
    if value is None:
        return replace(sketch, events={**sketch.events, name: ()})
    row: dict[str, Fact] = {column: values[0] for column, values in score.where}
    row |= {score.value: value, score.time: setting.clock.as_of - _SCORED_AGO}
    if score.id is not None:
        row[score.id] = 1
    return replace(sketch, events={**sketch.events, name: (row,)})


def _measured(sketch: Sketch, metric: Metric, rule: Compare, value: Fact, setting: Setting) -> Sketch:
    match metric.how:
        case Derived(kind, left, right):
            return _derived(sketch, kind, Compare(left, ()), Compare(right, ()), value, setting)
        case ByMoney(real, bonus, both):
            chosen = {"real": real, "bonus": bonus, "both": both}[rule.money or "both"]
            return _with_events(sketch, chosen, value, rule, setting)
        case Aggregate() as aggregate:
            return _with_events(sketch, aggregate, value, rule, setting)


def _with_events(
    sketch: Sketch, aggregate: Aggregate, value: Fact, rule: Compare | Happened, setting: Setting
) -> Sketch:
    dimensions = rule.dimensions if isinstance(rule, Compare) else ()
    rows = invented(sketch.events.get(aggregate.events, ()), aggregate, value, setting, dimensions)
    return replace(sketch, events={**sketch.events, aggregate.events: rows})


def _derived(sketch: Sketch, kind: str, left: Compare, right: Compare, value: Fact, setting: Setting) -> Sketch:
    """One side makes up for the other: of a ratio the left one, of a difference the right one where it can."""
    other = _known(sketch, right, setting)
    if kind == "ratio":
        if value is None:
            return with_field(sketch, right, Decimal(0), setting)
        if other == 0:
            sketch, other = with_field(sketch, right, _HUNDRED, setting), _HUNDRED
        return with_field(sketch, left, _decimal(value) * other, setting)
    less = _known(sketch, left, setting) - _decimal(value)
    if less >= 0:
        return with_field(sketch, right, less, setting)
    return with_field(sketch, left, _decimal(value) + other, setting)


def _known(sketch: Sketch, rule: Compare, setting: Setting) -> Decimal:
    fact = field_value(
        rule.field, sketch.facts(""), catalog=setting.catalog, clock=setting.clock, window=setting.window
    )
    return _decimal(fact)


def _decimal(value: Fact) -> Decimal:
    return Decimal(str(value)) if isinstance(value, Quantity) else Decimal(0)
