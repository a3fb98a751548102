"""Questions about events as statements. SQLAlchemy Core, every value bound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from segctl.model.rule import Rule
from segctl.sql.days import day_bit, day_word, days
from segctl.sql.dialects import addable, among, by_code_point, integer, over
from segctl.sql.near import aged, gathered
from segctl.sql.predicate import Columns, bounds_of, condition, instant, value_of
from segctl.sql.questions import AskDistinct, AskGrouped, AskOrdered, EventQuestion, Measured
from segctl.sql.stepped import stepped

Query = Select[Any]
# Narrows a query to the players of a slice, given their key.
Sliced = Callable[[Query, ColumnElement[Any]], Query]


def about_events(question: EventQuestion, zone: ZoneInfo, stored: Columns, sliced: Sliced) -> Query:
    """The statement that answers a question. `zone` counts the days."""
    match question:
        case AskGrouped():
            return _grouped(question, zone, sliced, stored)
        case AskOrdered():
            return _ordered(question, sliced, stored)
        case AskDistinct():
            return _distinct(question, zone, sliced, stored)


def _grouped(question: AskGrouped, zone: ZoneInfo, sliced: Sliced, stored: Columns) -> Query:
    used = _used(question)
    rows = aged(question, stored, lambda found: _measured(question, used, zone, found, sliced)).subquery("e")
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


def _measured(question: AskGrouped, used: list[str], zone: ZoneInfo, stored: Columns, sliced: Sliced) -> Query:
    """The events behind the measures: keys, filters and values of each."""
    rules = enumerate(question.filters)
    filters = {i: condition(rule, question.events, stored) for i, rule in rules if rule is not None}
    keys = [value_of(question.events.column(name), question.events, stored) for name, _ in question.keys]
    inner = _events(question, stored, sliced)
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


def _events(question: EventQuestion, stored: Columns, sliced: Sliced) -> Query:
    """The events inside all windows together: player and bucket."""
    events, edges = question.events, question.edges
    time = instant(stored(events.time), events.timezone)
    bounds = bounds_of(edges, events.timezone)
    query = select(stored(events.player).label("player"), _bucket(time, bounds).label("bucket"))
    query = query.where(time <= bounds[-1])
    if not question.lifetime:
        query = query.where(time > bounds[0])
    return sliced(query, stored(events.player))


def _bucket(time: ColumnElement[Any], bounds: list[Any]) -> ColumnElement[Any]:
    """How many edges lie before an event. Oldest first: most events are old and leave the CASE at once."""
    return stepped(time, "<=", bounds, range(len(bounds)), len(bounds))


def _passing(question: AskOrdered | AskDistinct, stored: Columns, sliced: Sliced) -> Query:
    where: Rule | None = question.where
    query = _events(question, stored, sliced)
    return query if where is None else query.where(condition(where, question.events, stored))


def _ordered(question: AskOrdered, sliced: Sliced, stored: Columns) -> Query:
    rows = gathered(question, stored, lambda found: _numbered(question, sliced, found)).subquery("e")
    from_end = rows.c.of_all - rows.c.from_start + integer(1)
    values = [rows.c[f"c{i}"] for i in range(len(question.columns))]
    found = select(rows.c.player, rows.c.bucket, rows.c.from_start, from_end.label("from_end"), *values)
    return found.where(or_(rows.c.from_start <= integer(question.first), from_end <= integer(1)))


def _numbered(question: AskOrdered, sliced: Sliced, stored: Columns) -> Query:
    """The events with their ordinals, and how many there are. One order serves both ends."""
    time, identity = instant(stored(question.events.time), question.events.timezone), _identity(question, stored)
    inner = _passing(question, stored, sliced)
    by = [inner.selected_columns["player"], inner.selected_columns["bucket"]]
    return inner.add_columns(
        func.row_number().over(partition_by=by, order_by=[time, identity.nulls_first()]).label("from_start"),
        func.count().over(partition_by=by).label("of_all"),
        *(_value(question, name, stored).label(f"c{i}") for i, name in enumerate(question.columns)),
    )


def _identity(question: AskOrdered, stored: Columns) -> ColumnElement[Any]:
    """What breaks ties in time: an id, or (of scores without one) the value, where a missing one comes first."""
    events = question.events
    known = next((column for column in events.columns if column.source == events.id), None)
    return by_code_point(stored(events.id)) if known is None else value_of(known, events, stored)


def _distinct(question: AskDistinct, zone: ZoneInfo, sliced: Sliced, stored: Columns) -> Query:
    if question.by_word:
        return _by_word(_different(question, zone, stored, sliced))
    if question.newest:
        return _newest(question, zone, stored, sliced)
    return aged(question, stored, lambda found: _different(question, zone, found, sliced)).distinct()


def _different(question: AskDistinct, zone: ZoneInfo, stored: Columns, sliced: Sliced) -> Query:
    query = _passing(question, stored, sliced)
    if question.column is None:
        return query.add_columns(_day(question, zone, stored).label("c0"))
    value = value_of(question.events.column(question.column), question.events, stored)
    return query.where(value.is_not(None)).add_columns(value.label("c0"))


def _newest(question: AskDistinct, zone: ZoneInfo, stored: Columns, sliced: Sliced) -> Query:
    """When each player's values were seen last."""

    def seen(found: Columns) -> Query:
        return _different(question, zone, found, sliced).add_columns(_value(question, None, found).label("time"))

    rows = gathered(question, stored, seen).subquery("e")
    by = [rows.c.player, rows.c.c0]
    return select(*by, func.max(rows.c.time).label("time")).group_by(*by)


def _day(question: EventQuestion, zone: ZoneInfo, stored: Columns) -> ColumnElement[int]:
    time = instant(stored(question.events.time), question.events.timezone)
    return days(time, zone, question.edges[-1], naive=question.events.timezone == "UTC")


def _by_word(days: Query) -> Query:
    """The days of each player and bucket as bits."""
    rows = days.subquery("e")
    by = [rows.c.player, rows.c.bucket, day_word(rows.c.c0).label("word")]
    return select(*by, func.bit_or(day_bit(rows.c.c0)).label("days")).group_by(*by)
