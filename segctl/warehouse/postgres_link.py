"""A connection to PostgreSQL in one transaction that can only read, at one moment of the database.

ADBC hands answers over as Arrow. A worker waits for them, so that this thread hears Ctrl-C and cancels.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import Any

from segctl.warehouse.postgres_refusals import missing_extra, refused_by, unreachable

# Every statement may take half an hour; a lock that nobody gives up is waited for ten seconds.
STATEMENT_SECONDS = 1800
LOCK_SECONDS = 10
_CONNECT_SECONDS = 10
_TELL_AGAIN_SECONDS = 0.1
_ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# Names without a schema are those of `public`; nobody's own functions come before PostgreSQL's.
_SETTINGS = {
    "TimeZone": "UTC",
    "client_encoding": "UTF8",
    "search_path": "pg_catalog, public",
    # compiling the many small expressions of a question was measured to take longer than it saves
    "jit": "off",
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "lock_timeout": f"{LOCK_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{STATEMENT_SECONDS}s",
}
_SET = "SELECT " + ", ".join(f"set_config('{name}', '{value}', true)" for name, value in _SETTINGS.items())
_WORKERS = "max_parallel_workers_per_gather"
_ALONE = f"SELECT set_config('{_WORKERS}', '0', true)"
_DIVIDED = f"SELECT set_config('{_WORKERS}', (SELECT reset_val FROM pg_settings WHERE name = '{_WORKERS}'), true)"


class Link:
    """What is asked runs here, one statement after another, as of the same moment."""

    def __init__(self, connection: Any, worker: Executor, url: str) -> None:
        self._connection = connection
        self._worker = worker
        self._url = url
        self._alone = False

    def ask(self, text: str, values: Sequence[Any] = (), *, alone: bool = False) -> Any:
        """The answer as an Arrow table; `alone` says that the server shall not divide it. Raises: Refused."""
        return self.answer(self.start(text, values, alone=alone))

    def start(self, text: str, values: Sequence[Any] = (), *, alone: bool = False) -> Future[Any]:
        """Begins to ask; `answer` waits for it."""
        return self._worker.submit(self._answered, text, values, alone)

    def answer(self, started: Future[Any]) -> Any:
        """What was asked for. Raises: Refused; after Ctrl-C KeyboardInterrupt, and the statement has ended."""
        try:
            return started.result()
        except KeyboardInterrupt:
            # between two messages the server has nothing to cancel: so it is told until the statement has ended
            while wait([started], _TELL_AGAIN_SECONDS).not_done:
                self.cancel()
            raise
        except _errors() as error:
            raise refused_by(error, self._url) from error

    def cancel(self) -> None:
        """Ends the statement that runs, if one does."""
        with suppress(*_errors()):
            self._connection.adbc_cancel()

    def rows(self, text: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The answer as Python values. Raises: Refused."""
        table = self.ask(text, values)
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))

    def _answered(self, text: str, values: Sequence[Any], alone: bool) -> Any:  # noqa: FBT001 - of a worker's call
        if alone != self._alone:
            self._told(_ALONE if alone else _DIVIDED, ())
            self._alone = alone
        return self._told(text, values)

    def _told(self, text: str, values: Sequence[Any]) -> Any:
        with self._connection.cursor() as cursor:
            cursor.execute(text, tuple(values) or None)
            return cursor.fetch_arrow_table()


@contextmanager
def linked(url: str, snapshot: str | None = None) -> Iterator[Link]:
    """A transaction at an address; `snapshot` is another one's moment to look at. Raises: Refused."""
    connection = _connected(url)
    worker = ThreadPoolExecutor(max_workers=1)
    try:
        link = Link(connection, worker, url)
        link.ask(_ONE_MOMENT)
        if snapshot is not None:
            link.ask(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        link.ask(_SET)
        yield link
    finally:
        worker.shutdown()
        # a connection that is gone has nothing to give back; the server lets go of what others may wait for
        with suppress(*_errors()):
            connection.rollback()
        with suppress(*_errors()):
            connection.close()


def _connected(url: str) -> Any:
    dbapi = _dbapi()
    try:
        # in autocommit the driver ends a transaction of ours after each statement that has instants bound
        return dbapi.connect(_completed(url), autocommit=False)
    except dbapi.Error as error:
        raise unreachable(error, url) from None


def _completed(url: str) -> str:
    """With what the driver is to be told, where the address does not say otherwise."""
    wanted = {"connect_timeout": str(_CONNECT_SECONDS), "application_name": "segctl"}
    missing = [f"{name}={value}" for name, value in wanted.items() if f"{name}=" not in url]
    return f"{url}{'&' if '?' in url else '?'}{'&'.join(missing)}" if missing else url


def _dbapi() -> Any:
    if importlib.util.find_spec("adbc_driver_postgresql") is None:
        raise missing_extra()
    from adbc_driver_postgresql import dbapi  # noqa: PLC0415 - it is an extra

    return dbapi


def _errors() -> tuple[type[Exception], ...]:
    return (_dbapi().Error,)
