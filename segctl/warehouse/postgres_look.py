"""What a PostgreSQL database says of itself: all that its role may read, with keys and indexes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from segctl.model.tables import Keys, Reference, StoredColumn, StoredTable, Tables
from segctl.warehouse.postgres_link import Link, linked
from segctl.warehouse.postgres_tables import COLUMNS, DEFAULT_SCHEMA, PostgresColumn, column, table_name

_OURS = """n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
    AND c.relname !~ '[.]' AND NOT c.relispartition"""
_MAY_READ = "has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')"
_READABLE = f"{COLUMNS} AND {_OURS} AND {_MAY_READ} ORDER BY 1, 2, a.attnum"
_UNREADABLE = f"""
    SELECT n.nspname::text, c.relname::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {_OURS} AND NOT EXISTS (
        SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND {_MAY_READ}
    ) ORDER BY 1, 2
"""
# An index with a condition or over an expression serves nobody who asks for rows by their columns.
_INDEXES = f"""
    SELECT n.nspname::text, c.relname::text, i.indisunique,
           array_agg(a.attname::text ORDER BY k.place) FILTER (WHERE k.place <= i.indnkeyatts)
    FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum
    WHERE i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND {_OURS}
    GROUP BY n.nspname, c.relname, i.indexrelid, i.indisprimary, i.indisunique
    ORDER BY i.indisprimary DESC, i.indexrelid
"""
_REFERENCES = f"""
    SELECT n.nspname::text, c.relname::text, a.attname::text, tn.nspname::text, t.relname::text
    FROM pg_constraint AS f
    JOIN pg_class AS c ON c.oid = f.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_class AS t ON t.oid = f.confrelid JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = f.conkey[1]
    WHERE f.contype = 'f' AND cardinality(f.conkey) = 1 AND {_OURS} ORDER BY f.oid
"""
_RANGES = "SELECT enumtypid::bigint, enumlabel::text FROM pg_enum ORDER BY enumtypid, enumsortorder"
_BY_INDEX = ("r", "p", "m")


@contextmanager
def look_at_postgres(url: str) -> Iterator[_PostgresLook]:
    """A look at a database, at one moment. Raises: Refused."""
    with linked(url) as link:
        yield _PostgresLook(link)


class _PostgresLook:
    """See `Look`."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._columns: dict[str, dict[str, PostgresColumn]] = {}

    def tables(self) -> Tables:
        found: dict[str, dict[str, PostgresColumn]] = defaultdict(dict)
        for one in map(column, self._link.rows(_READABLE)):
            found[one.table][one.name] = one
        self._columns = dict(found)
        ranges, references = self._ranges(), self._references()
        indexes = self._indexes()
        tables = (
            _table(name, list(columns.values()), ranges, references[name], indexes[name])
            for name, columns in found.items()
        )
        unreadable = tuple(table_name(schema, name) for schema, name in self._link.rows(_UNREADABLE))
        return Tables(tuple(tables), unreadable=unreadable)

    def keys(self, table: str, column: str) -> Keys:
        name = self._spelled(table, column)
        query = f"SELECT count(*), count(DISTINCT {name}), count(*) - count({name}) FROM {_quoted_table(table)}"
        ((rows, distinct, missing),) = self._link.rows(query)
        return Keys(rows, distinct, missing)

    def values(self, table: str, column: StoredColumn, but: Sequence[str], most: int) -> list[tuple[str, int]]:
        name = self._spelled(table, column.name)
        text = f"unnest({name})" if column.kind == "texts" else f"CAST({name} AS TEXT)"
        query = f"""
            SELECT value, count(*)
            FROM (SELECT {text} COLLATE "C" AS value FROM {_quoted_table(table)} WHERE {name} IS NOT NULL) AS v
            WHERE value IS NOT NULL AND value NOT IN (SELECT jsonb_array_elements_text(CAST($1 AS jsonb)))
            GROUP BY value ORDER BY count(*) DESC, value LIMIT {most}
        """
        return [(value, rows) for value, rows in self._link.rows(query, [json.dumps(list(but))])]

    def _spelled(self, table: str, column: str) -> str:
        return self._columns[table][column].spelling.read.format(_quoted(column))

    def _ranges(self) -> Mapping[int, tuple[str, ...]]:
        found: dict[int, list[str]] = defaultdict(list)
        for type_, label in self._link.rows(_RANGES):
            found[type_].append(label)
        return {type_: tuple(labels) for type_, labels in found.items()}

    def _references(self) -> Mapping[str, list[Reference]]:
        found: dict[str, list[Reference]] = defaultdict(list)
        for schema, table, name, target_schema, target in self._link.rows(_REFERENCES):
            found[table_name(schema, table)].append(Reference(name, table_name(target_schema, target)))
        return found

    def _indexes(self) -> Mapping[str, list[tuple[bool, tuple[str, ...]]]]:
        """Of each table, its indexes: unique or not, and their columns; that of the primary key first."""
        found: dict[str, list[tuple[bool, tuple[str, ...]]]] = defaultdict(list)
        for schema, table, unique, names in self._link.rows(_INDEXES):
            found[table_name(schema, table)].append((unique, tuple(names)))
        return found


def _table(
    name: str,
    columns: Sequence[PostgresColumn],
    ranges: Mapping[int, tuple[str, ...]],
    references: Sequence[Reference],
    indexes: Sequence[tuple[bool, tuple[str, ...]]],
) -> StoredTable:
    stored = tuple(StoredColumn(one.name, one.kind, one.spelled, ranges.get(one.type, ())) for one in columns)
    relation = columns[0].relation
    return StoredTable(
        name,
        stored,
        tuple(names for unique, names in indexes if unique),
        tuple(references),
        tuple(names for _, names in indexes) if relation in _BY_INDEX else None,
        partitioned=relation == "p",
    )


def _quoted_table(name: str) -> str:
    schema, _, table = name.rpartition(".")
    return f"{_quoted(schema or DEFAULT_SCHEMA)}.{_quoted(table)}"


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
