"""What is late is told: by the list, by `segctl` alone, and why by `segctl status`."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from segctl.store import duties
from segctl.store.engine import open_state, writing
from tests.cli.conftest import Cli
from tests.support.casino import ON_BOTH, Casino


@pytest.fixture
def scheduled(cli: Cli) -> Cli:
    """A casino of which the state is more than a year old, and one segment states a schedule."""
    casino = cli.casino
    casino.segment("germans", {"country": "DE"}, schedule="1h")
    casino.segment("british", {"country": "GB"})
    casino.segment("picks", type="players", players=["anna"])
    casino.apply()
    return cli


@ON_BOTH
def test_the_list_says_how_stale_segments_are_and_what_is_late(scheduled: Cli) -> None:
    rows = {row["name"]: row for row in json.loads(scheduled("list", "--json").out)}
    lines = scheduled("list").out.splitlines()
    written = list(csv.DictReader(io.StringIO(scheduled("list", "--csv").out)))

    assert {name: (row["schedule"], row["late"]) for name, row in rows.items()} == {
        "british": (None, None),
        "germans": ("1h", True),
        "picks": (None, None),
    }
    assert rows["germans"]["stale_seconds"] == pytest.approx(rows["british"]["stale_seconds"], abs=1)
    assert rows["germans"]["stale_seconds"] > 365 * 24 * 3600
    assert rows["picks"]["stale_seconds"] is None
    assert lines[0].split()[-3:] == ["STALE", "SCHEDULE", "LATE"]
    assert lines[-1].startswith("3 segments, 1 late (segctl status).")
    assert [row["late"] for row in written] == ["", "true", ""]


def test_the_list_orders_by_staleness(scheduled: Cli) -> None:
    names = [row["name"] for row in json.loads(scheduled("list", "--sort", "-stale_seconds", "--json").out)]

    assert names == ["british", "germans", "picks"]


def test_where_no_schedule_is_stated_the_list_is_silent_about_it(deployed: Cli) -> None:
    assert {"schedule", "late", "stale_seconds"} & set(json.loads(deployed("list", "--json").out)[0]) == set()


def test_an_archived_segment_is_never_late(scheduled: Cli) -> None:
    scheduled.casino.remove("germans")
    scheduled.casino.segment("british", {"country": "GB"}, schedule="1d")
    scheduled.casino.apply()

    rows = {row["name"]: row for row in json.loads(scheduled("list", "--archived", "--json").out)}

    assert (rows["germans"]["archived"], rows["germans"]["late"], rows["germans"]["stale_seconds"]) == (
        True,
        None,
        None,
    )
    assert rows["british"]["late"] is True


def test_segctl_alone_says_that_something_is_late(scheduled: Cli) -> None:
    late = scheduled().out
    scheduled("refresh")
    fresh = scheduled().out

    assert "late      1 of 1 segment with a schedule. Why: segctl status" in late
    assert late.endswith("Next:  segctl status\n")
    assert "late" not in fresh
    assert fresh.endswith("Next:  segctl refresh\n")


# why, by segctl status


NOBODY = "elsewhere/x/1/abc"


@contextmanager
def refreshing(casino: Casino, now: datetime) -> Iterator[Connection]:
    """The state as a worker leaves it that looked after its duties at an instant."""
    with writing(open_state(casino.context().state), lock_timeout_seconds=5, beside=True) as connection:
        duties.see(connection, ["deliver", "refresh"], now)
        yield connection


def why(cli: Cli) -> tuple[int, str, str]:
    """The exit code, the reason for programs, and the one for people."""
    told, said = cli("status", "--json"), cli("status")
    assert told.code == said.code
    lines = [line for line in said.out.splitlines() if line.startswith("Why: ")]
    return said.code, json.loads(told.out)["why"], "".join(lines)


@ON_BOTH
def test_it_is_late_since_nobody_works(scheduled: Cli) -> None:
    assert why(scheduled) == (1, "no worker", "Why: no worker has ever run here. Start one: segctl run")


@ON_BOTH
def test_it_is_late_since_the_worker_fell_silent(scheduled: Cli) -> None:
    last = datetime.now(UTC) - timedelta(minutes=3)
    with refreshing(scheduled.casino, last):
        pass

    code, reason, words = why(scheduled)

    assert (code, reason) == (1, "worker down")
    assert words == f"Why: no worker has been seen since {last:%Y-%m-%d %H:%M} UTC. Start one: segctl run"


@ON_BOTH
def test_it_is_late_and_a_refresh_is_under_way(scheduled: Cli) -> None:
    now = datetime.now(UTC)
    with refreshing(scheduled.casino, now) as connection:
        assert duties.claim(connection, "refresh", NOBODY, now, lambda _: False)

    assert why(scheduled) == (1, "under way", "Why: a refresh is under way.")


@ON_BOTH
def test_it_is_late_since_refreshes_take_too_long(scheduled: Cli) -> None:
    now = datetime.now(UTC)
    with refreshing(scheduled.casino, now) as connection:
        slow = replace(duties.locked(connection, "refresh"), done_at=now, milliseconds=5_400_000)
        duties.save(connection, slow)

    code, reason, words = why(scheduled)

    assert (code, reason) == (1, "too slow")
    assert words.startswith("Why: the last refresh took 1 h 30 min: refreshes take too long")


@ON_BOTH
def test_it_is_late_since_refreshes_fail(scheduled: Cli) -> None:
    now = datetime.now(UTC)
    with refreshing(scheduled.casino, now) as connection:
        failed = replace(
            duties.locked(connection, "refresh"), failures=3, failing_since=now, outcome="No table.", next_at=now
        )
        duties.save(connection, failed)

    assert why(scheduled) == (1, "failing", "Why: refreshes fail.")
    assert "No table. (3 in a row since" in scheduled("status").out


def test_nothing_is_late_and_a_duty_that_fails_is_told_all_the_same(scheduled: Cli) -> None:
    scheduled("refresh")
    well = scheduled("status")
    with refreshing(scheduled.casino, datetime.now(UTC)) as connection:
        failed = replace(
            duties.locked(connection, "deliver"),
            failures=1,
            failing_since=scheduled.casino.now,
            outcome="No secret.",
        )
        duties.save(connection, failed)

    assert (well.code, "0 of 1 segment with a schedule are late." in well.out) == (0, True)
    code, reason, words = why(scheduled)
    assert (code, reason, words) == (1, None, "")
    assert "deliver  No secret." in scheduled("status").out


def test_where_no_segment_states_a_schedule_nothing_can_be_late(deployed: Cli) -> None:
    said = deployed("status")

    assert (said.code, "No segment states a schedule" in said.out) == (0, True)
