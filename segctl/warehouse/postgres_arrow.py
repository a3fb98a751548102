"""Answers of PostgreSQL as Arrow has them elsewhere: numeric as decimals, and times without infinity.

ADBC brings numeric as text. Of an infinite time it makes one that no calendar has, far before year 1.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from segctl.base.errors import Refused
from segctl.model.time import EPOCH_DAY, micros

_MOST_DIGITS = 38
_TYPMOD_OFFSET = 4
_NUMERIC, _TYPMOD = b"POSTGRESQL:type", b"POSTGRESQL:typmod"
# PostgreSQL counts from 2000-01-01, and its infinities overflow when they are counted from 1970
_SHIFT_MICROS, _SHIFT_DAYS = 946_684_800_000_000, 10_957
_INFINITE_MICROS = -(2**63) + _SHIFT_MICROS - 1
_INFINITE_DAY = -(2**31) + _SHIFT_DAYS - 1
_MICROS = (micros(datetime.min.replace(tzinfo=UTC)), micros(datetime.max.replace(tzinfo=UTC)))
_DAYS = tuple((edge - EPOCH_DAY).days for edge in (date.min, date.max))


def plain(answer: Any) -> Any:
    """The same table in types that `members/` reads. Raises: Refused."""
    columns = [_plain(answer.column(i), answer.schema.field(i)) for i in range(answer.num_columns)]
    return pa.table(columns, names=answer.column_names)


def _plain(column: Any, field: Any) -> Any:
    metadata = field.metadata or {}
    if metadata.get(_NUMERIC) == b"numeric":
        return _decimals(column.combine_chunks().storage, at_least=_scale(field))
    if pa.types.is_timestamp(column.type):
        instants = _finite(column.combine_chunks().cast(pa.int64()), _INFINITE_MICROS, _MICROS)
        return instants.cast(column.type)
    if pa.types.is_date32(column.type):
        days = _finite(column.combine_chunks().cast(pa.int32()).cast(pa.int64()), _INFINITE_DAY, _DAYS)
        return days.cast(pa.int32()).cast(pa.date32())
    return column


def declared_scale(typmod: int) -> int | None:
    """The decimals of `numeric(9, 2)`, 0 where it rounds to tens; None where nothing is declared."""
    if typmod < _TYPMOD_OFFSET:
        return None
    return max(((typmod - _TYPMOD_OFFSET & 0x7FF) ^ 0x400) - 0x400, 0)


def _scale(field: Any) -> int:
    """Of a stored number without declared decimals: it is no integer, whatever it holds. A sum may be one."""
    declared = declared_scale(int(field.metadata.get(_TYPMOD, b"-1")))
    return int(field.name.startswith("c")) if declared is None else declared


def _finite(numbers: Any, infinite: int, ends: tuple[int, ...]) -> Any:
    """Infinity is the last instant of the calendar, minus infinity the first."""
    first, last = (pa.scalar(end, pa.int64()) for end in ends)
    numbers = pc.if_else(pc.equal(numbers, infinite), last, numbers)
    return pc.max_element_wise(pc.min_element_wise(numbers, last, skip_nulls=False), first, skip_nulls=False)


def _decimals(texts: Any, *, at_least: int) -> Any:
    lengths = pc.binary_length(texts)
    points = pc.find_substring(texts, ".")
    decimals = pc.if_else(pc.less(points, 0), 0, pc.subtract(pc.subtract(lengths, points), 1))
    scale = max(pc.max(decimals).as_py() or 0, at_least)
    try:
        return texts.cast(pa.decimal128(_MOST_DIGITS, scale))
    except pa.ArrowInvalid:
        return _not_exact(texts)


def _not_exact(texts: Any) -> Any:
    """NaN, infinity and what has too many digits: a number for who counts in floating point, and no money."""
    try:
        return texts.cast(pa.float64())
    except pa.ArrowInvalid as error:
        raise Refused(
            "The warehouse holds a numeric that is no number.", "Correct it there, or leave it out in a view."
        ) from error
