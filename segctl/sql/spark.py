"""Spark's SQL: identifiers in backticks, `:name` parameters, and its own spellings. No connection is made.

Sums are exact: Spark adds 64-bit integers in 64 bits, so they are widened to decimals first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import GenericTypeCompiler, IdentifierPreparer, SQLCompiler

from segctl.sql.days import DAYS_BEFORE, MICROS_PER_DAY, local_day
from segctl.sql.dialects import (
    InWarehouse,
    addable,
    among,
    home_of,
    over,
    wide,
)

# Each parameter of a statement costs a server time; beyond so many, values go as one array.
MOST_ALONE = 50


@dataclass(frozen=True, slots=True)
class SparkSpelling:
    """How a column is written. `integer` says that it holds 64-bit integers, `short` smaller ones."""

    read: str = "{}"
    integer: bool = False
    short: bool = False


# A table as the catalog calls it and a column of it → its spelling.
SparkSpelled = Callable[[str, str], SparkSpelling]


class _Compiler(SQLCompiler):
    """Functions by their names."""

    def visit_strpos_func(self, function: Any, **options: Any) -> str:
        return self._called("instr", function.clauses, options)

    def visit_starts_with_func(self, function: Any, **options: Any) -> str:
        return self._called("startswith", function.clauses, options)

    def visit_timezone_func(self, function: Any, **options: Any) -> str:
        zone, naive = function.clauses
        return self._called("to_utc_timestamp", (naive, zone), options)

    def _called(self, name: str, parts: Iterable[Any], options: Any) -> str:
        return f"{name}({', '.join(self.process(part, **options) for part in parts)})"


class _TypeCompiler(GenericTypeCompiler):
    """Spark's text has no length."""

    def visit_VARCHAR(self, type_: Any, **options: Any) -> str:  # noqa: ARG002, N802 - SQLAlchemy's
        return "STRING"


class _Preparer(IdentifierPreparer):
    """Names between backticks."""

    def __init__(self, dialect: Any) -> None:
        super().__init__(dialect, initial_quote="`", escape_quote="`")


class SparkDialect(DefaultDialect):
    """See above. A class because SQLAlchemy chooses spellings by the dialect's name."""

    name = "spark"
    supports_statement_cache = False
    supports_native_boolean = True
    statement_compiler = _Compiler
    type_compiler_cls = _TypeCompiler
    preparer = _Preparer  # type: ignore[assignment]
    spelled: SparkSpelled


def spark(spelled: SparkSpelled) -> SparkDialect:
    """Spark, for a warehouse in which columns are spelled so.

    Parameters are named: of more than four `?`, Spark 4.1 and 4.2 bind some in place of others (SPARK-58341).
    """
    dialect = SparkDialect(paramstyle="named")
    dialect.spelled = spelled
    return dialect


def _spelling(element: Any, compiler: Any) -> SparkSpelling:
    home = home_of(element.table) if isinstance(element, InWarehouse) else ""
    if not home:
        return SparkSpelling()
    found: SparkSpelling = compiler.dialect.spelled(home, element.name)
    return found


@compiles(InWarehouse, "spark")
def _column(element: InWarehouse, compiler: Any, **options: Any) -> str:
    return _spelling(element, compiler).read.format(compiler.visit_column(element, **options))


@compiles(addable, "spark")
@compiles(wide, "spark")
def _exact(element: Any, compiler: Any, **options: Any) -> str:
    (inner,) = element.clauses
    told, spelling = compiler.process(inner, **options), _spelling(inner, compiler)
    if spelling.integer:
        return f"CAST({told} AS DECIMAL(20, 0))"
    return f"CAST({told} AS BIGINT)" if spelling.short else str(told)


@compiles(over, "spark")
def _over(element: over, compiler: Any, **options: Any) -> str:
    condition, value = (compiler.process(part, **options) for part in element.clauses)
    return f"{element.aggregate}({value}) FILTER (WHERE {condition})"


@compiles(among, "spark")
def _among(element: among, compiler: Any, **options: Any) -> str:
    value, several = element.clauses
    if len(element.constants) <= MOST_ALONE:
        return str(compiler.process(several, **options))
    bound = compiler.process(bindparam(None, element.constants), **options)
    return f"array_contains({bound}, {compiler.process(value, **options)})"


@compiles(local_day, "spark")
def _local_day(element: Any, compiler: Any, **options: Any) -> str:
    instant, offset = (compiler.process(part, **options) for part in element.clauses)
    shifted = f"unix_micros(CAST({instant} AS TIMESTAMP)) + {offset} + {DAYS_BEFORE * MICROS_PER_DAY}"
    return f"CAST(({shifted}) div {MICROS_PER_DAY} - {DAYS_BEFORE} AS INT)"
