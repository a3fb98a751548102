"""How a field comes about, in plain English: from which column, or of which events. Raw: made safe where shown."""

from __future__ import annotations

from collections.abc import Mapping

from segctl.model.canonical_rule import rule_document, window_document
from segctl.model.catalog import (
    AgeOf,
    Aggregate,
    Attribute,
    ByMoney,
    Catalog,
    Column,
    Derived,
    Difference,
    EventTable,
    Field,
    Measure,
    MeasureKind,
    Score,
)
from segctl.model.rule import Rule
from segctl.model.time import Rolling
from segctl.plan.document import FieldAbout
from segctl.view.english import sentence
from segctl.view.speech import Speech, duration

_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}
_MEASURES: dict[MeasureKind, str] = {
    "sum": "the sum of {column} of {events}",
    "count": "how many {events} there are",
    "exists": "whether there are any {events}",
    "distinct": "how many different values {column} has in {events}",
    "count_days": "on how many local days there are any {events}",
    "first": "{column} of the first of {events}",
    "last": "{column} of the last of {events}",
    "nth": "{column} of the {nth} of {events}",
    "avg": "the average {column} of {events}",
    "min": "the least {column} of {events}",
    "max": "the greatest {column} of {events}",
}


def made(field: Field, catalog: Catalog) -> list[str]:
    """One sentence; of a metric with variants of money, one for each."""
    if isinstance(field, Score):
        return [_score(field)]
    if isinstance(field, Attribute):
        return [_stored(field.source, catalog)]
    match field.how:
        case Aggregate():
            return [_aggregate(field.how, catalog)]
        case ByMoney(real, bonus, both):
            variants = {"real": real, "bonus": bonus, "both": both}
            return [f"{name}: {_aggregate(one, catalog)}" for name, one in variants.items()]
        case Derived(kind, left, right):
            return [f"{left} {'minus' if kind == 'subtract' else 'divided by'} {right}"]


def read_from(field: Field, catalog: Catalog) -> list[str]:
    """The stored columns behind a field, as `table.column`; those of a derived metric are its parts' own."""
    if isinstance(field, Score):
        columns = [field.player, field.time, *(name for name, _ in field.where), field.value]
        more = [name for name in (field.reasons, field.version) if name is not None]
        return [f"{field.table}.{name}" for name in dict.fromkeys([*columns, *more])]
    if isinstance(field, Attribute):
        return [] if isinstance(field.source, AgeOf) else [_column(field.source, catalog)]
    match field.how:
        case Derived():
            return []
        case Aggregate() as how:
            return _event_columns([how], catalog)
        case ByMoney(real, bonus, both):
            return _event_columns([real, bonus, both], catalog)


def _stored(source: Column | AgeOf, catalog: Catalog) -> str:
    match source:
        case AgeOf(attribute):
            return f"whole years since {attribute}, counted up on the birthday"
        case Column(_, None):
            return f"the column {_column(source, catalog)}{_zone(source.timezone)}"
        case Column(_, _, player):
            whose = player or catalog.player.key
            return f"the column {_column(source, catalog)} of the player in {whose}{_zone(source.timezone)}"


def _score(score: Score) -> str:
    where = _where(score.how.where, score.rows)
    said = f"{score.value} of the latest row of {score.table}{where}"
    if score.max_age is None:
        return said
    oldest = window_document(Rolling(score.max_age))
    return f"{said}, if it is not older than {duration(oldest['last'])}" if isinstance(oldest, dict) else said


def _zone(timezone: str | None) -> str:
    return f", written down in {timezone}" if timezone else ""


def _column(source: Column, catalog: Catalog) -> str:
    return f"{source.table or catalog.player.table}.{source.column}"


def _aggregate(how: Aggregate, catalog: Catalog) -> str:
    event = catalog.events[how.events]
    return f"{_measure(how.measure, event)}{_where(how.where, event)}"


def _measure(measure: Measure, event: EventTable) -> str:
    ordinal = _ORDINALS.get(measure.n, f"{measure.n}th")
    return _MEASURES[measure.kind].format(column=_named(measure.column, event), events=event.name, nth=ordinal)


def _named(name: str | None, event: EventTable) -> str:
    if name is None:
        return event.time
    source = event.column(name).source
    return f"{name} ({source.minuend} minus {source.subtrahend})" if isinstance(source, Difference) else name


def _where(rule: Rule | None, event: EventTable) -> str:
    if rule is None:
        return ""
    return f" where {sentence(rule_document(rule), Speech(_abouts(event)))}"


def _abouts(event: EventTable) -> Mapping[str, FieldAbout]:
    return {column.name: FieldAbout(column.type, column.name.replace("_", " "), "") for column in event.columns}


def _event_columns(how: list[Aggregate], catalog: Catalog) -> list[str]:
    event = catalog.events[how[0].events]
    names = [one.measure.column for one in how if one.measure.column is not None]
    stored = [part for name in names for part in _sources(name, event)]
    return [f"{event.table}.{name}" for name in dict.fromkeys([event.player, event.time, *stored])]


def _sources(name: str, event: EventTable) -> list[str]:
    match event.column(name).source:
        case Difference(minuend, subtrahend):
            return [*_sources(minuend, event), *_sources(subtrahend, event)]
        case str(column):
            return [column]
