"""The command that is named next goes to the database that was asked, and to no other."""

from __future__ import annotations

import shlex

import pytest
from typer._click import Context

from segctl.cli.here import TAKING, choose, here, next_here
from segctl.cli.verbs import VERBS, command
from tests.cli.conftest import Cli


def test_all_commands_that_take_an_environment_are_known() -> None:
    taking = []
    for verb in VERBS:
        one = command([verb]).commands[verb]
        parts = getattr(one, "commands", None)
        for name, part in (
            {f"{verb} {name}": part for name, part in parts.items()} if parts else {verb: one}
        ).items():
            if any("--env" in option.opts for option in part.get_params(Context(part))):
                taking.append(name)

    assert sorted(taking) == sorted(TAKING)


@pytest.mark.parametrize("chosen", ["--env production", "-e production", "--env=production", "-eproduction"])
def test_a_chosen_environment_goes_with_the_command(chosen: str) -> None:
    choose(["list", *shlex.split(chosen)])

    assert here("Plan again: segctl plan -o FILE") == "Plan again: segctl plan --env production -o FILE"
    assert here("Make it: segctl db upgrade") == "Make it: segctl db upgrade --env production"
    assert here("See `segctl docs SEG001`.") == "See `segctl docs SEG001`."
    assert here("segctl apply --env other FILE") == "segctl apply --env other FILE"
    assert next_here("To do this:  segctl apply x\nA segctl plan") == (
        "To do this:  segctl apply --env production x\nA segctl plan"
    )


def test_without_one_nothing_is_added() -> None:
    choose(["list", "--", "-e", "production"])

    assert here("Plan again: segctl plan") == "Plan again: segctl plan"
    assert next_here("To do this:  segctl apply") == "To do this:  segctl apply"


def test_a_walk_through_another_environment_names_it(cli: Cli) -> None:
    cli.casino.segment("germans", {"country": "DE"})

    assert "segctl apply --env other\n" in cli("plan", "--env", "other").out
    assert "segctl list --env other\n" in cli("apply", "--env", "other", "--auto-approve").out
    refused = cli("members", "nobody", "--env", "other")
    assert "segctl list --env other" in refused.err
