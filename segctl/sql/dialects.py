"""The SQL dialects segctl writes, and the few expressions that engines spell differently. No connection is made.

What segctl asks is standard SQL with `$1` parameters, so DuckDB's dialect is SQLAlchemy's plain one: PostgreSQL's
would do as well, and costs a tenth of a second to import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, literal_column, quoted_name
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnClause, FunctionElement, TableClause
from sqlalchemy.sql.functions import GenericFunction

# The table of the keys that are asked about, where an engine is given one.
CHOSEN = "segctl_chosen"
# Players of whom PostgreSQL is told whatever it costs to plan.
_FEW = 1_000


class DuckDBDialect(DefaultDialect):
    """DuckDB's SQL. A class because SQLAlchemy chooses spellings by the dialect's name."""

    name = "duckdb"
    supports_statement_cache = True
    supports_native_boolean = True


def duckdb() -> DefaultDialect:
    """DuckDB, with `$1` parameters."""
    return DuckDBDialect(paramstyle="numeric_dollar")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a column of PostgreSQL must be written for its values to compare as segctl's types do.

    `read` has the column's name in place of `{}`. `text` says that it is text then, and its order a matter of
    collation; `number` that it holds numbers, `short` that they are integers of less than 64 bits.
    """

    read: str = "{}"
    text: bool = False
    number: bool = False
    short: bool = False


# A table as the catalog calls it and a column of it → its spelling.
Spelled = Callable[[str, str], Spelling]


def postgresql(spelled: Spelled) -> DefaultDialect:
    """PostgreSQL with `$1` parameters, for a database in which columns are spelled so."""
    from sqlalchemy.dialects.postgresql.base import PGDialect  # noqa: PLC0415 - see above

    dialect: Any = PGDialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
    dialect.spelled = spelled
    return dialect  # type: ignore[no-any-return]


class InWarehouse(ColumnClause[Any]):
    """A column of a table of the warehouse."""

    inherit_cache = True
    # what a subquery makes of it is a plain column
    _constructor = ColumnClause


class Carried(ColumnClause[Any]):
    """A column of a table of the warehouse as a subquery of rows of it has it: read already."""

    inherit_cache = True
    _constructor = ColumnClause
    origin: Any

    @classmethod
    def of(cls, origin: Any, rows: Any) -> Carried:
        """The column of `rows`, a subquery, that carries a column of the warehouse."""
        made = cls(quoted_name(origin.name, quote=True))
        made.table = rows
        made.origin = origin
        return made


@compiles(InWarehouse, "postgresql")
def _column_postgresql(element: InWarehouse, compiler: Any, **options: Any) -> str:
    return _spelling(element, compiler).read.format(compiler.visit_column(element, **options))


def _spelling(element: Any, compiler: Any) -> Spelling:
    if isinstance(element, Carried):
        return replace(_spelling(element.origin, compiler), read="{}")
    home = home_of(element.table) if isinstance(element, InWarehouse) else ""
    if not home:
        return Spelling()
    found: Spelling = compiler.dialect.spelled(home, element.name)
    return found


def home_of(table: Any) -> str:
    """The name of a table as a catalog calls it; "" for what is none, as a subquery."""
    if not isinstance(table, TableClause):
        return ""
    return f"{table.schema}.{table.name}" if table.schema else table.name


class _OfColumn(GenericFunction[Any]):
    """Says how a column is used. Most engines need not be told."""

    inherit_cache = True
    _register = False


class by_code_point(_OfColumn):  # noqa: N801 - reads as a function in SQL
    """Of a text, its place in an order that is the same in every database."""

    inherit_cache = True


class key_in_order(_OfColumn):  # noqa: N801
    """A player key, in an order that all tables share."""

    inherit_cache = True


class wide(_OfColumn):  # noqa: N801
    """An integer with room for a difference."""

    inherit_cache = True


class addable(_OfColumn):  # noqa: N801
    """A number with room for a sum."""

    inherit_cache = True


@compiles(by_code_point)
@compiles(key_in_order)
@compiles(wide)
@compiles(addable)
def _untold(element: Any, compiler: Any, **options: Any) -> str:
    (inner,) = element.clauses
    return str(compiler.process(inner, **options))


@compiles(by_code_point, "postgresql")
def _by_code_point_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    (inner,) = element.clauses
    told = compiler.process(inner, **options)
    return f'{told} COLLATE "C"' if _spelling(inner, compiler).text else str(told)


