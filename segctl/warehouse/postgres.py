"""PostgreSQL as a warehouse: read through ADBC as Arrow, in one transaction that cannot write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from segctl.base.errors import Refused
from segctl.members.read import Read
from segctl.spec.query import bound, refused
from segctl.sql.dialects import Spelling, postgresql
from segctl.sql.questions import AskCount, AskMoved, EventQuestion, PlayersQuestion, Question
from segctl.sql.statements import WHOLE, Slice, statement
from segctl.warehouse.postgres_arrow import plain
from segctl.warehouse.postgres_link import STATEMENT_SECONDS
from segctl.warehouse.postgres_links import Links, all_linked
from segctl.warehouse.postgres_tables import PostgresColumn, columns_of, spelling_of

QUERY_SECONDS = 60
PARALLEL_PLAYERS = 20_000
_INT64 = 2**63


@contextmanager
def open_postgres(url: str, zone: ZoneInfo) -> Iterator[Read]:
    """Reads of one moment of a database. Raises: Refused."""
    with all_linked(url) as links:
        yield _PostgreSQL(links, zone)


class _PostgreSQL:
    """One run's reads."""

    def __init__(self, links: Links, zone: ZoneInfo) -> None:
        self._links = links
        self._link = links.first
        self._zone = zone
        self._players = 0
        # what was told ahead, written already
        self._told: dict[Question, tuple[str, list[Any]]] = {}
        self._tables: dict[str, Mapping[str, PostgresColumn]] = {}
        self._dialect = postgresql(self._spelled)

    def __call__(self, question: Question, part: Slice) -> Any:
        told = self._told.pop(question, None) if part is WHOLE else None
        alone = part.only is not None
        answer = plain(self._links.ask(*(told or self._compiled(question, part)), alone=alone))
        if isinstance(question, AskCount):
            self._players = answer["players"][0].as_py()
        return answer

    def ahead(self, questions: Sequence[Question], part: Slice) -> None:
        """Several connections answer them."""
        if self._open():
            self._links.tell(self._compiled(question, part) for question in questions)

    def meanwhile(self, questions: Iterable[Question]) -> None:
        """Few rows are not worth dividing: workers would make the same groups each, to be put together again."""
        self._open()
        self._links.tell((self._written(question) for question in questions), alone=True)

    def _open(self) -> bool:
        """For a few players more connections would cost more than they give."""
        several = self._players >= PARALLEL_PLAYERS
        if several:
            self._links.open()
        return several

    def _written(self, question: Question) -> tuple[str, list[Any]]:
        self._told[question] = self._compiled(question, WHOLE)
        return self._told[question]

    def _compiled(self, question: Question, part: Slice) -> tuple[str, list[Any]]:
        compiled = statement(question, self._zone, part).compile(
            dialect=self._dialect, compile_kwargs={"render_postcompile": True}
        )
        params = compiled.params  # made anew at each look
        return compiled.string, [_bindable(params[name]) for name in compiled.positiontup or ()]

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

    def aside(self, moved: AskMoved, questions: Sequence[EventQuestion]) -> None:
        """Each question finds its rows: a transaction that only reads can put nothing aside."""

    def of_players(self, questions: Sequence[PlayersQuestion], part: Slice) -> None:
        """As above."""

    def _limit(self, seconds: float) -> None:
        self._link.ask(f"SELECT set_config('statement_timeout', '{round(seconds * 1000)}ms', true)")

    def _spelled(self, table: str, column: str) -> Spelling:
        if table not in self._tables:
            self._tables[table] = columns_of(self._link, table)
        return spelling_of(self._tables[table], table, column)


def _bindable(value: Any) -> Any:
    """A whole number beyond 64 bits goes as numeric, and with it all that stand in one list."""
    if isinstance(value, list):
        wide = any(map(_is_wide, value))
        return [Decimal(one) for one in value] if wide else value
    return Decimal(value) if _is_wide(value) else value


def _is_wide(value: Any) -> bool:
    return type(value) is int and not -_INT64 <= value < _INT64
