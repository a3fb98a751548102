"""The one transaction of an apply: 300 new segments over a million players, in SQLite and on PostgreSQL.

Members are invented: bitmaps at random, which is the worst that roaring can be given, from a thousandth of the
players to four fifths, many small and few large. All of them are new, so the history holds as much as the members.
The dictionary of players is written before, and measured by itself. The server is the one of the tests, but with
`fsync`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psycopg
from pyroaring import BitMap
from sqlalchemy import Connection, Engine

from benchmarks.table import Row, figures, memory, seconds
from segctl.apply.write import Members, Writing, write
from segctl.members.causes import Moved
from segctl.store import players
from segctl.store.define import Definition
from segctl.store.engine import open_state, reading, writing
from segctl.store.measure import sizes, total_bytes
from segctl.store.origin import Origin
from segctl.store.state import advance, upgrade
from segctl.store.verify import verify
from tests.support.postgres import NEWEST, database, server

SEGMENTS = 300
APPLY_SECONDS, REFRESH_SECONDS, MEMBERS_MIB = 3.0, 0.5, 50.0
MIB = 2**20
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)


def state(work: Path, count: int) -> str:
    """The tables of writing a state."""
    members = list(_members(count))
    held = sum(len(one) for one in members)
    rows = []
    file = work / "benchmark-state.db"
    for path in work.glob(f"{file.name}*"):
        path.unlink()
    rows += _rows("SQLite", open_state(f"sqlite:///{file}"), members, count)
    with _postgres() as address:
        rows += _rows("PostgreSQL", open_state(address), members, count)
    return figures(f"Writing {SEGMENTS} segments over {count:,} players ({held / 1e6:.0f}M memberships)", rows)


@contextmanager
def _postgres() -> Iterator[str]:
    with server(NEWEST) as address, database(address) as own:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = on")
            connection.execute("SELECT pg_reload_conf()")
        yield own


def _members(count: int) -> Iterator[BitMap]:
    random = np.random.default_rng(7)
    for share in np.exp(random.uniform(np.log(0.001), np.log(0.8), SEGMENTS)):
        yield BitMap(np.flatnonzero(random.random(count) < share).astype(np.uint32))


def _rows(name: str, engine: Engine, members: list[BitMap], count: int) -> Iterator[Row]:
    upgrade(engine, AS_OF)
    began, cpu = time.perf_counter(), time.process_time()
    with writing(engine, lock_timeout_seconds=10) as connection:
        players.append(connection, [f"player-{number:09}" for number in range(count)])
    yield seconds(f"{name}: the dictionary", time.perf_counter() - began, time.process_time() - cpu)
    run = _writing(members)
    began, cpu = time.perf_counter(), time.process_time()
    with writing(engine, lock_timeout_seconds=10, doing="apply by a benchmark") as connection:
        write(connection, Origin(advance(connection), AS_OF, "Ann", plan_id="p"), run)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    yield seconds(f"{name}: the transaction of the apply", took, used, asked=APPLY_SECONDS)
    with reading(engine) as connection:
        assert verify(connection) == []
        yield from _sizes(name, connection)
    again = _refresh(members, count)
    began, cpu = time.perf_counter(), time.process_time()
    with writing(engine, lock_timeout_seconds=10, doing="refresh by a benchmark") as connection:
        write(connection, Origin(advance(connection), AS_OF, "Ann"), again)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    what = f"{name}: the transaction of a refresh that moves 0.7 % in and out"
    yield seconds(what, took, used, asked=REFRESH_SECONDS)


def _sizes(name: str, connection: Connection) -> Iterator[Row]:
    found = sizes(connection)
    if name == "SQLite":
        yield memory(f"{name}: the file", total_bytes(connection, found) / MIB)
        return
    kept = sum(found[table].bytes or 0 for table in ("membership", "change", "touched"))
    yield memory(f"{name}: members and history, with their indexes", kept / MIB, asked=MEMBERS_MIB)
    yield memory(f"{name}: the dictionary", (found["player_chunk"].bytes or 0) / MIB)
    yield memory(f"{name}: all of it", total_bytes(connection, found) / MIB)


def _writing(members: list[BitMap]) -> Writing:
    names = [f"s{number:03}" for number in range(len(members))]
    body = {"all": [{"country": ["DE", "AT"]}, {"deposit_amount": {"during": "last_30_days", "gte": 100}}]}
    made = [
        Definition("segment", one, json.dumps({"name": one, "rules": body, "title": f"Segment {one}"}))
        for one in names
    ]
    return Writing(
        kind="apply",
        as_of=AS_OF,
        definitions={one.address: one for one in made},
        verbs={one.address: "create" for one in made},
        members=[
            Members(one.address, has, None, (Moved("definition", "joined", has),))
            for one, has in zip(made, members, strict=True)
        ],
        detail={"changes": len(made)},
    )


def _refresh(members: list[BitMap], count: int) -> Writing:
    random = np.random.default_rng(8)
    moved = []
    for number, has in enumerate(members):
        leaving = (
            BitMap(random.choice(has.to_array(), max(1, len(has) * 7 // 1000), replace=False)) if has else BitMap()
        )
        joining = BitMap(random.integers(0, count, len(leaving)).astype(np.uint32)) - has
        moves = (Moved("data", "joined", joining), Moved("data", "left", leaving))
        moved.append(Members(f"segment.s{number:03}", (has - leaving) | joining, None, moves))
    took = {one.address: random.exponential(0.01) for one in moved}
    return Writing(kind="refresh", as_of=AS_OF, members=moved, seconds=took)