@compiles(key_in_order, "postgresql")
def _key_in_order_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    (inner,) = element.clauses
    told = compiler.process(inner, **options)
    return str(told) if _spelling(inner, compiler).number else f'CAST({told} AS TEXT) COLLATE "C"'


@compiles(wide, "postgresql")
def _wide_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    (inner,) = element.clauses
    told = compiler.process(inner, **options)
    return f"CAST({told} AS BIGINT)" if _spelling(inner, compiler).short else str(told)


class over(FunctionElement[Any]):  # noqa: N801
    """An aggregate over the rows that pass a condition: over("sum", condition, value).

    DuckDB is four times as fast with CASE, and PostgreSQL with FILTER.
    """

    inherit_cache = False

    def __init__(self, aggregate: str, condition: ColumnElement[bool], value: ColumnElement[Any]) -> None:
        self.aggregate = aggregate
        super().__init__(condition, value)


@compiles(over)
def _over_case(element: over, compiler: Any, **options: Any) -> str:
    condition, value = (compiler.process(part, **options) for part in element.clauses)
    return f"{element.aggregate}(CASE WHEN {condition} THEN {value} END)"


@compiles(over, "postgresql")
def _over_filter(element: over, compiler: Any, **options: Any) -> str:
    condition, value = (compiler.process(part, **options) for part in element.clauses)
    return f"{element.aggregate}({value}) FILTER (WHERE {condition})"


class among(FunctionElement[Any]):  # noqa: N801
    """Is a value one of some? PostgreSQL takes all of them as one parameter: it has no more than 65,535."""

    inherit_cache = False

    def __init__(self, value: ColumnElement[Any], constants: Iterable[Any]) -> None:
        self.constants = list(constants)
        super().__init__(value, value.in_(self.constants))


@compiles(among)
def _among_several(element: among, compiler: Any, **options: Any) -> str:
    _, several = element.clauses
    return str(compiler.process(several, **options))


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: Any, **options: Any) -> str:
    value, _ = (part for part in element.clauses)
    bound = compiler.process(bindparam(None, element.constants), **options)
    return f"{compiler.process(value, **options)} = ANY({bound})"


class chosen(FunctionElement[Any]):  # noqa: N801
    """Is a player key one of some? `keys` is an Arrow array: a table that the connection has been given.

    PostgreSQL takes them as one parameter, where they are of a kind that it can be told; else anybody may be. For
    each part of a union it would look at all of them, to plan: so of rows that are few already many are not told.
    """

    inherit_cache = False

    def __init__(self, key: ColumnElement[Any], keys: Any) -> None:
        self.keys = keys
        super().__init__(key)


@compiles(chosen)
def _chosen_table(element: chosen, compiler: Any, **options: Any) -> str:
    (key,) = element.clauses
    return f"{compiler.process(key, **options)} IN (SELECT player FROM {CHOSEN})"


@compiles(chosen, "postgresql")
def _chosen_postgresql(element: chosen, compiler: Any, **options: Any) -> str:
    (key,) = element.clauses
    if isinstance(key, Carried) and len(element.keys) > _FEW:
        return "true"
    spelled, constants = _spelling(key, compiler), element.keys.to_pylist()
    told = compiler.process(key, **options)
    if not all(isinstance(one, str) for one in constants):
        if not spelled.short and not all(isinstance(one, int) and -(2**63) <= one < 2**63 for one in constants):
            return "true"
    elif not spelled.text:
        told = f"CAST({told} AS TEXT)"
    return f"{told} = ANY({compiler.process(bindparam(None, constants), **options)})"


class row_hash(FunctionElement[Any]):  # noqa: N801
    """64 bits of some columns of a row; missing values count as such."""

    inherit_cache = False


@compiles(row_hash)
def _row_hash(element: row_hash, compiler: Any, **options: Any) -> str:
    # the hashes of several columns are only combined: hashed again they are as good as random
    return f"hash(hash({', '.join(compiler.process(part, **options) for part in element.clauses)}))"


@compiles(row_hash, "postgresql")
def _row_hash_postgresql(element: row_hash, compiler: Any, **options: Any) -> str:
    row = ", ".join(compiler.process(part, **options) for part in element.clauses)
    return f"hashtextextended(CAST(ROW({row}) AS TEXT), 0)"


def integer(value: int) -> ColumnElement[int]:
    """A number of our own making, such as that of a bucket: written out. What an author wrote is bound."""
    return literal_column(str(int(value)), BigInteger())
