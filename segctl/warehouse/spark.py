"""Spark Connect as a warehouse: the cluster filters and groups, and its answers come as Arrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from segctl.base.errors import Refused
from segctl.members.read import Read
from segctl.spec.query import bound, refused, tables_of
from segctl.sql.questions import AskMoved, AskSlices, EventQuestion, PlayersQuestion, Question
from segctl.sql.samples import sample, sampled
from segctl.sql.spark import SparkSpelling, spark
from segctl.sql.statements import Slice, Statement, statement
from segctl.warehouse.spark_session import Session, in_session
from segctl.warehouse.spark_tables import SparkColumn, columns_of, spelling_of

QUERY_SECONDS = 60.0
DIALECT = "spark"
# schemas that mean files: parquet.`/some/path`
_FILES = ("avro", "binaryfile", "csv", "delta", "iceberg", "json", "orc", "parquet", "text", "xml")


@contextmanager
def open_spark(url: str, zone: ZoneInfo) -> Iterator[Read]:
    """Reads of a Spark warehouse. Raises: Refused."""
    with in_session(url) as session:
        yield _Spark(session, zone)


class _Spark:
    """One run's reads."""

    def __init__(self, session: Session, zone: ZoneInfo) -> None:
        self._session = session
        self._zone = zone
        self._tables: dict[str, Mapping[str, SparkColumn]] = {}
        self._dialect = spark(self._spelled)

    def __call__(self, question: Question, part: Slice) -> Any:
        if isinstance(question, AskSlices):
            keys = self._asked(sample(question))["player"].to_pylist()
            return pa.table({"player": sampled(question, keys)})
        return self._asked(statement(question, self._zone, part))

    def rows(self, query: str, as_of: datetime) -> Any:
        """The first column of a query of an author's, as text. It is stopped when it takes too long."""
        told = refused(query, (DIALECT,)) or _files(query)
        if told is not None:
            raise Refused(f"A segment's query may not run on Spark: {told[0]}", told[1])
        text = f"SELECT CAST(q.id AS STRING) AS player FROM (\n{bound(query, ':as_of', DIALECT)}\n) AS q (id)"
        values = {"as_of": as_of} if ":as_of" in text else {}
        try:
            for table in tables_of(query, DIALECT):
                self._columns(table)
            answer = self._session.ask(text, values, QUERY_SECONDS)
        except Refused as error:
            help_line = f"Correct `query:`, or make it cheaper: it may run for {QUERY_SECONDS:.0f} seconds."
            raise Refused(f"A segment's query was not answered. {error.message}", help_line) from None
        return answer["player"].combine_chunks()

    def ahead(self, questions: Sequence[Question], part: Slice) -> None:
        """One statement keeps the whole cluster busy."""

    def meanwhile(self, questions: Iterable[Question]) -> None:
        """Of what is on Spark nothing is kept, and so nothing moved."""

    def settle(self, keys: Any, places: Any) -> None:
        """Answers bring `player`: nothing is written into the cluster."""

    def aside(self, moved: AskMoved, questions: Sequence[EventQuestion]) -> None:
        """As above."""

    def of_players(self, questions: Sequence[PlayersQuestion], part: Slice) -> None:
        """As above."""

    def _asked(self, query: Statement) -> Any:
        compiled = query.compile(dialect=self._dialect, compile_kwargs={"render_postcompile": True})
        return self._session.ask(compiled.string, compiled.params)

    def _spelled(self, table: str, column: str) -> SparkSpelling:
        return spelling_of(self._columns(table), table, column)

    def _columns(self, table: str) -> Mapping[str, SparkColumn]:
        if table not in self._tables:
            self._tables[table] = columns_of(self._session, table)
        return self._tables[table]


def _files(query: str) -> tuple[str, str] | None:
    """Why a query may not run that names a file where others name a schema."""
    schemas = (table.lower().split(".")[0] for table in tables_of(query, DIALECT) if "." in table)
    found = next((schema for schema in schemas if schema in _FILES), None)
    return (f"`{found}.` names files.", "Select from tables of the warehouse.") if found else None
