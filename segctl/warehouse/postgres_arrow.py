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
        # a stored number without a declared scale is no integer, whatever it happens to hold; a sum may be one
        stored = field.name.startswith("c") and metadata.get(_TYPMOD) == b"-1"
        return _decimals(column.combine_chunks().storage, at_least=1 if stored else 0)
    if pa.types.is_timestamp(column.type):
        instants = _finite(column.combine_chunks().cast(pa.int64()), _INFINITE_MICROS, _MICROS)
        return instants.cast(column.type)
    if pa.types.is_date32(column.type):
        days = _finite(column.combine_chunks().cast(pa.int32()).cast(pa.int64()), _INFINITE_DAY, _DAYS)
        return days.cast(pa.int32()).cast(pa.date32())
    return column


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
