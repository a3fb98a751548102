"""Writes the demo warehouse: a DuckDB file of invented players and their events. Reads no clock and no other file.

Two passes, both in blocks, so that memory stays bounded: the first draws players and *when* things happen to them,
and stages those moments; the second reads the moments back in the order of time and draws *what* happened. So
event tables are stored in the order of time, which makes time slices cheap, and only narrow columns are sorted.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from segctl.demo.bet_rows import bets
from segctl.demo.block import block
from segctl.demo.contact_rows import crm_events, rg_events, scores, sessions
from segctl.demo.draws import generator
from segctl.demo.moments import Moments, to_arrow
from segctl.demo.money_rows import bonuses, payments
from segctl.demo.people import Taste
from segctl.demo.staging import in_time_order, insert, insert_all
from segctl.demo.tables import EVENTS, PROFILES, STAGED

BLOCK_PLAYERS = 20_000
MEMORY_LIMIT = "400MB"
"""Of each of the two files; DuckDB sorts more than that on disk."""

Rows = Callable[[np.random.Generator, Moments, Taste, int], pa.Table]
ROWS: dict[str, Rows] = {
    "payments": payments,
    "bets": bets,
    "sessions": sessions,
    "bonuses": bonuses,
    "rg_events": rg_events,
    "crm_events": crm_events,
    "scores": scores,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a table is; for event tables the part of the rows written, counted in players."""

    table: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for; `as_of` in microseconds since 1970."""

    players: int
    seed: int
    as_of: int
    events_per_player: float
    progress: Callable[[Progress], None]


def _silent(_progress: Progress) -> None:
    pass


def write_warehouse(
    path: Path,
    *,
    players: int,
    seed: int,
    as_of: datetime,
    events_per_player: float = 50.0,
    progress: Callable[[Progress], None] = _silent,
) -> None:
    """Writes the file in one move: an interrupted run leaves nothing at `path`, or what was there before.

    The same arguments give the same rows in the same order. `scores` come on top of `events_per_player`.

    Raises:
        ValueError: `as_of` has no time zone, or there are no players.
    """
    if as_of.tzinfo is None or players < 1:
        raise ValueError("A demo warehouse needs an `as_of` with a time zone, and one player at the least.")
    moment = (as_of - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    order = Order(players, seed, moment, events_per_player, progress)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        _write(Path(folder), order)
        (Path(folder) / "warehouse.duckdb").replace(path)


def _write(folder: Path, order: Order) -> None:
    with (
        duckdb.connect(folder / "warehouse.duckdb", config={"memory_limit": MEMORY_LIMIT}) as warehouse,
        duckdb.connect(folder / "staging.duckdb", config={"memory_limit": MEMORY_LIMIT}) as staging,
    ):
        for table, columns in (PROFILES | EVENTS).items():
            warehouse.execute(f"CREATE TABLE {table} ({columns})")
        for table in EVENTS:
            staging.execute(f"CREATE TABLE {table} ({STAGED})")
        taste = _write_players(warehouse, staging, order)
        for table in EVENTS:
            _write_events(warehouse, staging, table, taste, order)


def _write_players(
    warehouse: duckdb.DuckDBPyConnection, staging: duckdb.DuckDBPyConnection, order: Order
) -> Taste:
    tastes = []
    for index, first in enumerate(range(0, order.players, BLOCK_PLAYERS)):
        number = np.arange(first, min(first + BLOCK_PLAYERS, order.players))
        drawn = block(generator(order.seed, 0, index), number, order.events_per_player, order.as_of)
        insert_all(warehouse, drawn.profiles)
        insert_all(staging, {table: to_arrow(staged) for table, staged in drawn.moments.items()})
        tastes.append(drawn.taste)
        order.progress(Progress("players", int(number[-1]) + 1, order.players))
    return Taste(*(np.concatenate([getattr(each, field.name) for each in tastes]) for field in fields(Taste)))


def _write_events(
    warehouse: duckdb.DuckDBPyConnection,
    staging: duckdb.DuckDBPyConnection,
    table: str,
    taste: Taste,
    order: Order,
) -> None:
    stream = 1 + list(EVENTS).index(table)
    total = staging.sql(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    done = 0
    for index, batch in enumerate(in_time_order(staging, table)):
        rows = ROWS[table](generator(order.seed, stream, index), batch, taste, order.as_of)
        insert(warehouse, table, _numbered(rows, EVENTS[table].split()[0], done + 1))
        done += len(rows)
        order.progress(Progress(table, order.players * done // total, order.players))


def _numbered(rows: pa.Table, first_column: str, first: int) -> pa.Table:
    if first_column == "player_id":
        return rows
    return rows.add_column(0, first_column, pa.array(np.arange(first, first + len(rows))))
