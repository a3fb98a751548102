"""Options of the test run, and what many tests need."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.casino import Casino, new_casino
from tests.support.disk import small_file_system
from tests.support.postgres import NEWEST, OLDEST, database, server, stop
from tests.support.spark import spark_connect

# how long an example takes says more of the machine than of the code
settings.register_profile("segctl", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("segctl")

CASES = Path(__file__).parent / "cases"
_CACHES = tempfile.TemporaryDirectory(prefix="segctl-tests-")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite the expected parts of case files")


def pytest_configure() -> None:
    """The key of caches is one of these tests' own.

    A shell starts what runs in its background with SIGINT ignored, which segctl's processes would inherit.
    """
    os.environ["XDG_CACHE_HOME"] = _CACHES.name
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # of a process without a main file, as pytest-xdist's are, Spark's client believes that it is being tested itself
    main = sys.modules["__main__"]
    if not hasattr(main, "__file__"):
        main.__file__ = __file__


def pytest_unconfigure() -> None:
    stop()
    _CACHES.cleanup()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A folder on a file system of its own; see tests/support/disk.py."""
    with small_file_system() as folder:
        yield folder


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))


@pytest.fixture(scope="session")
def cases() -> Path:
    return CASES


@pytest.fixture(scope="session")
def fresh_casino(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_casino(tmp_path_factory.mktemp("fresh")).root


@pytest.fixture
def casino(request: pytest.FixtureRequest, fresh_casino: Path, tmp_path: Path) -> Casino:
    """A casino of its own for each test; see tests/support/casino.py."""
    made = Casino(Path(shutil.copytree(fresh_casino, tmp_path / "casino")))
    if getattr(request, "param", "sqlite") == "postgres":
        made.move_to_postgres(request.getfixturevalue("postgres"))
    return made


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The newest server that is supported; see tests/support/postgres.py."""
    with server(NEWEST) as address:
        yield address


@pytest.fixture(scope="session", params=[OLDEST, NEWEST], ids=lambda version: f"postgres{version}")
def each_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The oldest and the newest."""
    with server(request.param) as address:
        yield address


@pytest.fixture(scope="session")
def postgres_worlds(postgres_server: str) -> Iterator[str]:
    """The address of a database that each world is written to in turn."""
    with database(postgres_server) as address:
        yield address


@pytest.fixture(scope="module")
def each_postgres_worlds(each_server: str) -> Iterator[str]:
    """The same on the oldest server and on the newest."""
    with database(each_server) as address:
        yield address


@pytest.fixture(scope="session")
def spark_server() -> Iterator[str]:
    """A Spark Connect server; see tests/support/spark.py."""
    with spark_connect() as address:
        yield address


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[str]:
    """The address of an empty database on the newest server."""
    with database(postgres_server) as address:
        yield address
