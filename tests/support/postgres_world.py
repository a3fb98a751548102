"""Writes the tables of a world into a database of PostgreSQL, in place of those that were there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

import psycopg
import pyarrow as pa
from psycopg import sql

from segctl.model.catalog import Catalog
from segctl.model.facts import PlayerFacts
from segctl.model.membership import Ids
from tests.support.world import NO_ROWS, shuffled_tables

# Columns of one Arrow type come in every form that PostgreSQL has for it, by their names.
TYPES: Mapping[pa.DataType, Sequence[str]] = {
    pa.string(): ("text", "varchar", "words"),
    pa.float64(): ("double precision",),
    pa.int64(): ("bigint", "bigint", "numeric(20,0)"),
    pa.decimal128(18, 4): ("numeric(18,4)", "numeric", "amount"),
    pa.bool_(): ("boolean",),
    pa.date32(): ("date",),
    pa.timestamp("us"): ("timestamp", "timestamp(6)"),
    pa.timestamp("us", "UTC"): ("timestamptz",),
}
_SIZED: Mapping[type[pa.DataType], str] = {
    type(pa.int32()): "integer",
    pa.Decimal128Type: "numeric({0.precision},{0.scale})",
}
_AFRESH = (
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA public",
    "CREATE DOMAIN words AS text",
    "CREATE DOMAIN amount AS numeric(18,4)",
)


def write_postgres(
    address: str, catalog: Catalog, players: Sequence[PlayerFacts], rows: Mapping[str, Ids] = NO_ROWS
) -> None:
    """See `write_world`."""
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        write_tables(cursor, shuffled_tables(catalog, players, rows))


def write_tables(cursor: psycopg.Cursor[Any], tables: Mapping[str, pa.Table]) -> None:
    """These tables, and no others any more."""
    for statement in _AFRESH:
        cursor.execute(statement)
    for name, table in tables.items():
        _write(cursor, name, table)


def _write(cursor: psycopg.Cursor[Any], name: str, table: pa.Table) -> None:
    """Creates a table and fills it."""
    types = [_type(name, field) for field in table.schema]
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(field.name), sql.SQL(kind))
        for field, kind in zip(table.schema, types, strict=True)
    ]
    cursor.execute(
        sql.SQL("CREATE UNLOGGED TABLE {} ({})").format(sql.Identifier(name), sql.SQL(", ").join(columns))
    )
    with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            copy.write_row(row)


def _type(table: str, field: pa.Field) -> str:
    if pa.types.is_timestamp(field.type):
        field = field.with_type(pa.timestamp("us", "UTC" if field.type.tz else None))
    kinds = TYPES.get(field.type) or (_SIZED[type(field.type)].format(field.type),)
    return kinds[crc32(f"{table}.{field.name}".encode()) % len(kinds)]
