"""A warehouse of tables that are brought, as those of a segment test are: a DuckDB in memory."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from segctl.members.read import Read
from segctl.warehouse.duckdb import DuckDB, prepare


class Brought:
    """Made once, filled again for each run; whoever makes it closes it."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._connection = duckdb.connect(config={"threads": 1})
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._zone = zone
        prepare(self._connection)

    def read(self, tables: Mapping[str, pa.Table]) -> Read:
        """Reads of these tables by name, until the next call."""
        for name, table in tables.items():
            self._connection.register(name, table)
        return DuckDB(self._connection, ":memory:", self._zone, self._worker, small=True)

    def close(self) -> None:
        """Gives everything back."""
        self._worker.shutdown()
        self._connection.close()
