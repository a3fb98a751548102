"""Questions become statements: SQLAlchemy Core, every value bound. No engine is known here but by its dialect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    String,
    cast,
    false,
    func,
    or_,
    quoted_name,
    select,
    table,
    union_all,
)

from segctl.model.time import BEGINNING
from segctl.sql.about_events import Query, about_events
from segctl.sql.dialects import (
    Carried,
    InWarehouse,
    by_code_point,
    chosen,
    integer,
    key_in_order,
    row_hash,
)
from segctl.sql.near import PART, parts
from segctl.sql.predicate import Columns, bounds_of, condition, instant
from segctl.sql.questions import (
    AskBeside,
    AskCount,
    AskDistinct,
    AskGrouped,
    AskLatest,
    AskList,
    AskMoments,
    AskMoved,
    AskNext,
    AskOrdered,
    AskPlayers,
    AskPrint,
    AskRows,
    AskSlices,
    AskTime,
    AskTouched,
    EventQuestion,
    PlayersQuestion,
    ProfileQuestion,
    Question,
)

Statement = Query | CompoundSelect[Any]


@dataclass(frozen=True, slots=True)
class Slice:
    """A range of players by their key as it is stored: `low <= key < high`; None is open.

    `only` are the keys of some players, as an Arrow array, and `places` where they stand. An answer may bring
    others as well.
    """

    low: Any = None
    high: Any = None
    only: Any = field(default=None, compare=False, repr=False)
    places: Any = field(default=None, compare=False, repr=False)


WHOLE = Slice()


def statement(question: Question, zone: ZoneInfo, part: Slice = WHOLE) -> Statement:
    """The one statement that answers a question for a range of players. `zone` counts the days."""
    match question:
        case AskPlayers() | AskBeside() | AskList() | AskRows():
            return _about_players(question, part)
        case AskCount() | AskSlices() | AskTime() | AskLatest():
            return _about_table(question)
        case AskTouched() | AskMoved() | AskPrint():
            return _about_rows(question, part)
        case AskNext():
            return _next(question)
        case AskMoments():
            return _moments(question, part, columns_of(question.events.table))
        case AskGrouped() | AskOrdered() | AskDistinct():
            return _about_events(question, zone, part, columns_of(question.events.table))


def _about_table(question: AskCount | AskSlices | AskTime | AskLatest) -> Query:
    match question:
        case AskCount(name, key):
            return select(func.count(columns_of(name)(key)).label("players"))
        case AskSlices():
            return _slices(question)
        case AskTime(name, time):
            return select(columns_of(name)(time).label("time")).where(false())
        case AskLatest(name, column, timezone):
            return select(func.max(instant(columns_of(name)(column), timezone)).label("latest"))


def _about_rows(question: AskTouched | AskMoved | AskPrint, part: Slice) -> Query:
    match question:
        case AskTouched():
            return _touched(question, part)
        case AskMoved():
            return _moved(question, part)
        case AskPrint():
            return _print(question, part)


def _about_players(question: ProfileQuestion, part: Slice) -> Query:
    match question:
        case AskPlayers(name, key, facts) | AskBeside(name, key, facts):
            stored = columns_of(name)
            values = [instant(stored(fact.column), fact.timezone).label(f"c{i}") for i, fact in enumerate(facts)]
            return _sliced(select(stored(key).label("player"), *values), stored(key), part)
        case AskList(fact, table_name):
            stored = columns_of(table_name)
            pairs = select(stored(fact.player).label("player"), stored(fact.column).label("c0"))
            return _sliced(pairs.where(stored(fact.column).is_not(None)), stored(fact.player), part)
        case AskRows():
            return _rows(question)


def _rows(question: AskRows) -> Query:
    """Keys may be numbers in the warehouse, and ids are text (language.md, section 4.3)."""
    stored = columns_of(question.table)
    values = [instant(stored(name), zone).label(f"c{i}") for i, (name, zone) in enumerate(question.columns)]
    mine = cast(stored(question.player), String()) == question.id
    return select(*values).where(mine).order_by(*(by_code_point(stored(name)) for name in question.order))


def _about_events(question: EventQuestion, zone: ZoneInfo, part: Slice, stored: Columns) -> Query:
    return about_events(question, zone, stored, lambda query, key: _sliced(query, key, part))


def columns_of(name: str) -> Columns:
    """Gives the columns of a table by name; the catalog has checked that both are identifiers."""
    schema, _, bare = name.rpartition(".")
    source = table(quoted_name(bare, quote=True), schema=quoted_name(schema, quote=True) if schema else None)

    def stored(wanted: str) -> ColumnElement[Any]:
        if wanted not in source.c:
            source.append_column(InWarehouse(quoted_name(wanted, quote=True)))
        return source.c[wanted]

    return stored


def _sliced(query: Query, key: ColumnElement[Any], part: Slice) -> Query:
    if part.low is not None:
        query = query.where(key_in_order(key) >= part.low)
    if part.high is not None:
        query = query.where(key_in_order(key) < part.high)
    if part.only is not None:
        query = query.where(chosen(key, part.only))
    return query.where(key.is_not(None))


def _slices(question: AskSlices) -> Query:
    key = columns_of(question.table)(question.key)
    ordinal = func.row_number().over(order_by=key_in_order(key)).label("ordinal")
    rows = select(key.label("player"), ordinal).where(key.is_not(None)).subquery("p")
    first = rows.c.ordinal % integer(question.size) == integer(1)
    return select(rows.c.player).where(first).order_by(rows.c.ordinal)


def _touched(question: AskTouched, part: Slice) -> Query:
    stored = columns_of(question.table)
    since, until = bounds_of((question.since, question.until), question.timezone)
    moments = [instant(stored(name), question.timezone) for name in question.moments]
    recent = or_(*((moment_ > since) & (moment_ <= until) for moment_ in moments))
    player = stored(question.player)
    return _sliced(select(player.label("player")).where(recent).distinct(), player, part)


def _print(question: AskPrint, part: Slice) -> Query:
    stored = columns_of(question.table)
    hashed = row_hash(*(stored(name) for name in question.columns))
    told: list[ColumnElement[Any]] = [
        func.count().label("number"),
        cast(func.sum(hashed), String()).label("print"),
    ]
    return _sliced(select(*told).select_from(stored(question.player).table), stored(question.player), part)


def aside(moved: AskMoved, questions: Iterable[EventQuestion], zone: ZoneInfo) -> Statement:
    """The rows that moved, with all that these questions need of them."""
    stored = columns_of(moved.events.table)
    _need(questions, zone, stored)
    return parts(moved.events, moved.since, moved.stretches, stored, scanned=True)


def of_players(questions: Sequence[PlayersQuestion], zone: ZoneInfo, part: Slice) -> Query:
    """The rows of some players of the one table that these questions ask, with all that they need of them."""
    events = questions[0].events
    stored = columns_of(events.table)
    _need(questions, zone, stored)
    player = stored(events.player)
    return _sliced(select(*player.table.c), player, part)


def _need(questions: Iterable[PlayersQuestion], zone: ZoneInfo, stored: Columns) -> None:
    """Asks `stored` for the columns that questions need."""
    for question in questions:
        match question:
            case AskGrouped() | AskOrdered() | AskDistinct():
                _about_events(question, zone, WHOLE, stored)
            case AskMoments():
                _moments(question, WHOLE, stored)


def _moved(question: AskMoved, part: Slice) -> Query:
    stored = columns_of(question.events.table)
    player = stored(question.events.player)
    rows = parts(
        question.events, question.since, question.stretches, stored, changed_only=question.changed
    ).subquery("r")
    player = Carried.of(player, rows)
    return _sliced(select(player.label("player"), rows.c[PART].label("part")), player, part).distinct()


def _next(question: AskNext) -> Statement:
    stored = columns_of(question.table)
    time = instant(stored(question.column), question.timezone)
    bounds = bounds_of(question.edges, question.timezone)
    each: list[Query] = []
    for number, bound in enumerate(bounds):
        found: list[ColumnElement[Any]] = [integer(number).label("part"), func.min(time).label("next")]
        query: Query = select(*found).where(time > bound)
        if question.events is not None and question.where is not None:
            query = query.where(condition(question.where, question.events, stored))
        each.append(query)
    return union_all(*each)


def _moments(question: AskMoments, part: Slice, stored: Columns) -> Query:
    events = question.events
    after, until = bounds_of((question.after, question.until), events.timezone)
    time, player = instant(stored(events.time), events.timezone), stored(events.player)
    query = select(player.label("player"), time.label("time")).where(time <= until)
    if question.after != BEGINNING:
        query = query.where(time > after)
    if question.where is not None:
        query = query.where(condition(question.where, events, stored))
    return _sliced(query, player, part)
