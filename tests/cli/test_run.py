"""Workers as processes of their own: what they do, how they end, and what they survive."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from segctl.store import duties, runs
from segctl.store.engine import open_state, reading, writing
from segctl.store.state import upgrade
from tests.support.casino import ON_BOTH, Casino
from tests.support.console import SEGCTL, environment, segctl
from tests.support.postgres import own_server

FRESH = 'segctl_segment_late{segment="germans"} 0'


class Worker:
    """A segctl run of its own, with its lines of JSON."""

    def __init__(self, casino: Casino, *arguments: str) -> None:
        self.log = casino.root / f"worker-{time.monotonic_ns()}.log"
        with self.log.open("w") as file:
            self.process = subprocess.Popen(
                [str(SEGCTL), "run", "--every", "0.2", "--listen", "127.0.0.1:0", *arguments],
                cwd=casino.root,
                env=environment(casino.root),
                stdout=subprocess.DEVNULL,
                stderr=file,
            )

    def lines(self) -> list[dict[str, Any]]:
        whole = self.log.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]

    def told(self, event: str, outcome: str | None = None) -> list[dict[str, Any]]:
        return [one for one in self.lines() if one["event"] == event and outcome in (None, one.get("outcome"))]

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(
                f"http://{self.told('started')[0]['listening']}{path}", timeout=10
            ) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


@contextmanager
def worker(casino: Casino, *arguments: str) -> Iterator[Worker]:
    one = Worker(casino, *arguments)
    try:
        yield one
    finally:
        one.process.kill()
        one.process.wait()


def until(met: Callable[[], object], said: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, said()
        time.sleep(0.05)


def refreshes(casino: Casino) -> list[runs.Run]:
    with reading(open_state(casino.context().state)) as connection:
        return [one for one in runs.recent(connection, 100) if one.kind == "refresh"]


@pytest.fixture
def scheduled(casino: Casino) -> Casino:
    """A casino whose one scheduled segment is late by more than a year."""
    casino.segment("germans", {"country": "DE"}, schedule="1h")
    casino.segment("british", {"country": "GB"})
    casino.apply()
    return casino


@ON_BOTH
def test_what_is_late_is_refreshed_once_and_a_term_ends_the_worker_well(scheduled: Casino) -> None:
    with worker(scheduled) as one:
        until(lambda: one.told("refresh", "done"), one.log.read_text)
        until(lambda: FRESH in one.get("/metrics")[1].splitlines(), one.log.read_text)
        health, metrics = one.get("/healthz"), one.get("/metrics")
        other = one.get("/members")
        one.process.send_signal(signal.SIGTERM)

        assert one.process.wait(30) == 0, one.log.read_text()
    assert [line["event"] for line in one.lines()] == ["started", "refresh", "stopped"]
    assert len(refreshes(scheduled)) == 1
    assert (health[0], json.loads(health[1])["healthy"], other[0]) == (200, True, 404)
    lines = metrics[1].splitlines()
    assert FRESH in lines
    assert 'segctl_segment_schedule_seconds{segment="germans"} 3600.000' in lines
    assert 'segctl_duty_runs_total{duty="refresh",outcome="done"} 1' in lines
    assert not any(name in one.log.read_text() + metrics[1] for name in ("anna", "bert", "cara"))


@ON_BOTH
def test_of_several_workers_one_refreshes(scheduled: Casino) -> None:
    with worker(scheduled) as one, worker(scheduled) as two, worker(scheduled) as three:
        everybody = (one, two, three)
        until(
            lambda: (
                all(each.told("started") and FRESH in each.get("/metrics")[1].splitlines() for each in everybody)
                and refreshes(scheduled)
            ),
            one.log.read_text,
        )
        for each in everybody:
            each.process.send_signal(signal.SIGTERM)
        assert [each.process.wait(30) for each in everybody] == [0, 0, 0]

    assert len(refreshes(scheduled)) == 1
    assert sum(len(each.told("refresh")) for each in everybody) == 1


def test_a_killed_worker_is_taken_over_from(scheduled: Casino) -> None:
    # a view that takes DuckDB minutes to read
    scheduled.sql("ALTER TABLE players RENAME TO few")
    scheduled.sql(
        "CREATE VIEW players AS SELECT few.* FROM few WHERE (SELECT sum(a.range * b.range % 7 + few.vip_level) "
        "FROM range(1000000) a, range(1000000) b) <> 1"
    )
    with worker(scheduled) as one:
        until(lambda: holder(scheduled) is not None, one.log.read_text)
        os.kill(one.process.pid, signal.SIGKILL)
        one.process.wait()
    held = holder(scheduled)
    scheduled.sql("DROP VIEW players")
    scheduled.sql("ALTER TABLE few RENAME TO players")

    with worker(scheduled) as two:
        until(lambda: two.told("refresh", "done"), two.log.read_text)

    assert held is not None, "who was killed leaves its lease"
    assert holder(scheduled) is None
    assert len(refreshes(scheduled)) == 1


@ON_BOTH
def test_what_another_machine_has_is_left_alone_until_its_lease_ends(scheduled: Casino) -> None:
    end = datetime.now(UTC) + timedelta(seconds=6)
    with writing(open_state(scheduled.context().state), lock_timeout_seconds=5, beside=True) as connection:
        assert duties.claim(connection, "refresh", "elsewhere/1/x", end - duties.LEASE, lambda _: False)

    with worker(scheduled) as one:
        until(lambda: one.told("refresh", "done"), one.log.read_text)

    assert refreshes(scheduled)[0].as_of >= end


def holder(casino: Casino) -> str | None:
    with reading(open_state(casino.context().state)) as connection:
        found = duties.everyone(connection).get("refresh")
    return None if found is None else found.worker


def test_a_worker_outlives_its_database(scheduled: Casino) -> None:
    with own_server() as server:
        scheduled.point_at(server.address)
        scheduled.postgres = server.address
        upgrade(open_state(server.address), scheduled.now)
        scheduled.apply()
        with worker(scheduled, "--schedule", "1min") as one:
            until(lambda: one.told("refresh", "done"), one.log.read_text)
            os.kill(server.running.get_pid(), signal.SIGQUIT)
            server.running.get_postmaster_info().process.wait(30)
            until(lambda: one.told("state", "away"), one.log.read_text)
            up = "segctl_state_up 0" in one.get("/metrics")[1].splitlines()
            health = one.get("/healthz")[0]
            server.running.ensure_postgres_running()
            until(lambda: one.told("state", "back"), one.log.read_text)
            one.process.send_signal(signal.SIGTERM)

            assert one.process.wait(30) == 0, one.log.read_text()
    assert (up, health) == (True, 200)


def test_once_does_what_is_due_and_says_whether_all_went_well(scheduled: Casino) -> None:
    first, again = segctl(scheduled.root, "run", "--once"), segctl(scheduled.root, "run", "--once")
    other = json.loads(first.stderr)
    assert (first.returncode, again.returncode, other["event"], again.stderr) == (0, 0, "refresh", "")

    scheduled.sql("DROP TABLE payments")
    with writing(open_state(scheduled.context().state), lock_timeout_seconds=5) as connection:
        connection.exec_driver_sql("UPDATE membership SET as_of = '2025-03-01T12:00:00.000000Z'")
    scheduled.sql("DROP TABLE players")
    failed = segctl(scheduled.root, "run", "--once")
    status = segctl(scheduled.root, "status", "--json")

    assert failed.returncode == 1
    assert json.loads(failed.stderr)["outcome"] == "failed"
    told = json.loads(status.stdout)
    assert (status.returncode, told["why"], told["failing"][0]["duty"]) == (1, "failing", "refresh")
    assert [one["segment"] for one in told["late"]] == ["germans"]


def test_status_says_that_no_worker_has_ever_run(scheduled: Casino) -> None:
    said = segctl(scheduled.root, "status")

    assert said.returncode == 1
    assert "1 of 1 segment with a schedule is late." in said.stdout
    assert "never refreshed" in said.stdout
    assert "no worker has ever run here. Start one: segctl run" in said.stdout


def test_an_address_that_is_taken_is_refused(scheduled: Casino) -> None:
    with worker(scheduled) as one:
        until(lambda: one.told("started"), one.log.read_text)
        where = one.told("started")[0]["listening"]
        said = segctl(scheduled.root, "run", "--listen", where)

    assert said.returncode == 1
    assert "cannot be listened at" in said.stderr
