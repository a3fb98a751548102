"""Questions become statements: SQLAlchemy Core, every value bound. No engine is known here but by its dialect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    case,
    cast,
    false,
    func,
    or_,
    quoted_name,
    select,
    table,
    union_all,
)

from segctl.model.rule import Rule
from segctl.model.time import BEGINNING
from segctl.sql.days import days
from segctl.sql.dialects import (
    Carried,
    InWarehouse,
    addable,
    among,
    by_code_point,
    chosen,
    day_bit,
    day_word,
    integer,
    key_in_order,
    over,
)
from segctl.sql.near import PART, aged, parts
from segctl.sql.predicate import Columns, bounds_of, condition, instant, value_of
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
    AskRows,
    AskSlices,
    AskTime,
    AskTouched,
    EventQuestion,
    Measured,
    PlayersQuestion,
    ProfileQuestion,
    Question,
)

Query = Select[Any]
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
        case AskTouched():
            return _touched(question, part)
        case AskMoved():
            return _moved(question, part)
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
    match question:
        case AskGrouped():
            return _grouped(question, zone, part, stored)
        case AskOrdered():
            return _ordered(question, part, stored)
        case AskDistinct():
            return _distinct(question, zone, part, stored)


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


def aside(moved: AskMoved, questions: Iterable[AskGrouped | AskDistinct], zone: ZoneInfo) -> Statement:
    """The rows that moved, with all that these questions need of them."""
    stored = columns_of(moved.events.table)
    _need(questions, zone, stored)
    return parts(moved.events, moved.since, moved.stretches or (), stored, scanned=True)


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
    if question.stretches is None:
        return _sliced(select(player.label("player"), stored(PART).label("part")), player, part).distinct()
    rows = parts(question.events, question.since, question.stretches, stored).subquery("r")
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


def _grouped(question: AskGrouped, zone: ZoneInfo, part: Slice, stored: Columns) -> Query:
    used = _used(question)
    rows = aged(question, stored, lambda found: _measured(question, used, zone, found, part)).subquery("e")
    by = [rows.c.player, rows.c.bucket, *(rows.c[f"k{i}"] for i in range(len(question.keys)))]
    by += [] if question.among is None else [rows.c.age]
    filtered = {i for i, rule in enumerate(question.filters) if rule is not None}
    measures = [
        _measure(measured, rows, used, filtered=measured.filter in filtered).label(f"m{i}")
        for i, measured in enumerate(question.measures)
    ]
    if question.classes:
        by.append(_class([rows.c[f"f{number}"] for number in question.classes]).label("class"))
    if question.days is not None:
        by.append(day_word(rows.c.day).label("word"))
        bit, flag = day_bit(rows.c.day), f"f{question.days}"
        passing = over("bit_or", rows.c[flag], bit) if question.days in filtered else func.bit_or(bit)
        measures.append(passing.label("days"))
    return select(*by, *measures).group_by(*by)


def _class(flags: Sequence[ColumnElement[bool]], passed: int = 0, bit: int = 1) -> ColumnElement[int]:
    """Which of these filters a row passes, a bit for each."""
    if not flags:
        return integer(passed)
    first, *rest = flags
    holds = (first, _class(rest, passed | bit, bit << 1))
    return case(holds, else_=_class(rest, passed, bit << 1))


def _used(question: AskGrouped) -> list[str]:
    """The columns whose values are measured; "" for the time."""
    return sorted({measured.column or "" for measured in question.measures if _needs_value(measured)})


def _measured(question: AskGrouped, used: list[str], zone: ZoneInfo, stored: Columns, part: Slice) -> Query:
    """The events behind the measures: keys, filters and values of each."""
    rules = enumerate(question.filters)
    filters = {i: condition(rule, question.events, stored) for i, rule in rules if rule is not None}
    keys = [value_of(question.events.column(name), question.events, stored) for name, _ in question.keys]
    inner = _events(question, stored, part)
    inner = inner.add_columns(*(key.label(f"k{i}") for i, key in enumerate(keys)))
    inner = inner.add_columns(*(test.label(f"f{i}") for i, test in filters.items()))
    summed = {measured.column for measured in question.measures if measured.kind == "sum"}
    of_events = [_value(question, name, stored) for name in used]
    inner = inner.add_columns(
        *(
            (addable(value) if name in summed else value).label(f"v{i}")
            for i, (name, value) in enumerate(zip(used, of_events, strict=True))
        )
    )
    if question.days is not None:
        inner = inner.add_columns(_day(question, zone, stored).label("day"))
    if len(filters) == len(question.filters):
        inner = inner.where(or_(*filters.values()))
    for key, (_, values) in zip(keys, question.keys, strict=True):
        inner = inner.where(among(key, values))
    return inner


def _needs_value(measured: Measured) -> bool:
    return measured.kind != "count" or measured.column is not None


def _value(question: EventQuestion, name: str | None, stored: Columns) -> ColumnElement[Any]:
    """An event column by name, or the event's time where there is no name."""
    if name:
        return value_of(question.events.column(name), question.events, stored)
    return instant(stored(question.events.time), question.events.timezone)


