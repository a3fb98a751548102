"""What is late is told: by the list, by `segctl` alone, and why by `segctl status`."""

import csv
import io
import json

import pytest

from tests.cli.conftest import Cli
from tests.support.casino import ON_BOTH


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
