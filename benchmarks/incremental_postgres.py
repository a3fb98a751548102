"""The same over PostgreSQL. The processor time is that of both sides of the connection."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.corpus import Corpus, corpus
from benchmarks.incremental import SEGMENTS, Site, compared
from benchmarks.postgres import server_cpu
from benchmarks.postgres_server import VERSION, server
from benchmarks.projects import project, warehouse

LIMITS = (0.06, 0.10, 0.15)
COPY = "incremental"


def incremental_postgres(work: Path, players: int, runs: int) -> str:
    """The table of incremental runs."""
    facts = warehouse(work, players)
    asked = corpus(project(work / f"project-{SEGMENTS}", SEGMENTS, facts))
    title = f"PostgreSQL {VERSION}: incremental evaluation of {SEGMENTS} segments for {players:,} players"
    with server(work, facts) as address:
        return compared(title, asked, lambda: _copied(address, work), LIMITS, runs)


@contextmanager
def _copied(address: str, work: Path) -> Iterator[Site]:
    """A database with the same tables and indexes, and up to date statistics."""
    name = address.rpartition("?")[0].rpartition("/")[2]
    copy, home = (address.replace(f"/{name}?", f"/{other}?") for other in (COPY, "postgres"))
    with psycopg.connect(home, autocommit=True) as connection:
        _drop(connection)
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(COPY), sql.Identifier(name)
        )
        connection.execute(copied)
        yield Site(copy, work / COPY, partial(_arrive, copy), lambda: time.process_time() + server_cpu(work))
        _drop(connection)


def _drop(connection: psycopg.Connection) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(COPY)))


def _arrive(address: str, asked: Corpus, passed: timedelta, share: float) -> None:
    """New events in every table, as in the file of DuckDB."""
    start = asked.clock.as_of
    with psycopg.connect(address, autocommit=True) as connection:
        for events in asked.world.catalog.events.values():
            moment = sql.SQL("{}::timestamptz + {}::interval")
            known = moment.format(start, passed)
            replaced = {
                events.time: sql.SQL("{}::timestamptz + random() * {}::interval").format(start, passed),
                events.ingested or events.time: known,
            }
            if events.updated:
                replaced[events.updated] = known
            found = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier(events.table)))
            names = [column.name for column in found.description or ()]
            connection.execute(
                sql.SQL(
                    "INSERT INTO {table} ({names}) SELECT {values} FROM {table} TABLESAMPLE BERNOULLI ({share})"
                ).format(
                    table=sql.Identifier(events.table),
                    names=sql.SQL(", ").join(map(sql.Identifier, names)),
                    values=sql.SQL(", ").join(replaced.get(name, sql.Identifier(name)) for name in names),
                    share=share * 100,
                )
            )
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(events.table)))
