"""Local days in SQL without a time zone conversion per row.

A zone's offset is constant between two transitions, so it is chosen by comparing with bound instants, newest
first; converting each row was measured 64 times slower on DuckDB (architecture.md).
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from segctl.model.time import moment, offsets
from segctl.sql.dialects import integer
from segctl.sql.stepped import stepped

MICROS_PER_DAY = 86_400_000_000
# Days before year 1 in this count, so that the division below never meets a negative number.
DAYS_BEFORE = 800_000
# Days of which one integer says on which something happened: a bit each, and none for the sign.
WORD_DAYS = 63


def days(time: ColumnElement[Any], zone: ZoneInfo, until: int, *, naive: bool) -> ColumnElement[int]:
    """The local day of each event up to `until`, in days since 1970-01-01. Before 1970, 1970's offset holds.

    `until` is in microseconds; `naive` says that the column holds UTC without saying so.
    """
    (_, first), *later = offsets(zone, 0, until)
    if not later:
        return local_day(time, integer(first))
    bounds = [moment(at).replace(tzinfo=None) if naive else moment(at) for at, _ in reversed(later)]
    return local_day(time, stepped(time, ">=", bounds, [east for _, east in reversed(later)], first))


class local_day(GenericFunction[int]):  # noqa: N801 - reads as a function in SQL
    """Days since 1970-01-01 of an instant, `offset_micros` east of UTC: local_day(instant, offset_micros)."""

    type = Integer()
    inherit_cache = True


@compiles(local_day, "duckdb")
def _local_day_duckdb(element: local_day, compiler: Any, **options: Any) -> str:
    instant, offset = (compiler.process(part, **options) for part in element.clauses)
    shifted = f"epoch_us({instant}) + {offset} + {DAYS_BEFORE * MICROS_PER_DAY}"
    return f"CAST(({shifted}) // {MICROS_PER_DAY} - {DAYS_BEFORE} AS INTEGER)"


@compiles(local_day, "postgresql")
def _local_day_postgresql(element: local_day, compiler: Any, **options: Any) -> str:
    instant, offset = (compiler.process(part, **options) for part in element.clauses)
    micros = f"CAST(extract(epoch from {instant}) * 1000000 AS BIGINT)"
    shifted = f"{micros} + {offset} + {DAYS_BEFORE * MICROS_PER_DAY}"
    return f"CAST(({shifted}) / {MICROS_PER_DAY} - {DAYS_BEFORE} AS INTEGER)"


class day_word(GenericFunction[int]):  # noqa: N801
    """The number of the word that has a local day."""

    type = Integer()
    inherit_cache = True


class day_bit(GenericFunction[int]):  # noqa: N801
    """A local day as a bit of its word."""

    type = BigInteger()
    inherit_cache = True


@compiles(day_word)
def _day_word(element: day_word, compiler: Any, **options: Any) -> str:
    (day,) = (compiler.process(part, **options) for part in element.clauses)
    divided = {"duckdb": "//", "spark": "div"}.get(compiler.dialect.name, "/")
    return f"CAST(({day} + {DAYS_BEFORE}) {divided} {WORD_DAYS} AS INTEGER)"


@compiles(day_bit)
def _day_bit(element: day_bit, compiler: Any, **options: Any) -> str:
    (day,) = (compiler.process(part, **options) for part in element.clauses)
    return f"(CAST(1 AS BIGINT) << CAST(mod({day} + {DAYS_BEFORE}, {WORD_DAYS}) AS INTEGER))"


@compiles(day_bit, "spark")
def _day_bit_spark(element: day_bit, compiler: Any, **options: Any) -> str:
    (day,) = (compiler.process(part, **options) for part in element.clauses)
    return f"shiftleft(CAST(1 AS BIGINT), CAST(mod({day} + {DAYS_BEFORE}, {WORD_DAYS}) AS INT))"
