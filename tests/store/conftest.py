from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from segctl.store.engine import open_state
from segctl.store.origin import Origin
from segctl.store.state import upgrade

NOW = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    """Where a state may be made: on both databases, one after the other."""
    return f"sqlite:///{tmp_path}/state.db" if request.param == "sqlite" else request.getfixturevalue("postgres")


@pytest.fixture
def engine(url):
    engine = open_state(url)
    upgrade(engine, NOW)
    return engine


@pytest.fixture
def origin():
    return Origin(1, NOW, "Ann", plan_id="p1", commit_id="c1", actor={"email": "ann@example.com"})


@pytest.fixture
def child(url):
    """Starts another process on the same state. Whatever is left is killed."""
    started = []

    def start(script, *arguments):
        command = [sys.executable, "-c", PRELUDE + script, url, *arguments]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return Child(process)

    yield start
    for process in started:
        process.kill()
        process.communicate()


PRELUDE = """
import sys
from datetime import UTC, datetime
from segctl.base.errors import Refused
from segctl.store import state
from segctl.store.define import Definition, create
from segctl.store.engine import open_state, reading, writing
from segctl.store.origin import Origin
NOW = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)
engine = open_state(sys.argv[1])
"""


@dataclass
class Child:
    process: subprocess.Popen

    def said(self):
        """Its next line, waited for."""
        return self.process.stdout.readline().strip()

    def go_on(self):
        """Lets it past its `sys.stdin.readline()`."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
