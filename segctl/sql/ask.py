"""A program and a clock become questions. Pure.

Facts of one event table share one question as far as their shape allows: sums, counts, lowest and highest values
fold from buckets; first, last and nth need rows in order; distinct values need the values themselves, and distinct
days a bit each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from segctl.model.rule import Compare, Group, Rule, Test
from segctl.model.time import BEGINNING, Clock, Interval, interval
from segctl.sql.program import FeatureFact, Program, SequenceFact, StoredFact
from segctl.sql.questions import (
    AskBeside,
    AskDistinct,
    AskGrouped,
    AskList,
    AskMoments,
    AskOrdered,
    AskPlayers,
    EventQuestion,
    Measured,
    Question,
    Take,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a run, and for each feature's fact number how to take it from their answers.

    `steps` gives for each sequence's fact number the questions that answer its steps, in their order.
    The players are asked for first: their answer says who stands where.
    """

    players: AskPlayers
    questions: tuple[Question, ...]
    takes: Mapping[int, Take]
    steps: Mapping[int, tuple[int, ...]]


def ask(program: Program, clock: Clock) -> Asked:
    """Everything a run must read."""
    players, questions = _profile(program)
    takes: dict[int, Take] = {}
    for features in _shared(program).values():
        number = len(questions)
        question, taken = _question(number, features, clock)
        questions.append(question)
        takes.update(taken)
    steps = _steps(program, clock, questions)
    return Asked(players, tuple(questions), takes, steps)


def _steps(program: Program, clock: Clock, questions: list[Question]) -> dict[int, tuple[int, ...]]:
    """Adds a question for each step of a sequence; equal steps share one."""
    asked: dict[AskMoments, int] = {}
    found: dict[int, tuple[int, ...]] = {}
    for number, fact in enumerate(program.facts):
        if isinstance(fact, SequenceFact):
            stretch = interval(fact.window, clock)
            steps = [AskMoments(events, where, stretch.after, stretch.until) for events, where in fact.steps]
            found[number] = tuple(asked.setdefault(step, len(questions) + len(asked)) for step in steps)
    questions.extend(asked)
    return found


def _profile(program: Program) -> tuple[AskPlayers, list[Question]]:
    stored = [fact for fact in program.facts if isinstance(fact, StoredFact)]
    single = [fact for fact in stored if fact.type != "list"]
    player = program.player
    own = tuple(fact for fact in single if fact.table is None)
    beside: dict[tuple[str, str], list[StoredFact]] = defaultdict(list)
    for fact in single:
        if fact.table is not None:
            beside[fact.table, fact.player].append(fact)
    others: list[Question] = [AskBeside(table, key, tuple(facts)) for (table, key), facts in beside.items()]
    others += [AskList(fact, fact.table or player.table) for fact in stored if fact.type == "list"]
    return AskPlayers(player.table, player.key, own), others


def _shared(program: Program) -> dict[object, list[tuple[int, FeatureFact]]]:
    """Features by the question that they can share."""
    groups: dict[object, list[tuple[int, FeatureFact]]] = defaultdict(list)
    for number, fact in enumerate(program.facts):
        if isinstance(fact, FeatureFact):
            groups[_sharing(fact)].append((number, fact))
    return groups


def _sharing(fact: FeatureFact) -> object:
    if _folds(fact):
        return "grouped", fact.events, tuple(column for column, _ in fact.keys)
    if fact.measure.kind in ("distinct", "count_days"):
        return "distinct", fact.events, narrowed(fact), fact.measure.column
    return "ordered", fact.events, narrowed(fact)


def _folds(fact: FeatureFact) -> bool:
    kind, column = fact.measure.kind, fact.measure.column
    return kind in ("sum", "count", "exists", "avg", "min", "max") or (
        kind in ("first", "last") and column is None
    )


