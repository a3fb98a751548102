"""What PostgreSQL's own catalog says of tables and columns, and how their values are to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segctl.base.errors import Refused
from segctl.model.tables import StoredKind
from segctl.sql.dialects import Spelling
from segctl.warehouse.postgres_arrow import declared_scale
from segctl.warehouse.postgres_link import Link

DEFAULT_SCHEMA = "public"
# Tables, partitioned ones, views, materialized views, foreign tables. A domain is what it is made of.
COLUMNS = """
    WITH RECURSIVE base(id, type, typmod) AS (
        SELECT oid, oid, -1 FROM pg_type WHERE typtype <> 'd'
        UNION ALL
        SELECT d.oid, b.type, CASE WHEN d.typtypmod <> -1 THEN d.typtypmod ELSE b.typmod END
        FROM pg_type AS d JOIN base AS b ON b.id = d.typbasetype WHERE d.typtype = 'd'
    )
    SELECT n.nspname::text, c.relname::text, c.relkind::text, a.attname::text,
           format_type(a.atttypid, a.atttypmod),
           t.typname::text, t.typtype::text, e.typname::text, e.typtype::text,
           CASE WHEN a.atttypmod <> -1 THEN a.atttypmod ELSE b.typmod END,
           coalesce(l.collisdeterministic, true), t.oid::bigint
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN base AS b ON b.id = a.atttypid
    JOIN pg_type AS t ON t.oid = b.type
    LEFT JOIN pg_type AS e ON e.oid = t.typelem AND t.typcategory = 'A'
    LEFT JOIN pg_collation AS l ON l.oid = a.attcollation
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
_ONE = f"{COLUMNS} AND n.nspname = $1 AND c.relname = $2 ORDER BY a.attnum"
_TEXT = ("text", "varchar", "bpchar", "name", "citext", "uuid")
_KINDS: dict[str, StoredKind] = {
    **dict.fromkeys(_TEXT, "text"),
    **dict.fromkeys(("int2", "int4", "int8"), "integer"),
    **dict.fromkeys(("float4", "float8"), "float"),
    "bool": "boolean",
    "date": "date",
    "timestamp": "naive",
    "timestamptz": "instant",
}


@dataclass(frozen=True, slots=True)
class PostgresColumn:
    """A column: its table as a catalog calls it, what it holds, and how it is written in a statement."""

    table: str
    relation: str
    name: str
    kind: StoredKind
    spelled: str
    spelling: Spelling
    type: int


def columns_of(link: Link, table: str) -> Mapping[str, PostgresColumn]:
    """The columns of a table by name, in their order; none if there is no such table. Raises: Refused."""
    schema, _, bare = table.rpartition(".")
    found = (column(row) for row in link.rows(_ONE, (schema or DEFAULT_SCHEMA, bare)))
    return {one.name: one for one in found}


def column(row: tuple[object, ...]) -> PostgresColumn:
    """A row of `COLUMNS`."""
    schema, table, relation, name, spelled, base, how, element, element_how, typmod, deterministic, type_ = row
    kind = _kind(str(base), str(how), str(element), str(element_how), int(str(typmod)))
    plain = bool(deterministic) and base in ("text", "varchar", "name")
    return PostgresColumn(
        table_name(str(schema), str(table)),
        str(relation),
        str(name),
        kind,
        str(spelled),
        _spelling(kind, str(base), str(element), plain=plain),
        int(str(type_)),
    )


def table_name(schema: str, table: str) -> str:
    """As a catalog calls it."""
    return table if schema == DEFAULT_SCHEMA else f"{schema}.{table}"


def spelling_of(found: Mapping[str, PostgresColumn], table: str, name: str) -> Spelling:
    """How to write a column. Raises: Refused, when it is not there or holds what segctl does not read."""
    one = found.get(name)
    if one is None:
        what = f"column {name} of {table}" if found else f"table {table}"
        raise Refused(
            f"The warehouse has no {what}.",
            "Correct segments/catalog.yaml, or the warehouse. Compare them with: segctl catalog check",
        )
    if one.kind == "other":
        raise Refused(
            f"{table}.{name} is {one.spelled}, which segctl does not read.",
            "Cast the column in a view, and name the view in segments/catalog.yaml.",
        )
    return one.spelling


def _kind(base: str, how: str, element: str, element_how: str, typmod: int) -> StoredKind:
    if how == "e":
        return "text"
    if base == "numeric":
        return "integer" if declared_scale(typmod) == 0 else "decimal"
    if element_how == "e" or element in _TEXT:
        return "texts"
    return _KINDS.get(base, "other")


def _spelling(kind: StoredKind, base: str, element: str, *, plain: bool) -> Spelling:
    match kind:
        case "text" if plain:
            return Spelling(text=True)
        case "text":
            # an enumeration, a uuid, char(n) without its blanks, or a text that equals others
            return Spelling('CAST({} AS TEXT) COLLATE "C"', text=True)
        case "texts" if element != "text":
            return Spelling("CAST({} AS TEXT[])")
        case "integer" | "decimal" | "float":
            return Spelling(number=True, short=base in ("int2", "int4"))
        case _:
            return Spelling()
