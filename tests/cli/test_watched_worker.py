"""When a worker is called ill, and what it says of a state that it has not seen yet."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest

from segctl.base.errors import Refused
from segctl.cli.watched_worker import health_page, metrics_page
from segctl.workflow.duty import Away, Came, Work
from segctl.workflow.tally import Tally
from segctl.workflow.working import once
from tests.support.casino import Casino
from tests.support.delivery import tools
from tests.support.prometheus import families

HOURLY = "1h"


@pytest.fixture
def doing(casino: Casino) -> Work:
    """A worker that looks every minute."""
    casino.segment("germans", {"country": "DE"}, schedule=HOURLY)
    casino.apply()
    return Work(casino.context(), tools(casino), timedelta(minutes=1))


@pytest.mark.parametrize(
    ("duty", "seconds", "status"),
    [
        (None, 0, 200),
        (None, 170, 200),  # a turn may take two minutes, beside the minute that is waited
        (None, 190, 503),
        ("refresh", 190, 200),
        ("refresh", 3590, 200),
        ("refresh", 3610, 503),
    ],
)
def test_a_worker_is_ill_when_it_hangs_and_not_while_it_works(
    doing: Work, duty: str | None, seconds: int, status: int
) -> None:
    tally = Tally(duty=duty, beat=time.monotonic() - seconds)

    page = health_page(tally, doing)

    told = json.loads(page.text)
    assert (page.status, told["healthy"], told["duty"]) == (status, status == 200, duty)
    assert told["seconds"] >= seconds


def test_a_state_that_is_away_makes_nobody_ill(doing: Work) -> None:
    tally = Tally(beat=time.monotonic())
    tally.note(Away(doing.context.at, Refused("It is away.")), time.monotonic())

    page = health_page(tally, doing)

    assert (page.status, json.loads(page.text)["state_up"]) == (200, False)
    assert families(metrics_page(tally, doing).text)["segctl_state_up"].samples == {frozenset(): 0}


def test_each_duty_and_each_turn_is_a_sign_of_life(doing: Work) -> None:
    tally = Tally(beat=0.0)
    tally.begins("refresh", 5.0)
    begun = tally.duty, tally.beat
    tally.note(Came(doing.context.at, "refresh", "failed", 2.5), 6.0)
    tally.begins(None, 7.0)

    assert (begun, tally.duty, tally.beat) == (("refresh", 5.0), None, 7.0)
    assert (tally.runs, tally.seconds) == ({("refresh", "failed"): 1}, {"refresh": 2.5})


def test_numbers_of_the_state_outlive_its_absence(casino: Casino, doing: Work) -> None:
    tally = Tally()
    casino.later(hours=2)
    assert once(doing, lambda _: None, lambda one: tally.note(one, 0.0))
    tally.note(Away(casino.now, Refused("It is away.")), 0.0)

    found = families(metrics_page(tally, doing).text)

    germans = frozenset({("segment", "germans")})
    assert found["segctl_state_up"].samples == {frozenset(): 0}
    assert found["segctl_segment_members"].samples == {germans: 4}
    assert found["segctl_segment_schedule_seconds"].samples == {germans: 3600}
    assert found["segctl_duty_runs_total"].samples == {
        frozenset({("duty", "refresh"), ("outcome", "done")}): 1,
    }
