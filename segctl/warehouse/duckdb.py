"""DuckDB as a warehouse: a file, opened read-only for just as long as it is read, or a folder of Parquet."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa

from segctl.base.address import without_query
from segctl.base.errors import Refused
from segctl.members.read import Read
from segctl.spec.query import bound
from segctl.sql.dialects import CHOSEN
from segctl.sql.dialects import duckdb as dialect
from segctl.sql.questions import (
    AskCount,
    AskDistinct,
    AskGrouped,
    AskLatest,
    AskMoments,
    AskMoved,
    AskNext,
    AskOrdered,
    AskPlayers,
    AskPrint,
    AskRows,
    AskSlices,
    AskTime,
    AskTouched,
    EventQuestion,
    Near,
    PlayersQuestion,
    Question,
)
from segctl.sql.statements import WHOLE, Slice, Statement, aside, of_players, statement
from segctl.warehouse.duckdb_aside import PLACE, PLACES, Aside, Rows
from segctl.warehouse.duckdb_refusals import refusal, said
from segctl.warehouse.duckdb_together import Together

LOCK_WAIT_SECONDS = 5.0
QUERY_SECONDS = 60
_RETRY_SECONDS = 0.1
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_PLACED = "SELECT p.place, a.* EXCLUDE (player) FROM ({}) AS a JOIN {} AS p ON p.player = a.player"
_NEAR = "SELECT a.player AS place, a.* EXCLUDE (player) FROM ({}) AS a"
_UNPLACED = AskPlayers | AskCount | AskSlices | AskTime | AskTouched | AskLatest | AskPrint | AskNext | AskRows
_HOLDER = re.compile(r"PID (\d+)")


@contextmanager
def open_duckdb(path: str, zone: ZoneInfo) -> Iterator[Read]:
    """Reads of a DuckDB file or a folder of Parquet. Raises: Refused."""
    connection = connected(path)
    worker = ThreadPoolExecutor(max_workers=1)
    try:
        prepare(connection)
        _close_the_door(connection, path)
        yield DuckDB(connection, path, zone, worker)
    finally:
        worker.shutdown()
        connection.close()


def connected(path: str) -> duckdb.DuckDBPyConnection:
    """A connection that cannot write; whoever asks closes it. Raises: Refused."""
    return _folder(Path(path)) if Path(path).is_dir() else _file(path)


class DuckDB:
    """One run's reads. The engine joins the places of players, since it hashes their keys faster than Arrow."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: str,
        zone: ZoneInfo,
        worker: Executor,
        *,
        small: bool = False,
    ) -> None:
        self._connection = connection
        self._path = path
        self._zone = zone
        self._dialect = dialect()
        self._settled = False
        self._worker = worker
        self._aside = Aside(connection, self._answer)
        self._together = Together()
        # of few rows each statement costs, not what it reads
        self._one_by_one = small

    def __call__(self, question: Question, part: Slice) -> Any:
        if isinstance(question, AskMoved):
            moved = self._aside.moved((question.events, question.since))
            if moved is not None:
                return moved
        if self._one_by_one or not self._settled or part.only is not None:
            return self._read(question, part)
        return self._together.answer(question, partial(self._read, part=part))

    def _read(self, question: Question, part: Slice) -> Any:
        near = self._put_aside(question, part)
        if near is not None:
            few = WHOLE if part.places is None else Slice(only=part.places, places=part.places)
            text, values = self._told(statement(near, self._zone, few), few)
            return self._answer(_NEAR.format(text), values)
        text, values = self._told(statement(question, self._zone, part), part)
        if self._settled and not _is_unplaced(question):
            text = _PLACED.format(text, PLACES if part.places is None else CHOSEN)
        return self._answer(text, values)

    def _compiled(self, query: Statement) -> tuple[str, list[Any]]:
        compiled = query.compile(dialect=self._dialect, compile_kwargs={"render_postcompile": True})
        params = compiled.params  # made anew at each look
        return compiled.string, [params[name] for name in compiled.positiontup or ()]

    def _answer(self, text: str, values: list[Any]) -> Any:
        try:
            return answered(self._worker, self._connection, text, values)
        except duckdb.Error as error:
            raise refusal(error, self._path) from error

    def _told(self, query: Statement, part: Slice) -> tuple[str, list[Any]]:
        """A statement about some players, who are told to the engine."""
        if part.only is not None:
            self._connection.register(CHOSEN, pa.table({"player": part.only, "place": part.places}))
        return self._compiled(query)

    def _put_aside(self, question: Question, part: Slice) -> PlayersQuestion | None:
        """The same question of rows that were put aside, if they were."""
        key: Rows
        moved: PlayersQuestion
        match question:
            case (
                AskGrouped(events, among=Near(since, later))
                | AskOrdered(events, among=Near(since, later))
                | AskDistinct(events, among=Near(since, later))
            ):
                key, moved = (events, since), replace(question, among=Near(since, later, None))
            case AskGrouped(among=None) | AskOrdered(among=None) | AskDistinct(among=None) | AskMoments() if (
                part.only is not None
            ):
                key, moved = (question.events, None), question
            case _:
                return None
        table = self._aside.table(key)
        return None if table is None else replace(moved, events=replace(moved.events, table=table, player=PLACE))

    def rows(self, query: str, as_of: datetime) -> Any:
        """The first column of a query of an author's, as text. It is stopped when it takes too long."""
        text = f"SELECT CAST(#1 AS VARCHAR) AS player FROM (\n{bound(query, '$as_of')}\n)"
        values = {"as_of": as_of} if "$as_of" in text else None
        try:
            answer = answered(self._worker, self._connection, text, values, QUERY_SECONDS)
        except TimeoutError as error:
            raise Refused(
                f"A segment's query ran for more than {QUERY_SECONDS} seconds and was stopped.",
                "Make it cheaper, or say it in rules, which share one scan.",
            ) from error
        except duckdb.Error as error:
            raise Refused(
                f"A segment's query could not be answered by {self._path}: {said(error)}",
                "Correct `query:`, and run the same command again.",
            ) from error
        return answer["player"].combine_chunks()

    def ahead(self, questions: Sequence[Question], part: Slice) -> None:  # noqa: ARG002 - parts are asked alike
        """One statement keeps all threads busy, and some questions need only one."""
        self._together = Together(questions)

    def meanwhile(self, questions: Iterable[Question]) -> None:
        """Rows that moved are put aside, and asked in no time."""

    def aside(self, moved: AskMoved, questions: Sequence[EventQuestion]) -> None:
        """A table in memory, with places for players."""
        self._aside.put((moved.events, moved.since), *self._compiled(aside(moved, questions, self._zone)))

    def of_players(self, questions: Sequence[PlayersQuestion], part: Slice) -> None:
        """As above."""
        self._aside.put((questions[0].events, None), *self._told(of_players(questions, self._zone, part), part))

    def settle(self, keys: Any, places: Any) -> None:
        """Joins answers to these players' places from now on."""
        self._aside.clear()
        self._connection.register(PLACES, pa.table({"player": keys, "place": places.astype(np.int32)}))
        self._settled = True


