"""Hazards at the command line: shown with what allows them, refused with exit code 1, and let through by --allow."""

import json

import pytest

from tests.cli.conftest import Cli
from tests.support.casino_facts import SETTINGS


@pytest.fixture
def narrowed(deployed: Cli) -> Cli:
    """The casino with a limit, and an edit that goes over it."""
    deployed.casino.write("segctl.yaml", SETTINGS + "limits: {max_change: 30%}\n")
    deployed.casino.segment("germans", {"all": [{"country": "DE"}, {"vip_level": {"gte": 3}}]})
    return deployed


def test_a_plan_tells_the_hazard_and_the_command_that_allows_it(narrowed: Cli) -> None:
    said = narrowed.at("plan")

    assert said.code == 0
    assert "  ! SEG901 germans: 75 % of members change; limit 30 %.  --allow max_change:germans\n" in said.out
    assert said.out.endswith("To make it real:  segctl apply --allow max_change:germans\n")


def test_an_apply_is_refused_before_it_asks(narrowed: Cli) -> None:
    said = narrowed.at("apply", "--auto-approve")

    assert said.code == 1
    assert "Refused: Nothing was applied: 1 hazard is not allowed." in said.err
    assert "--allow max_change:germans" in said.err
    assert narrowed("members", "germans", "--count").out.strip().endswith("4")


@pytest.mark.parametrize("allowed", ["max_change:germans", "max_change", "SEG901"])
def test_what_is_allowed_is_applied(narrowed: Cli, allowed: str) -> None:
    said = narrowed.at("apply", "--auto-approve", "--allow", allowed)

    assert said.code == 0
    assert narrowed("members", "germans", "--count").out.strip().endswith("1")


def test_a_saved_plan_names_what_it_needs(narrowed: Cli) -> None:
    said = narrowed.at("plan", "-o", "one.json")
    assert said.out.endswith("segctl apply one.json --allow max_change:germans\n")

    refused = narrowed.at("apply", "one.json")
    assert refused.code == 1
    assert "SEG901 germans: 75 % of members change; limit 30 %." in refused.err

    assert narrowed.at("apply", "one.json", "--allow", "max_change:germans").code == 0


def test_json_has_the_hazards(narrowed: Cli) -> None:
    said = narrowed.at("plan", "--json", "--allow", "max_change")

    document = json.loads(said.out)
    assert document["allow"] == ["max_change"]
    assert document["hazards"] == [
        {
            "code": "SEG901",
            "address": "segment.germans",
            "before": 4,
            "after": 1,
            "found": 75.0,
            "limit": 30.0,
            "others": [],
            "allowed": "--allow",
        }
    ]


def test_an_unknown_hazard_is_refused_with_those_there_are(narrowed: Cli) -> None:
    said = narrowed.at("apply", "--allow", "everything")

    assert said.code == 1
    assert "There is no hazard `everything`." in said.err
    assert "max_change" in said.err
