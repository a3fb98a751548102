"""Where the time of a run goes: on stderr, by stage, by answer, by segment, for people and for programs."""

import json
import re
from dataclasses import replace
from itertools import count

import pytest

from segctl.base.timings import Timings
from segctl.workflow.refresh import refresh
from tests.cli.conftest import Cli
from tests.support.casino import Casino


@pytest.fixture
def timed(casino: Casino) -> Casino:
    casino.segment("vip", {"vip_level": {"gte": 4}})
    casino.segment("rich", {"all": [{"deposit_count": {"gte": 1}}, {"country": "DE"}]})
    casino.segment("richer", {"all": [{"deposit_count": {"gte": 5}}, {"country": {"ne": "DE"}}]})
    return casino


@pytest.mark.usefixtures("timed")
def test_timings_tell_stages_and_segments_on_stderr(cli: Cli) -> None:
    applied = cli.at("apply", "--auto-approve", "--timings")
    plain = cli.at("refresh")
    said = cli.at("refresh", "--full", "--timings")

    assert applied.err.startswith("Where the time went: ")
    assert said.out.splitlines()[1:] != []
    assert plain.err == ""
    stages = ("reading files", "comparing with the state", "evaluating", "writing", "Of evaluating, by segment")
    assert [one for one in stages if one not in said.err] == []
    assert re.search(r"payments: sums and counts, \d rows for 1 fact ", said.err)
    assert "Where" not in said.out


@pytest.mark.usefixtures("timed")
def test_programs_get_them_as_json(cli: Cli) -> None:
    said = cli.at("plan", "--timings", "--json")
    told = json.loads(said.err)

    assert json.loads(said.out)["changes"]
    assert told["seconds"] == pytest.approx(sum(one["seconds"] for one in told["stages"]), abs=1e-4)
    assert set(told["segments"]) == {"vip", "rich", "richer"}
    evaluating = next(one["seconds"] for one in told["stages"] if one["stage"] == "evaluating")
    assert sum(told["segments"].values()) == pytest.approx(evaluating, abs=1e-4)
    assert {"table": "payments", "asked": "sums and counts", "facts": 1}.items() <= told["answers"][-1].items()


@pytest.mark.usefixtures("timed")
def test_a_plan_without_changes_tells_its_stages(cli: Cli) -> None:
    cli.at("apply", "--auto-approve")
    said = cli.at("plan", "--timings")

    assert "comparing with the state" in said.err
    assert "segment" not in said.err


def test_a_run_keeps_the_seconds_of_each_segment(timed: Casino) -> None:
    timed.apply()
    ticks = count()
    timings = Timings(lambda: float(next(ticks)))
    refresh(replace(timed.context(), timings=timings))

    assert set(timings.segments) == {"vip", "rich", "richer"}
    assert sum(timings.segments.values()) == pytest.approx(timings.stages["evaluating"])
    assert timings.segments["rich"] == timings.segments["richer"]
    assert min(timings.segments.values()) > 0
