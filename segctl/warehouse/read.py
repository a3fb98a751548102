"""Opening a warehouse by its URL: who asks gets a function from question to Arrow table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from segctl.base.address import kind
from segctl.base.errors import Refused
from segctl.members.read import Read
from segctl.warehouse.duckdb import open_duckdb
from segctl.warehouse.spark_address import SCHEME

DUCKDB = "duckdb:///"
POSTGRES = ("postgresql://", "postgres://")
SPARK = SCHEME


@contextmanager
def open_warehouse(url: str, zone: ZoneInfo) -> Iterator[Read]:
    """Reads of one moment of the warehouse; `zone` is where its days are counted.

    `url` is `duckdb:///` and the absolute or relative path of a DuckDB file or of a folder of Parquet,
    `postgresql://` and a server, or `sc://` and a Spark Connect server. Raises: Refused, for other URLs and when
    the warehouse cannot be opened or lacks what is asked for.
    """
    if url.startswith(DUCKDB):
        with open_duckdb(url.removeprefix(DUCKDB), zone) as read:
            yield read
    elif url.startswith(POSTGRES):
        from segctl.warehouse.postgres import open_postgres  # noqa: PLC0415 - a tenth of a second to import

        with open_postgres(url, zone) as read:
            yield read
    elif url.startswith(SPARK):
        from segctl.warehouse.spark import open_spark  # noqa: PLC0415 - most projects need no Spark

        with open_spark(url, zone) as read:
            yield read
    else:
        raise no_engine(url)


def no_engine(url: str) -> Refused:
    """What is said of an address that no engine reads."""
    return Refused(
        f"No engine reads warehouse addresses {kind(url)}.",
        "Write `warehouse: duckdb:///path/to/file.duckdb` (or a folder of Parquet), "
        "`warehouse: postgresql://user@host/database` or `warehouse: sc://host:15002?catalog=…` in segctl.yaml.",
    )
