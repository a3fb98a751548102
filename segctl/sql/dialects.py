"""The SQL dialects segctl writes, and the few expressions that engines spell differently. No connection is made.

What segctl asks is standard SQL with `$1` parameters, so DuckDB's dialect is SQLAlchemy's plain one: PostgreSQL's
would do as well, and costs a tenth of a second to import.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, bindparam
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

MICROS_PER_DAY = 86_400_000_000
# Days before year 1 in this count, so that the division below never meets a negative number.
_DAYS_BEFORE = 800_000


class DuckDBDialect(DefaultDialect):
    """DuckDB's SQL. A class because SQLAlchemy chooses spellings by the dialect's name."""

    name = "duckdb"
    supports_statement_cache = True
    supports_native_boolean = True


def duckdb() -> DefaultDialect:
    """DuckDB, with `$1` parameters."""
    return DuckDBDialect(paramstyle="numeric_dollar")


class local_day(GenericFunction[int]):  # noqa: N801 - reads as a function in SQL
    """Days since 1970-01-01 of an instant, `offset_micros` east of UTC: local_day(instant, offset_micros)."""

    type = Integer()
    inherit_cache = True


@compiles(local_day, "duckdb")
def _local_day_duckdb(element: local_day, compiler: Any, **options: Any) -> str:
    instant, offset = (compiler.process(part, **options) for part in element.clauses)
    shifted = f"epoch_us({instant}) + {offset} + {_DAYS_BEFORE * MICROS_PER_DAY}"
    return f"CAST(({shifted}) // {MICROS_PER_DAY} - {_DAYS_BEFORE} AS INTEGER)"


@compiles(local_day, "postgresql")
def _local_day_postgresql(element: local_day, compiler: Any, **options: Any) -> str:
    instant, offset = (compiler.process(part, **options) for part in element.clauses)
    micros = f"CAST(extract(epoch from {instant}) * 1000000 AS BIGINT)"
    shifted = f"{micros} + {offset} + {_DAYS_BEFORE * MICROS_PER_DAY}"
    return f"CAST(({shifted}) / {MICROS_PER_DAY} - {_DAYS_BEFORE} AS INTEGER)"


def integer(value: int) -> ColumnElement[int]:
    """A bound integer wide enough for microseconds."""
    return bindparam(None, value, type_=BigInteger())
