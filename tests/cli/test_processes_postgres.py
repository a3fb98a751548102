"""Several processes and one state on PostgreSQL: who waits is told who writes, and an interrupt writes nothing."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from segctl.plan.seal import as_text
from segctl.store.engine import open_state, writing
from tests.support.casino import Casino
from tests.support.console import segctl, start

AS_OF = ("--as-of", "2025-03-01T12:00:00Z")
pytestmark = pytest.mark.parametrize("casino", ["postgres"], indirect=True)


@pytest.fixture
def edited(casino: Casino) -> Casino:
    """A deployed casino with edits that are planned and saved."""
    casino.segment("germans", {"country": "DE"})
    casino.segment("payers", {"deposit_count": {"gte": 1}})
    casino.apply()
    casino.segment("germans", {"country": ["DE", "IT"]})
    casino.segment("british", {"country": "GB"})
    casino.remove("payers")
    casino.write("plans/one.json", as_text(casino.plan()))
    return casino


@contextmanager
def lock_held(casino: Casino) -> Iterator[None]:
    """Somebody else in the middle of writing."""
    assert casino.postgres is not None
    with writing(open_state(casino.postgres), lock_timeout_seconds=1, doing="apply by Bob"):
        yield


def waits(casino: Casino) -> bool:
    assert casino.postgres is not None
    with psycopg.connect(casino.postgres) as connection:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        row = connection.execute(waiting).fetchone()
        return row == (1,)


def until_it_waits(casino: Casino, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 30
    while not waits(casino):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_of_two_processes_with_one_plan_one_succeeds(edited: Casino) -> None:
    processes = [start(edited.root, "apply", "plans/one.json", *AS_OF) for _ in range(2)]
    said = [process.communicate(timeout=60) for process in processes]

    codes = [process.returncode for process in processes]
    assert sorted(codes) == [0, 1], said
    refusals = [err for (_, err), code in zip(said, codes, strict=True) if code]
    assert all("applied already, as state 2" in err for err in refusals), refusals
    assert edited.members("germans") == {"anna", "bert", "cara", "dora", "hugo", "ines"}
    assert segctl(edited.root, "audit", "verify").returncode == 0


def test_a_locked_state_is_waited_for_and_its_writer_named(edited: Casino) -> None:
    with lock_held(edited):
        refused = segctl(edited.root, "apply", "plans/one.json", "--lock-timeout", "0.2", *AS_OF)
        refreshed = segctl(edited.root, "refresh", "--lock-timeout", "0.2", *AS_OF)
        looked = [
            segctl(edited.root, *words) for words in (("list",), ("members", "germans"), ("audit", "verify"))
        ]
        waiting = start(edited.root, "apply", "plans/one.json", "--lock-timeout", "30", *AS_OF)
        until_it_waits(edited, waiting)

    assert (refused.returncode, refreshed.returncode) == (1, 1)
    for said in (refused, refreshed):
        words = " ".join(said.stderr.split())
        assert "is being written by `segctl apply by Bob` since 20" in words
        assert "--lock-timeout" in words
        assert "pg_terminate_backend(" in words
    assert [one.returncode for one in looked] == [0, 0, 0], "who reads does not wait for who writes"
    out, err = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, err
    assert "state 2" in out


def test_an_interrupt_while_waiting_writes_nothing(edited: Casino) -> None:
    before = edited.stored()

    with lock_held(edited):
        process = start(edited.root, "apply", "plans/one.json", "--lock-timeout", "60", *AS_OF)
        until_it_waits(edited, process)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)

    assert process.returncode == 130, err
    assert time.monotonic() - began < 2
    assert out == ""
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert edited.stored() == before


def test_a_plan_that_is_run_again_does_nothing(edited: Casino) -> None:
    assert segctl(edited.root, "apply", "plans/one.json", *AS_OF).returncode == 0
    before = edited.stored()
    again = segctl(edited.root, "apply", "plans/one.json", *AS_OF)

    assert again.returncode == 1
    assert "Nothing is left to do" in again.stderr
    assert edited.stored() == before
