"""segctl verify and segctl next as people see them."""

from __future__ import annotations

import json

from tests.cli.conftest import Cli
from tests.workflow.test_verify import forge


def test_what_is_right_exits_0(deployed: Cli) -> None:
    said = deployed("verify")

    assert said.code == 0
    assert "nothing is wrong" in said.out


def test_a_wrong_member_exits_1_and_names_the_way_out(deployed: Cli) -> None:
    deployed.casino.segment("vips", {"vip_level": {"gte": 2}})
    deployed.casino.apply()
    forge(deployed.casino, "vips")

    said, found = deployed("verify"), json.loads(deployed("verify", "--json").out)

    assert said.code == 1
    assert "vips" in said.out
    assert "segctl refresh --full" in said.out
    assert [(one["name"], one["wrong"]) for one in found["segments"] if one["wrong"]] == [("vips", 1)]
    assert not found["right"]


def test_a_worker_is_told_when_to_wake(deployed: Cli) -> None:
    deployed.casino.segment("idle", {"last_login": {"older_than": "7d"}})
    deployed.casino.apply()

    found = json.loads(deployed("next", "idle", "--json").out)

    assert (found["at"], found["exact"], found["segments"]) == ("2025-03-03T12:00:00Z", True, ["idle"])
    assert "next changes idle at 2025-03-03 12:00:00 UTC" in deployed("next").out


def test_no_such_segment(deployed: Cli) -> None:
    said = deployed("next", "germanss")

    assert said.code == 1
    assert "Did you mean `germans`?" in said.err
