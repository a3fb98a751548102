"""Rows that moved since an instant: which they are, and since when they are known. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, case, or_, select, union_all

from segctl.model.catalog import EventTable
from segctl.model.time import Interval
from segctl.sql.dialects import Carried, integer
from segctl.sql.predicate import Columns, bounds_of, instant
from segctl.sql.questions import AskDistinct, AskGrouped, EventQuestion, Near, OfDays

# which part of what moved a row belongs to
PART = "segctl_part"


def parts(
    events: EventTable,
    since: int,
    stretches: Sequence[Interval],
    stored: Columns,
    *,
    scanned: bool = False,
    changed_only: bool = False,
) -> CompoundSelect[Any]:
    """The rows that moved, each once, with the columns that were asked of `stored` and their part.

    Each part asks about one column first, so that an index or the order of the rows finds it. Where a table is
    `scanned` anyway, one part has all stretches. With `changed_only` there are rows of that part alone.
    """
    time, known = (instant(stored(name), events.timezone) for name in (events.time, str(events.ingested)))
    (start,) = bounds_of([since], events.timezone)
    new, changed = integer(0), integer(1)
    parts: list[tuple[ColumnElement[int], ColumnElement[bool]]] = [(new, known > start), (new, known.is_(None))]
    before = known <= start
    if changed_only:
        parts.clear()
    if events.updated is not None:
        moved = instant(stored(events.updated), events.timezone)
        parts.append((changed, (moved > start) & before))
        before &= or_(moved <= start, moved.is_(None))
    inside = []
    for number, stretch in enumerate(() if changed_only else stretches, 2):
        after, until = bounds_of((stretch.after, stretch.until), events.timezone)
        inside.append((integer(number), (time > after) & (time <= until)))
    if scanned and inside:
        number_of = case(*((rows, number) for number, rows in inside))
        parts.append((number_of, or_(*(rows for _, rows in inside)) & before))
    else:
        parts += [(number, rows & before) for number, rows in inside]
    columns = list(stored(events.player).table.c)
    return union_all(*(select(*columns, number.label(PART)).where(rows) for number, rows in parts))


# a query of the rows of some columns
Made = Callable[[Columns], Select[Any]]


def aged(question: AskGrouped | AskDistinct, stored: Columns, made: Made) -> Select[Any]:
    """What is made of the rows that a question is about, with their age if that are not all of them."""
    events, among = question.events, question.among
    if among is None:
        return made(stored)
    since, later = bounds_of([among.since, among.later], events.timezone)
    stored(str(events.ingested))  # rows that moved bring it along
    found = _found(question, stored, made)
    known = instant(found(str(events.ingested)), events.timezone)
    before = known <= since if isinstance(among, OfDays) else found(PART) != integer(0)
    age = case((before, integer(0)), (known <= later, integer(1)), else_=integer(2))
    return made(found).add_columns(age.label("age"))


def gathered(question: EventQuestion, stored: Columns, made: Made) -> Select[Any]:
    """What is made of the rows that a question is about."""
    return made(_found(question, stored, made))


def _found(question: EventQuestion, stored: Columns, made: Made) -> Columns:
    """The columns of a table, or of those of its rows that a question is about."""
    events, among = question.events, question.among
    if among is None or among.stretches is None:
        return stored
    made(stored)  # now it is known which columns are needed
    match among:
        case Near(since, _, stretches):
            rows = parts(events, since, stretches or (), stored).subquery("r")
        case OfDays(_, _, stretches):
            rows = _of_stretches(events, stretches, stored).subquery("r")
    return lambda name: rows.c[name] if name == PART else Carried.of(stored(name), rows)


def _of_stretches(events: EventTable, stretches: Iterable[Interval], stored: Columns) -> CompoundSelect[Any]:
    time = instant(stored(events.time), events.timezone)
    columns = list(stored(events.player).table.c)
    bounds = (bounds_of((one.after, one.until), events.timezone) for one in stretches)
    return union_all(*(select(*columns).where((time > after) & (time <= until)) for after, until in bounds))
