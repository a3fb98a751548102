"""PostgreSQL as a warehouse: read through ADBC as Arrow, in one transaction that cannot write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from segctl.base.errors import Refused
from segctl.members.evaluate import Read
from segctl.spec.query import bound, refused
from segctl.sql.dialects import Spelling, postgresql
from segctl.sql.questions import Question
from segctl.sql.statements import Slice, statement
from segctl.warehouse.postgres_arrow import plain
from segctl.warehouse.postgres_link import STATEMENT_SECONDS, Link, linked
from segctl.warehouse.postgres_tables import PostgresColumn, columns_of, spelling_of

QUERY_SECONDS = 60
_INT64 = 2**63


@contextmanager
def open_postgres(url: str, zone: ZoneInfo) -> Iterator[Read]:
    """Reads of one moment of a database. Raises: Refused."""
    with linked(url) as link:
        yield _PostgreSQL(link, zone)


class _PostgreSQL:
    """One run's reads."""

    def __init__(self, link: Link, zone: ZoneInfo) -> None:
        self._link = link
        self._zone = zone
        self._tables: dict[str, Mapping[str, PostgresColumn]] = {}
        self._dialect = postgresql(self._spelled)

    def __call__(self, question: Question, part: Slice) -> Any:
        compiled = statement(question, self._zone, part).compile(
            dialect=self._dialect, compile_kwargs={"render_postcompile": True}
        )
        params = compiled.params  # made anew at each look
        values = [_bindable(params[name]) for name in compiled.positiontup or ()]
        return plain(self._link.ask(compiled.string, values))

    def rows(self, query: str, as_of: datetime) -> Any:
        """The first column of a query of an author's, as text. It is stopped when it takes too long."""
        told = refused(query, ("postgres",))
        if told is not None:
            raise Refused(f"A segment's query may not run on PostgreSQL: {told[0]}", told[1])
        text = f"SELECT CAST(q.id AS TEXT) AS player FROM (\n{bound(query, '$1')}\n) AS q (id)"
        values = [as_of] if "$1" in text else []
        self._limit(QUERY_SECONDS)
        try:
            answer = self._link.ask(text, values)
        except Refused as error:
            help_line = f"Correct `query:`, or make it cheaper: it may run for {QUERY_SECONDS} seconds."
            raise Refused(f"A segment's query was not answered. {error.message}", help_line) from error
        self._limit(STATEMENT_SECONDS)
        return answer["player"].combine_chunks()

    def settle(self, keys: Any, places: Any) -> None:
        """Answers bring `player`: a transaction that only reads can hold no places to join."""

    def _limit(self, seconds: float) -> None:
        self._link.ask(f"SELECT set_config('statement_timeout', '{round(seconds * 1000)}ms', true)")

    def _spelled(self, table: str, column: str) -> Spelling:
        if table not in self._tables:
            self._tables[table] = columns_of(self._link, table)
        return spelling_of(self._tables[table], table, column)


def _bindable(value: Any) -> Any:
    """A whole number beyond 64 bits goes as numeric."""
    return Decimal(value) if type(value) is int and not -_INT64 <= value < _INT64 else value
