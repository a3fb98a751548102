"""What a Spark warehouse says of itself: the tables of its schema, and of others those that somebody names.

Spark declares no keys and has no indexes. A folder of Parquet cannot be listed, so its tables have to be named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from segctl.base.errors import Refused
from segctl.model.tables import Keys, StoredColumn, StoredTable, Tables
from segctl.warehouse.spark_refusals import NotReadable, NotThere
from segctl.warehouse.spark_session import Session, in_session
from segctl.warehouse.spark_tables import SparkColumn, columns_of, quoted, quoted_table

_LISTS = ("SHOW TABLES", "SHOW VIEWS")
# how servers call the column that has the names
_NAMES = ("tableName", "viewName", "name")


@contextmanager
def look_at_spark(url: str, named: Collection[str] | None) -> Iterator[_SparkLook]:
    """A look at a warehouse; of the tables, `named` ones if any are. Raises: Refused."""
    with in_session(url) as session:
        yield _SparkLook(session, named)


class _SparkLook:
    """See `Look`."""

    def __init__(self, session: Session, named: Collection[str] | None) -> None:
        self._session = session
        self._named = named
        self._columns: dict[str, Mapping[str, SparkColumn]] = {}

    def tables(self) -> Tables:
        listed = self._listed()
        unreadable = []
        for table in dict.fromkeys(listed if self._named is None else self._named):
            with suppress(NotThere):
                try:
                    self._columns[table] = columns_of(self._session, table)
                except NotReadable:
                    unreadable.append(table)
        known = {table.lower() for table in (*self._columns, *unreadable)}
        found = [StoredTable(name, _stored(columns)) for name, columns in self._columns.items()]
        found += [StoredTable(name, ()) for name in listed if name.lower() not in known]
        return Tables(tuple(found), case_sensitive=False, unreadable=tuple(unreadable))

    def keys(self, table: str, column: str) -> Keys:
        name = self._spelled(table, column)
        query = f"SELECT count(*), count(DISTINCT {name}), count(*) - count({name}) FROM {quoted_table(table)}"
        ((rows, distinct, missing),) = self._session.rows(query)
        return Keys(rows, distinct, missing)

    def values(self, table: str, column: StoredColumn, but: Sequence[str], most: int) -> list[tuple[str, int]]:
        name = self._spelled(table, column.name)
        text = f"explode({name})" if column.kind == "texts" else f"CAST({name} AS STRING)"
        other = "AND NOT array_contains(:but, value)" if but else ""
        query = f"""
            SELECT value, count(*) AS rows
            FROM (SELECT {text} AS value FROM {quoted_table(table)} WHERE {name} IS NOT NULL) AS v
            WHERE value IS NOT NULL {other}
            GROUP BY value ORDER BY count(*) DESC, value LIMIT {most}
        """
        return [(value, rows) for value, rows in self._session.rows(query, {"but": list(but)} if but else {})]

    def _listed(self) -> list[str]:
        """The tables of the schema; none of a folder of Parquet. Not every server lists views."""
        if self._session.address.parquet is not None:
            return self._cannot_be_listed() if self._named is None else []
        found = []
        for statement in _LISTS:
            with suppress(Refused):
                answer = self._session.ask(statement)
                found += next(answer[name].to_pylist() for name in _NAMES if name in answer.column_names)
        return sorted(set(found))

    def _cannot_be_listed(self) -> list[str]:
        raise Refused(
            "Spark does not list the tables of a folder of Parquet.",
            "Look at a copy of a part of it: segctl catalog infer --warehouse duckdb:///path/of/the/folder",
            "Or name the folders as tables of a catalog, and say `?catalog=…&schema=…` in place of `?parquet=…`.",
        )

    def _spelled(self, table: str, column: str) -> str:
        return self._columns[table][column.lower()].spelling.read.format(quoted(column))


def _stored(columns: Mapping[str, SparkColumn]) -> tuple[StoredColumn, ...]:
    return tuple(StoredColumn(one.name, one.kind, one.spelled) for one in columns.values())
