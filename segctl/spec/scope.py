"""What the conditions of a rule may name: the catalog's fields, or an event's columns. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segctl.model.catalog import Aggregate, Attribute, ByMoney, Catalog, EventTable, Field, Metric, Score
from segctl.model.operators import EVENT_OPERATORS, OPERATORS, FieldType
from segctl.model.rule import GroupWord, Operator

GROUP_WORDS: dict[str, GroupWord] = {"all": "all", "any": "any", "none": "none", "at_least": "at_least"}
HEADS = ("event", "in_segment", "was_in_segment", "bucket", "sequence", "rule")
RESERVED = frozenset(
    (
        *GROUP_WORDS,
        *HEADS,
        *(operator for operators in OPERATORS.values() for operator in operators),
        *("during", "money", "ignore_case"),
    )
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a condition may ask of one field or column.

    `values` are its allowed texts, if closed. `dimensions` are a metric's, with the allowed texts of each.
    `secret` values are never repeated in a message.
    """

    name: str
    type: FieldType
    operators: tuple[Operator, ...]
    values: frozenset[str] = frozenset()
    dimensions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    metric: bool = False
    money: bool = False
    ignore_case: bool = True
    secret: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """The subjects by name, and how to speak of them.

    `unsure` names those that exist and have mistakes of their own; where `complete` is false, others may exist
    too, so nothing is said of an unknown name. `segments` says whether rules may ask about anything but fields.
    `events` are the scopes of the event tables, and `unsure_events` those tables that have mistakes.
    """

    owner: str
    subjects: Mapping[str, Subject]
    unsure: frozenset[str] = frozenset()
    complete: bool = True
    segments: bool = True
    events: Mapping[str, Scope] = field(default_factory=dict)
    unsure_events: frozenset[str] = frozenset()


NOTHING_KNOWN = Scope("The catalog", {}, complete=False)


def of_catalog(
    catalog: Catalog,
    unsure: frozenset[str] = frozenset(),
    unsure_events: frozenset[str] = frozenset(),
    *,
    complete: bool = True,
) -> Scope:
    """What the rules of a segment may name."""
    subjects = {name: _attribute(attribute) for name, attribute in catalog.attributes.items()}
    subjects.update((name, _metric(metric, catalog)) for name, metric in catalog.metrics.items())
    subjects.update((name, _score(score)) for name, score in catalog.scores.items())
    return Scope(
        f"The catalog `{catalog.name}`",
        subjects,
        unsure,
        complete,
        events={name: of_event(event) for name, event in catalog.events.items()},
        unsure_events=unsure_events,
    )


def of_event(event: EventTable, unsure: frozenset[str] = frozenset()) -> Scope:
    """What a `where` over the rows of one event may name."""
    subjects = {
        column.name: Subject(
            column.name,
            column.type,
            EVENT_OPERATORS[column.type],
            values=frozenset(column.values),
            ignore_case=False,
        )
        for column in event.columns
    }
    return Scope(f"The event `{event.name}`", subjects, unsure, segments=False)


def _attribute(attribute: Attribute) -> Subject:
    return Subject(
        attribute.name,
        attribute.type,
        OPERATORS[attribute.type],
        values=frozenset(attribute.values),
        secret=attribute.pii,
        about=_about(attribute),
    )


def _metric(metric: Metric, catalog: Catalog) -> Subject:
    how = metric.how.both if isinstance(metric.how, ByMoney) else metric.how
    event = catalog.events[how.events] if isinstance(how, Aggregate) and metric.dimensions else None
    dimensions = {name: frozenset(event.column(name).values) for name in metric.dimensions} if event else {}
    return Subject(
        metric.name,
        metric.type,
        OPERATORS[metric.type],
        dimensions=dimensions,
        metric=True,
        money=isinstance(metric.how, ByMoney),
        about=_about(metric),
    )


def _score(score: Score) -> Subject:
    operators = OPERATORS[score.type]
    return Subject(score.name, score.type, operators, values=frozenset(score.values), about=_about(score))


def _about(of: Field) -> str:
    return ": ".join(text for text in (of.about.group, of.about.description or of.about.title) if text)
