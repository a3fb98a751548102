"""Rows that moved are put aside with the places of their players, whatever the type of a table's key."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from segctl.model.catalog import EventColumn, EventTable
from segctl.model.time import END
from segctl.sql.questions import AskGrouped, AskMoved, Measured, Near
from segctl.sql.statements import WHOLE
from segctl.warehouse.duckdb import DuckDB, prepare

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SINCE = (NOON - EPOCH) // timedelta(microseconds=1)
KEYS = pa.array([30, 10, 20], pa.int64())
PLACES = np.array([0, 1, 2])


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory; each event table has two new rows of 10, one of 20, one of nobody and one of a stranger."""
    with duckdb.connect() as made:
        prepare(made)
        yield made


def events(connection: duckdb.DuckDBPyConnection, name: str, kind: str, player: str = "player_id") -> EventTable:
    """A table of events whose key has a type."""
    connection.execute(
        f"CREATE TABLE {name} AS SELECT id, CAST(player AS {kind}) AS player_id, CAST(player AS BIGINT) AS amount,"
        f" TIMESTAMPTZ '2026-03-01 12:00:00+00' + INTERVAL (minute) MINUTE AS occurred_at, occurred_at AS ingested_at"
        f" FROM (VALUES (1, 10, 5), (2, 10, 6), (3, 20, 7), (4, NULL, 8), (5, 99, 9), (6, 30, -5)) AS v (id, player, minute)"
    )
    columns = (EventColumn("amount", "integer", "amount"),)
    return EventTable(name, name, "id", player, "occurred_at", columns, ingested="ingested_at")


@pytest.mark.parametrize("player", ["player_id", "Player_ID"])
def test_rows_have_the_places_of_their_players(connection: duckdb.DuckDBPyConnection, player: str) -> None:
    with ThreadPoolExecutor(max_workers=1) as worker:
        read = DuckDB(connection, ":memory:", ZoneInfo("UTC"), worker)
        read.settle(KEYS, PLACES)
        several = [
            events(connection, name, kind, player)
            for name, kind in (("small", "INTEGER"), ("large", "BIGINT"), ("huge", "HUGEINT"))
        ]
        asked = [
            AskGrouped(
                one, (END,), True, (), (None,), (Measured("sum", 0, "amount"),), among=Near(SINCE, SINCE, ())
            )
            for one in several
        ]
        moved = [AskMoved(one, SINCE, ()) for one in several]
        for question, rows in zip(asked, moved, strict=True):
            read.aside(rows, [question])

        for question, rows in zip(asked, moved, strict=True):
            answer, who = read(question, WHOLE), read(rows, WHOLE)
            sums = zip(answer["place"].to_pylist(), answer["m0"].to_pylist(), strict=True)
            assert {place: total for place, total in sums if place >= 0} == {1: 20, 2: 20}
            assert sorted(place for place in who["place"].to_pylist() if place >= 0) == [1, 1, 2]


def test_without_rows_nobody_moved(connection: duckdb.DuckDBPyConnection) -> None:
    with ThreadPoolExecutor(max_workers=1) as worker:
        read = DuckDB(connection, ":memory:", ZoneInfo("UTC"), worker)
        read.settle(KEYS, PLACES)
        payments = events(connection, "payments", "BIGINT")
        rows = AskMoved(payments, SINCE + 3_600_000_000, ())
        read.aside(rows, [])

        assert read(rows, WHOLE)["place"].to_pylist() == []