def _measure(measured: Measured, rows: Any, used: list[str], *, filtered: bool) -> ColumnElement[Any]:
    value = rows.c[f"v{used.index(measured.column or '')}"] if _needs_value(measured) else integer(1)
    if filtered:
        return over(measured.kind, rows.c[f"f{measured.filter}"], value)
    aggregate: ColumnElement[Any] = getattr(func, measured.kind)(value)
    return aggregate


def _events(question: EventQuestion, stored: Columns, part: Slice) -> Query:
    """The events inside all windows together: player and bucket."""
    events, edges = question.events, question.edges
    time = instant(stored(events.time), events.timezone)
    bounds = bounds_of(edges, events.timezone)
    query = select(stored(events.player).label("player"), _bucket(time, bounds).label("bucket"))
    query = query.where(time <= bounds[-1])
    if not question.lifetime:
        query = query.where(time > bounds[0])
    return _sliced(query, stored(events.player), part)


def _bucket(time: ColumnElement[Any], bounds: list[Any]) -> ColumnElement[Any]:
    """How many edges lie before an event. Oldest first: most events are old and leave the CASE at once."""
    return case(*((time <= bound, integer(i)) for i, bound in enumerate(bounds)), else_=integer(len(bounds)))


def _passing(question: AskOrdered | AskDistinct, stored: Columns, part: Slice) -> Query:
    where: Rule | None = question.where
    query = _events(question, stored, part)
    return query if where is None else query.where(condition(where, question.events, stored))


def _ordered(question: AskOrdered, part: Slice, stored: Columns) -> Query:
    time, identity = instant(stored(question.events.time), question.events.timezone), _identity(question, stored)
    inner = _passing(question, stored, part)
    player, bucket = inner.selected_columns["player"], inner.selected_columns["bucket"]
    by = [player, bucket]
    # one order serves both ends
    from_start = func.row_number().over(partition_by=by, order_by=[time, identity.nulls_first()])
    of_all = func.count().over(partition_by=by)
    rows = inner.add_columns(
        from_start.label("from_start"),
        of_all.label("of_all"),
        *(_value(question, name, stored).label(f"c{i}") for i, name in enumerate(question.columns)),
    ).subquery("e")
    from_end = rows.c.of_all - rows.c.from_start + integer(1)
    values = [rows.c[f"c{i}"] for i in range(len(question.columns))]
    found = select(rows.c.player, rows.c.bucket, rows.c.from_start, from_end.label("from_end"), *values)
    return found.where(or_(rows.c.from_start <= integer(question.first), from_end <= integer(1)))


def _identity(question: AskOrdered, stored: Columns) -> ColumnElement[Any]:
    """What breaks ties in time: an id, or (of scores without one) the value, where a missing one comes first."""
    events = question.events
    known = next((column for column in events.columns if column.source == events.id), None)
    return by_code_point(stored(events.id)) if known is None else value_of(known, events, stored)


def _distinct(question: AskDistinct, zone: ZoneInfo, part: Slice, stored: Columns) -> Query:
    if question.by_word:
        return _by_word(_different(question, zone, stored, part))
    return aged(question, stored, lambda found: _different(question, zone, found, part)).distinct()


def _different(question: AskDistinct, zone: ZoneInfo, stored: Columns, part: Slice) -> Query:
    query = _passing(question, stored, part)
    if question.column is None:
        return query.add_columns(_day(question, zone, stored).label("c0"))
    value = value_of(question.events.column(question.column), question.events, stored)
    return query.where(value.is_not(None)).add_columns(value.label("c0"))


def _day(question: EventQuestion, zone: ZoneInfo, stored: Columns) -> ColumnElement[int]:
    time = instant(stored(question.events.time), question.events.timezone)
    return days(time, zone, question.edges[-1], naive=question.events.timezone == "UTC")


def _by_word(days: Query) -> Query:
    """The days of each player and bucket as bits."""
    rows = days.subquery("e")
    by = [rows.c.player, rows.c.bucket, day_word(rows.c.c0).label("word")]
    return select(*by, func.bit_or(day_bit(rows.c.c0)).label("days")).group_by(*by)