def _is_unplaced(question: Question) -> bool:
    return isinstance(question, _UNPLACED) or (isinstance(question, AskMoved) and question.by_key)


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Settings of every connection: times are told in UTC, and rows come in any order."""
    connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")


def answered(
    worker: Executor,
    connection: duckdb.DuckDBPyConnection,
    statement: str,
    values: Any,
    seconds: float | None = None,
) -> Any:
    """The answer to a bound statement. DuckDB hears no Ctrl-C while it works on one: so this thread listens.

    Raises: TimeoutError, after `seconds`; the statement has ended then.
    """
    answer = worker.submit(lambda: connection.sql(statement, params=values).to_arrow_table())
    try:
        return answer.result(seconds)
    except (KeyboardInterrupt, TimeoutError):
        connection.interrupt()
        raise


def _file(path: str) -> duckdb.DuckDBPyConnection:
    if not Path(path).is_file():
        raise Refused(
            f"There is no warehouse at {without_query(path)}.",
            "Correct `warehouse:` in segctl.yaml. To try segctl on made-up players first: segctl demo",
        )
    deadline = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            return duckdb.connect(path, read_only=True)
        except duckdb.IOException as error:
            if "lock" not in str(error):
                raise Refused(
                    f"{path} is not a DuckDB file that DuckDB {duckdb.__version__} can read.",
                    "Check `warehouse:` in segctl.yaml, and which DuckDB wrote the file.",
                ) from error
            if time.monotonic() > deadline:
                raise _locked(path, str(error)) from error
            time.sleep(_RETRY_SECONDS)


def _close_the_door(connection: duckdb.DuckDBPyConnection, path: str) -> None:
    """From now on nothing but the warehouse can be read: a query names files in more ways than a parser knows."""
    if Path(path).is_dir():
        connection.execute("SET allowed_directories = [$1]", [str(Path(path))])
    connection.execute("SET enable_external_access = false; SET lock_configuration = true")


def _locked(path: str, said: str) -> Refused:
    holder = _HOLDER.search(said)
    who = f"process {holder[1]}" if holder else "another process"
    return Refused(
        f"{path} is being written by {who}; waited {LOCK_WAIT_SECONDS:.0f} s.",
        "Close it there, or point `warehouse:` at a copy, and run the same command again.",
    )


def _folder(path: Path) -> duckdb.DuckDBPyConnection:
    """A view for each `name.parquet`, and for each folder `name/` of Parquet files."""
    connection = duckdb.connect()
    for entry in sorted(path.iterdir()):
        files = entry / "**" / "*.parquet" if entry.is_dir() else entry
        if _IDENTIFIER.fullmatch(entry.stem) and (entry.is_dir() or entry.suffix == ".parquet"):
            connection.from_parquet(str(files)).create_view(entry.stem)
    return connection