def narrowed(fact: FeatureFact) -> Rule | None:
    """The filter of a feature with its dimensions as conditions."""
    conditions: list[Rule] = [Compare(column, (Test("in", values),)) for column, values in fact.keys]
    if fact.where is not None:
        conditions.append(fact.where)
    if len(conditions) <= 1:
        return conditions[0] if conditions else None
    return Group("all", tuple(conditions))


def _question(
    number: int, features: list[tuple[int, FeatureFact]], clock: Clock
) -> tuple[EventQuestion, dict[int, Take]]:
    intervals = {fact: interval(feature.window, clock) for fact, feature in features}
    edges, lifetime = _edges(intervals.values())
    runs = {fact: _buckets(stretch, edges) for fact, stretch in intervals.items()}
    first = features[0][1]
    if _folds(first):
        return _grouped(number, features, edges, lifetime, runs)
    if first.measure.kind in ("distinct", "count_days"):
        column = first.measure.column
        newest = column is not None and all(stretch.until == edges[-1] for stretch in intervals.values())
        question = AskDistinct(first.events, edges, lifetime, narrowed(first), column, newest=newest)
        return question, {fact: Take(number, *runs[fact]) for fact, _ in features}
    # with the time a later run knows whether what came is before or after
    columns = tuple(dict.fromkeys([*(feature.measure.column for _, feature in features), None]))
    deepest = max(
        (feature.measure.ordinal for _, feature in features if feature.measure.kind != "last"), default=0
    )
    return (
        AskOrdered(first.events, edges, lifetime, narrowed(first), columns, deepest),
        {fact: Take(number, *runs[fact], (columns.index(feature.measure.column),)) for fact, feature in features},
    )


def _edges(intervals: Iterable[Interval]) -> tuple[tuple[int, ...], bool]:
    edges = {stretch.until for stretch in intervals}
    starts = {stretch.after for stretch in intervals}
    return tuple(sorted(edges | starts - {BEGINNING})), BEGINNING in starts


def _buckets(stretch: Interval, edges: tuple[int, ...]) -> tuple[int, int]:
    """The first and the last bucket of a window; an empty window has its first after its last."""
    start = 0 if stretch.after == BEGINNING else edges.index(stretch.after) + 1
    return start, edges.index(stretch.until)


def _grouped(
    number: int,
    features: list[tuple[int, FeatureFact]],
    edges: tuple[int, ...],
    lifetime: bool,  # noqa: FBT001 - passed through
    runs: Mapping[int, tuple[int, int]],
) -> tuple[AskGrouped, dict[int, Take]]:
    filters: dict[Rule | None, int] = {}
    measures: dict[Measured, int] = {}
    takes: dict[int, Take] = {}
    for fact, feature in features:
        filter_ = filters.setdefault(feature.where, len(filters))
        wanted = _measured(feature, filter_)
        columns = tuple(measures.setdefault(measured, len(measures)) for measured in wanted)
        takes[fact] = Take(number, *runs[fact], columns, tuple(values for _, values in feature.keys))
    events = features[0][1].events
    ever = {column for take in takes.values() if take.start == 0 for column in take.columns}
    asked = tuple(replace(measured, lifetime=number in ever) for measured, number in measures.items())
    question = AskGrouped(events, edges, lifetime, _keys(features), tuple(filters), asked)
    return question, takes


def _measured(feature: FeatureFact, filter_: int) -> tuple[Measured, ...]:
    measure = feature.measure
    match measure.kind:
        case "sum":
            return (Measured("sum", filter_, measure.column),)
        case "avg":
            return Measured("sum", filter_, measure.column), Measured("count", filter_, measure.column)
        case "min" | "first":
            return (Measured("min", filter_, measure.column),)
        case "max" | "last":
            return (Measured("max", filter_, measure.column),)
        case _:
            return (Measured("count", filter_),)


def _keys(features: list[tuple[int, FeatureFact]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    values: dict[str, set[str]] = defaultdict(set)
    for _, feature in features:
        for column, named in feature.keys:
            values[column].update(named)
    return tuple((column, tuple(sorted(values[column]))) for column in sorted(values))
