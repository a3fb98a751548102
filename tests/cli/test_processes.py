"""Several processes, locks, kills and interrupts: a state is whole before and whole after, never between."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from segctl.plan.seal import as_text
from tests.support.casino import Casino
from tests.support.console import segctl, start

AS_OF = ("--as-of", "2025-03-01T12:00:00Z")


def edited(casino: Casino) -> Path:
    """A deployed casino with edits that are planned and saved; the plan's file."""
    casino.segment("germans", {"country": "DE"})
    casino.segment("payers", {"deposit_count": {"gte": 1}})
    casino.apply()
    casino.segment("germans", {"country": ["DE", "IT"]})
    casino.segment("british", {"country": "GB"})
    casino.remove("payers")
    return casino.write("plans/one.json", as_text(casino.plan()))


def test_of_two_processes_with_one_plan_one_succeeds(casino: Casino) -> None:
    edited(casino)

    processes = [start(casino.root, "apply", "plans/one.json", *AS_OF) for _ in range(2)]
    said = [process.communicate(timeout=60) for process in processes]

    codes = [process.returncode for process in processes]
    assert sorted(codes) == [0, 1], said
    refusals = [err for (_, err), code in zip(said, codes, strict=True) if code]
    assert all("applied already, as state 2" in err for err in refusals), refusals
    assert casino.members("germans") == {"anna", "bert", "cara", "dora", "hugo", "ines"}
    assert segctl(casino.root, "audit", "verify").returncode == 0


def test_of_two_processes_that_plan_by_themselves_both_end_well(casino: Casino) -> None:
    edited(casino)

    processes = [start(casino.root, "apply", "--auto-approve", *AS_OF) for _ in range(2)]
    said = [process.communicate(timeout=60) for process in processes]

    codes = sorted(process.returncode for process in processes)
    assert codes in ([0, 0], [0, 1]), said
    if codes == [0, 1]:
        refused = next(err for (_, err), one in zip(said, processes, strict=True) if one.returncode)
        assert "segctl" in refused
        assert "bug" not in refused
    assert casino.plan().empty
    assert segctl(casino.root, "audit", "verify").returncode == 0


@contextmanager
def lock_held(path: Path) -> Iterator[None]:
    """Another process in the middle of writing a SQLite file."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
        process.communicate()


def test_a_locked_state_is_waited_for_and_named(casino: Casino) -> None:
    edited(casino)
    before = casino.stored()

    with lock_held(casino.state):
        refused = segctl(casino.root, "apply", "plans/one.json", "--lock-timeout", "0.2", *AS_OF)
        refreshed = segctl(casino.root, "refresh", "--lock-timeout", "0.2", *AS_OF)
        looked = segctl(casino.root, "list")
        waiting = start(casino.root, "apply", "plans/one.json", "--lock-timeout", "30", *AS_OF)

    assert (refused.returncode, refreshed.returncode) == (1, 1)
    assert "state.db is being written by another run" in refused.stderr.replace("\n  ", " ")
    assert "--lock-timeout" in refused.stderr
    assert "germans" in looked.stdout, "who reads does not wait for who writes"
    out, err = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, err
    assert "state 2" in out
    assert casino.stored() != before


def test_an_interrupt_while_waiting_writes_nothing(casino: Casino) -> None:
    edited(casino)
    before = casino.stored()

    with lock_held(casino.state):
        process = start(casino.root, "apply", "plans/one.json", "--lock-timeout", "60", *AS_OF)
        _until_it_waits(process, casino.state)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)

    assert process.returncode == 130, err
    assert time.monotonic() - began < 2
    assert out == ""
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert casino.stored() == before


def test_an_interrupt_during_an_evaluation_writes_nothing(casino: Casino) -> None:
    edited(casino)
    before = casino.stored()
    # a view that takes DuckDB minutes to read
    casino.sql("ALTER TABLE players RENAME TO few")
    casino.sql(
        "CREATE VIEW players AS SELECT few.* FROM few WHERE (SELECT sum(a.range * b.range % 7 + few.vip_level) "
        "FROM range(1000000) a, range(1000000) b) <> 1"
    )

    process = start(casino.root, "apply", "plans/one.json", *AS_OF)
    _until(lambda: _seconds_of_work(process.pid) > 1.5, process)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)

    assert process.returncode == 130, err
    assert time.monotonic() - began < 5
    assert out == ""
    assert "Interrupted. A run is written whole or not at all." in err
    assert casino.stored() == before


def _leads_to(link: Path) -> str:
    """Where it leads; nowhere if the file was closed meanwhile."""
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""


def _until_it_waits(process: subprocess.Popen[str], state: Path) -> None:
    """Until a process has the state open for longer than a read takes: it has asked for the lock."""
    seen = 0.0

    def waits() -> bool:
        nonlocal seen
        links = Path(f"/proc/{process.pid}/fd")
        opened = any(_leads_to(link) == str(state) for link in links.iterdir())
        seen = (seen or time.monotonic()) if opened else 0.0
        return bool(seen) and time.monotonic() - seen > 0.7

    _until(waits, process)


def _seconds_of_work(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _until(met: Callable[[], bool], process: subprocess.Popen[str], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
