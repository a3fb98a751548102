"""States with an invented change log: written into SQLite as refreshes write, and copied to PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, Engine, select

from benchmarks.changelog import RUNS, SEGMENTS, Story, changes, instant, stories
from benchmarks.postgres_server import started
from segctl.apply.write import Members, Writing, write
from segctl.members.causes import Moved
from segctl.store import audit, history, membership, players, runs
from segctl.store.audit import Entry
from segctl.store.define import Definition
from segctl.store.engine import open_state, reading, writing
from segctl.store.membership import Membership
from segctl.store.origin import Origin
from segctl.store.postgres import SCHEMA
from segctl.store.state import advance, upgrade
from segctl.store.tables import METADATA, STATE

# runs in one transaction: what is measured is reading
_TOGETHER = 73


def in_sqlite(file: Path, count: int, moves: int) -> str:
    """The address of a state; one that was finished is used again."""
    if not file.exists():
        unfinished = file.with_suffix(".unfinished")
        for path in unfinished.parent.glob(f"{unfinished.name}*"):
            path.unlink()
        _fill(open_state(f"sqlite:///{unfinished}"), count, stories(count, moves))
        unfinished.rename(file)
    return f"sqlite:///{file}"


@contextmanager
def in_postgres(folder: Path, original: str) -> Iterator[str]:
    """The address of a database with the same state, while its server runs; settings are as they come."""
    folder.mkdir(exist_ok=True)
    running = started(folder)
    try:
        yield _copied(running.get_uri(), open_state(original))
    finally:
        running.cleanup()


def player_id(number: int) -> str:
    return f"player-{number:09}"


def _fill(engine: Engine, count: int, found: list[Story]) -> None:
    upgrade(engine, instant(0))
    with writing(engine, lock_timeout_seconds=10) as connection:
        players.append(connection, [player_id(number) for number in range(count)])
        write(connection, Origin(advance(connection), instant(0), "Ann", plan_id="p"), _first(found))
    for first in range(1, RUNS + 1, _TOGETHER):
        with writing(engine, lock_timeout_seconds=10) as connection:
            for run in range(first, min(first + _TOGETHER, RUNS + 1)):
                _refresh(connection, found, run)
    with writing(engine, lock_timeout_seconds=10) as connection:
        now = [Membership(number, RUNS + 1, instant(RUNS), one.last) for number, one in enumerate(found, 1)]
        membership.save(connection, now)


def _first(found: list[Story]) -> Writing:
    made = [
        Definition("segment", f"s{number:03}", json.dumps({"name": f"s{number:03}", "rules": {"country": "DE"}}))
        for number in range(1, SEGMENTS + 1)
    ]
    return Writing(
        kind="apply",
        as_of=instant(0),
        definitions={one.address: one for one in made},
        verbs={one.address: "create" for one in made},
        members=[
            Members(one.address, story.first, None, (Moved("definition", "joined", story.first),))
            for one, story in zip(made, found, strict=True)
        ],
    )


def _refresh(connection: Connection, found: list[Story], run: int) -> None:
    """All that a refresh writes but members, which the next one would replace."""
    serial, at, moved = advance(connection), instant(run), changes(found, run)
    history.record(connection, serial, at, moved)
    sides = {"joined": 0, "left": 0}
    for one in moved:
        sides[one.direction] += len(one.players)
    runs.record(connection, runs.Run(serial, "refresh", at, at, "Ann", **sides))
    audit.append(connection, Origin(serial, at, "Ann"), [Entry("refresh", detail=sides)])


def _copied(server: str, original: Engine) -> str:
    made = server.replace("/postgres?", "/history?")
    with psycopg.connect(server, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'history'").fetchone():
            return made
        connection.execute("DROP DATABASE IF EXISTS unfinished")
        connection.execute("CREATE DATABASE unfinished ENCODING 'UTF8' TEMPLATE template0")
    loading = server.replace("/postgres?", "/unfinished?")
    upgrade(open_state(loading), instant(0))
    with reading(original) as source, psycopg.connect(loading) as target:
        for table in METADATA.sorted_tables:
            _copy(source, target, table.name)
    with psycopg.connect(loading, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("ALTER DATABASE unfinished RENAME TO history")
    return made


def _copy(source: Connection, target: psycopg.Connection, name: str) -> None:
    """The rows of a table, in the order in which they were written."""
    table = METADATA.tables[name]
    if table is STATE:
        row = source.execute(select(STATE)).mappings().one()
        keys = [key for key in row if key not in {"id", "format"}]
        target.execute(
            f"UPDATE {SCHEMA}.state SET {', '.join(f'{key} = %s' for key in keys)}", [row[key] for key in keys]
        )
        return
    rows = source.execute(select(table).order_by(*table.primary_key).execution_options(yield_per=1000))
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    with target.cursor() as cursor, cursor.copy(f'COPY {SCHEMA}."{name}" ({columns}) FROM STDIN') as copying:
        for row in rows:
            copying.write_row(row)
