"""Workers as processes of their own: what they do, how they end, and what they survive."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from segctl.store import duties, runs
from segctl.store.engine import open_state, reading, writing
from segctl.store.state import upgrade
from tests.support.casino import ON_BOTH, Casino
from tests.support.console import segctl
from tests.support.delivery import hooked, left
from tests.support.postgres import own_server
from tests.support.prometheus import families
from tests.support.publishing import address_of, agree, publishing
from tests.support.receiver import good, receiver, status
from tests.support.worker import Worker, until, worker

FRESH = 'segctl_segment_late{segment="germans"} 0'


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
        until(lambda: holder(scheduled) is None, two.log.read_text)

    assert held is not None, "who was killed leaves its lease"
    assert len(refreshes(scheduled)) == 1


@ON_BOTH
def test_what_another_machine_has_is_left_alone_until_its_lease_ends(scheduled: Casino) -> None:
    end = datetime.now(UTC) + timedelta(seconds=6)
    with writing(open_state(scheduled.context().state), lock_timeout_seconds=5, beside=True) as connection:
        assert duties.claim(connection, "refresh", "elsewhere/1/x", end - duties.LEASE, lambda _: False)

    with worker(scheduled) as one:
        until(lambda: one.told("refresh", "done"), one.log.read_text)

    assert refreshes(scheduled)[0].as_of >= end


def test_a_term_in_the_middle_of_a_refresh_lets_it_finish(scheduled: Casino) -> None:
    # while somebody writes the file of the warehouse, a worker waits for it
    warehouse = duckdb.connect(str(scheduled.root / "warehouse.duckdb"))
    with worker(scheduled) as one:
        with closing(warehouse):
            until(lambda: holder(scheduled) is not None, one.log.read_text)
            one.process.send_signal(signal.SIGTERM)
            ended = one.process.poll()
            before = [line["event"] for line in one.lines()], refreshes(scheduled)
        assert one.process.wait(30) == 0, one.log.read_text()

    assert (ended, before) == (None, (["started"], []))
    assert [line["event"] for line in one.lines()] == ["started", "refresh", "stopped"]
    assert (len(refreshes(scheduled)), holder(scheduled)) == (1, None)


@ON_BOTH
def test_what_waits_for_a_webhook_is_delivered_and_what_a_refresh_moves_too(scheduled: Casino) -> None:
    with receiver() as to:
        scheduled.wall = datetime.now(UTC)
        hooked(scheduled, to, rules={"country": "DE"})
        scheduled.apply()
        scheduled.change("anna", country="GB")
        with worker(scheduled) as one:
            until(lambda: len(to.said) == 5, one.log.read_text)
            until(lambda: left(scheduled) == 0, one.log.read_text)
            until(lambda: waits(one) == {}, one.log.read_text)
            page = one.get("/metrics")[1]
            one.process.send_signal(signal.SIGTERM)
            assert one.process.wait(30) == 0, one.log.read_text()

        assert to.members == scheduled.members("vip") == {"bert", "cara", "dora"}
    assert sum(line["delivered"] for line in one.told("deliver", "done")) == 5
    assert not any(name in one.log.read_text() + page for name in ("anna", "bert", "cara", "dora"))


def test_a_webhook_that_is_down_is_told_and_does_not_stop_the_worker(scheduled: Casino) -> None:
    with receiver() as to:
        to.answer = status(503)
        scheduled.wall = datetime.now(UTC)
        hooked(scheduled, to, rules={"country": "DE"})
        scheduled.apply()
        with worker(scheduled) as one:
            until(lambda: one.told("refresh", "done") and one.told("deliver", "done"), one.log.read_text)
            until(lambda: waits(one) == {"vip": 4}, one.log.read_text)
            health = one.get("/healthz")[0]
            to.answer = good
            until(lambda: left(scheduled) == 0, one.log.read_text)

    assert one.told("deliver", "done")[0]["down"] == ["vip"]
    assert health == 200


@pytest.mark.parametrize("kind", ["duckdb", "postgres"])
def test_tables_follow_what_a_worker_refreshes(
    scheduled: Casino, kind: str, request: pytest.FixtureRequest
) -> None:
    reader = publishing(scheduled, address_of(kind, request))
    scheduled.change("anna", country="GB")
    once = segctl(scheduled.root, "run", "--once")
    again = segctl(scheduled.root, "run", "--once")

    assert (once.returncode, again.returncode, again.stderr) == (0, 0, ""), once.stderr
    assert [json.loads(line)["event"] for line in once.stderr.splitlines()] == ["refresh", "publish"]
    agree(reader)
    assert ("british", "anna") in {(one[0], one[1]) for one in reader.members}

    scheduled.now = datetime.now(UTC)
    scheduled.segment("french", {"country": "FR"})
    scheduled.apply()
    told = json.loads(segctl(scheduled.root, "run", "--once").stderr)

    assert (told["event"], told["added"]) == ("publish", len(scheduled.members("french")))
    agree(reader)


def test_tables_that_cannot_be_written_are_told_and_do_not_hold_up_webhooks(scheduled: Casino) -> None:
    with receiver() as to:
        scheduled.wall = datetime.now(UTC)
        hooked(scheduled, to, rules={"country": "DE"})
        scheduled.apply()
        reader = publishing(scheduled, "duckdb:///out/published.duckdb")
        reader.path.parent.mkdir()
        reader.path.write_text("not a database")
        failed = segctl(scheduled.root, "run", "--once")
        said = segctl(scheduled.root, "status")
        reader.path.unlink()
        with worker(scheduled) as one:
            until(lambda: one.told("publish", "done"), one.log.read_text)
            until(lambda: left(scheduled) == 0, one.log.read_text)
            one.process.send_signal(signal.SIGTERM)
            assert one.process.wait(30) == 0, one.log.read_text()

    outcomes = {told["event"]: told["outcome"] for told in map(json.loads, failed.stderr.splitlines())}
    assert (failed.returncode, outcomes) == (1, {"refresh": "done", "publish": "failed", "deliver": "done"})
    assert (said.returncode, "publish" in said.stdout) == (1, True)
    agree(reader)


def waits(one: Worker) -> dict[str, float]:
    """Messages in the outbox by segment, as the page of numbers has them."""
    found = families(one.get("/metrics")[1])["segctl_outbox_messages"].samples
    return {dict(labels)["segment"]: number for labels, number in found.items()}


def test_a_bug_in_a_duty_is_told_without_its_words_and_the_worker_goes_on(scheduled: Casino) -> None:
    with sqlite3.connect(scheduled.state) as state:
        kept = state.execute("SELECT object_id, members FROM membership").fetchall()
        state.execute("UPDATE membership SET members = CAST('canary-known' AS BLOB)")
    with worker(scheduled) as one:
        until(lambda: one.told("refresh", "broken"), one.log.read_text)
        until(lambda: failures(scheduled), one.log.read_text)
        said = segctl(scheduled.root, "status")
        health = one.get("/healthz")[0]
        with sqlite3.connect(scheduled.state) as state:
            state.executemany("UPDATE membership SET members = ?2 WHERE object_id = ?1", kept)
        until(lambda: one.told("refresh", "done"), one.log.read_text)

    broken = one.told("refresh", "broken")[0]
    assert (broken["level"], health) == ("error", 200)
    assert any("refresh.py" in step for step in broken["at"])
    assert "canary" not in one.log.read_text() + said.stdout
    assert said.returncode == 1
    assert f"a bug in segctl: {broken['error']}" in said.stdout


def failures(casino: Casino) -> int:
    with reading(open_state(casino.context().state)) as connection:
        return duties.everyone(connection)["refresh"].failures


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
    told = json.loads(segctl(scheduled.root, "stats", "germans", "--since", "10y", "--json").stdout)
    assert [one["milliseconds"] is None for one in told["runs"]] == [True, False]

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
