"""A session on a Spark Connect server, ours alone: its settings end with it, and nothing is written.

Statements run in threads of their own, so that this one hears Ctrl-C and the clock, and tells the server to stop.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from itertools import count
from threading import Thread
from typing import Any, TypeVar

from segctl.base.errors import Refused
from segctl.warehouse.spark_address import SparkAddress, spark_address
from segctl.warehouse.spark_literals import literal
from segctl.warehouse.spark_refusals import missing_extra, refused_by, stopped, unreachable

T = TypeVar("T")
# of the parameters `:name`
Values = Mapping[str, Any]
_NONE: Values = {}
STATEMENT_SECONDS = 1800.0
CONNECT_SECONDS = 10.0
# how long a server may take to stop a statement, or to forget a session, before it is left alone with it
FAREWELL_SECONDS = 5.0
# a break of some ten seconds is waited for, where Spark's client would wait for ten minutes
_TRIES, _LONGEST_WAIT_MS = 6, 5_000
# Instants are read in UTC whatever the server's zone, and sums that do not fit are errors, not NULL.
_NEEDED = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
# Some servers do not let sessions say these; their own defaults are the same but for the first.
_WANTED = {
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    "spark.sql.parser.quotedRegexColumnNames": "false",
}


class Session:
    """What is asked runs here."""

    def __init__(self, spark: Any, address: SparkAddress) -> None:
        self.spark = spark
        self.address = address
        self._numbers = count(1)

    def ask(self, text: str, values: Values = _NONE, seconds: float = STATEMENT_SECONDS) -> Any:
        """The answer as an Arrow table. Ctrl-C is told to the server. Raises: Refused, KeyboardInterrupt."""
        return self.answer(self.start(text, values), seconds)

    def start(self, text: str, values: Values = _NONE) -> tuple[str, Future[Any]]:
        """Begins to ask; `answer` waits for it."""
        tag = f"segctl-{next(self._numbers)}"
        return tag, begun(lambda: self._told(text, values, tag))

    def answer(self, started: tuple[str, Future[Any]], seconds: float = STATEMENT_SECONDS) -> Any:
        """What was asked for. Raises: Refused."""
        tag, answer = started
        try:
            return self._waited(answer, seconds)
        except KeyboardInterrupt:
            self.stop(tag)
            raise
        except TimeoutError:
            self.stop(tag)
            raise stopped(self.address, seconds) from None

    def do(self, what: Callable[[], T], seconds: float = STATEMENT_SECONDS) -> T:
        """What a call of Spark's client gives. Raises: Refused."""
        try:
            return self._waited(begun(what), seconds)
        except TimeoutError:
            raise stopped(self.address, seconds) from None

    def stop(self, tag: str) -> None:
        """Tells the server to end a statement."""
        with suppress(Exception):
            begun(lambda: self.spark.interruptTag(tag)).result(FAREWELL_SECONDS)

    def rows(self, text: str, values: Values = _NONE) -> list[tuple[Any, ...]]:
        """The answer as Python values. Raises: Refused."""
        table = self.ask(text, values)
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))

    def _waited(self, answer: Future[T], seconds: float) -> T:
        try:
            return answer.result(seconds)
        except _errors() as error:
            raise refused_by(error, self.address) from None

    def _told(self, text: str, values: Values, tag: str) -> Any:
        self.spark.addTag(tag)
        args = {name: literal(value) for name, value in values.items()}
        return self.spark.sql(text, args=args or None).toArrow()


@contextmanager
def in_session(url: str) -> Iterator[Session]:
    """A session at an address. Raises: Refused."""
    address = spark_address(url)
    spark = _connected(address)
    session = Session(spark, address)
    try:
        _prepare(session)
        yield session
    finally:
        with suppress(Exception):
            begun(spark.stop).result(FAREWELL_SECONDS)


def begun(what: Callable[[], T]) -> Future[T]:
    """Runs it in a thread that nobody waits for at the end of the process."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(what())
        except BaseException as error:  # noqa: BLE001 - whoever waits for it is told
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


def _connected(address: SparkAddress) -> Any:
    _import_client()
    from pyspark.sql.connect.client.core import DefaultChannelBuilder  # noqa: PLC0415 - they are an extra
    from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415
    from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415

    builder = DefaultChannelBuilder(address.server)
    for name, value in ({"user_agent": "segctl"} | dict(address.options)).items():
        builder.set(name, value)
    if not _answers(builder.toChannel()):
        raise unreachable(address)
    spark = SparkSession.builder.channelBuilder(builder).create()
    spark.client.set_retry_policies([DefaultPolicy(max_retries=_TRIES, max_backoff=_LONGEST_WAIT_MS)])
    return spark


def _answers(channel: Any) -> bool:
    """Does somebody answer there? A channel by itself tries on and on."""
    from grpc import ChannelConnectivity  # noqa: PLC0415 - it is an extra

    ready: Future[bool] = Future()

    def seen(state: Any) -> None:
        if state in (ChannelConnectivity.READY, ChannelConnectivity.TRANSIENT_FAILURE):
            with suppress(InvalidStateError):
                ready.set_result(state is ChannelConnectivity.READY)

    channel.subscribe(seen, try_to_connect=True)
    try:
        return ready.result(CONNECT_SECONDS)
    except TimeoutError:
        return False
    finally:
        channel.close()


def _errors() -> tuple[type[Exception], ...]:
    import grpc  # noqa: PLC0415 - they are an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415

    return grpc.RpcError, PySparkException


def _import_client() -> None:
    """Imports Spark's client, which speaks of pandas and logs what servers say, quietly. Raises: Refused."""
    if importlib.util.find_spec("pyspark") is None or importlib.util.find_spec("grpc") is None:
        raise missing_extra()
    # what it logs repeats stored values
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger", "pyspark"):
        logging.getLogger(name).disabled = True
    warnings.filterwarnings("ignore", message=r"PySpark does not yet fully support pandas", category=FutureWarning)
    warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]")
    importlib.import_module("pyspark.sql.connect.session")


def _prepare(session: Session) -> None:
    spark, address = session.spark, session.address
    for name, value in _NEEDED.items():
        session.do(lambda name=name, value=value: spark.conf.set(name, value))  # type: ignore[misc]
    for name, value in _WANTED.items():
        with suppress(Refused):
            session.do(lambda name=name, value=value: spark.conf.set(name, value))  # type: ignore[misc]
    if address.catalog is not None:
        session.do(lambda: spark.catalog.setCurrentCatalog(address.catalog))
    if address.schema is not None:
        session.do(lambda: spark.catalog.setCurrentDatabase(address.schema))
