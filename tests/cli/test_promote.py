"""segctl promote: what one environment has tried becomes a plan for another one, and the rest is held back."""

import json

import pytest

from tests.cli.conftest import Cli, Said


@pytest.fixture
def both(deployed: Cli) -> Cli:
    """Everything is tried in `dev`, and nothing is in `other` yet."""
    return deployed


def promote(cli: Cli, *words: str) -> Said:
    return cli.at("promote", *words, "--from", "dev", "--to", "other")


def changes(said: Said) -> list[str]:
    return [f"{'+'.join(one['actions'])} {one['address']}" for one in json.loads(said.out)["changes"]]


def test_what_was_tried_is_a_plan_for_the_other(both: Cli) -> None:
    said = promote(both, "-o", "one.json")

    assert said.code == 0, said.err
    assert said.out.startswith("other · state 0")
    assert "segctl apply one.json --env other" in said.out or "segctl apply one.json" in said.out
    assert both.at("apply", "one.json", "--env", "other").code == 0
    assert promote(both, "--json").out.count('"changes": []') == 1


def test_what_stands_otherwise_is_held_back(both: Cli) -> None:
    both.casino.segment("germans", {"country": ["DE", "AT"]})
    both.casino.segment("italians", {"country": "IT"})

    said = promote(both, "--json")

    assert "create segment.germans" not in changes(said)
    assert "create segment.british" in changes(said)
    assert "Held back: segment.germans, it stands there otherwise" in said.err
    assert "Held back: segment.italians, it is not deployed there" in said.err


def test_only_some_with_what_they_need(both: Cli) -> None:
    assert changes(promote(both, "germans", "--json")) == ["create catalog.small", "create segment.germans"]


def test_what_needs_something_untried_is_refused(both: Cli) -> None:
    both.casino.segment("base", {"country": "DE"})
    both.casino.segment("above", {"in_segment": "base"})
    both.casino.apply()
    both.casino.segment("base", {"country": "GB"})

    said = promote(both, "above")

    assert said.code == 1
    assert "needs segment.base" in said.err


def test_what_was_archived_there_is_archived_here(both: Cli) -> None:
    promote(both, "-o", "one.json")
    both.at("apply", "one.json", "--env", "other")
    both.casino.remove("british")
    held = promote(both, "--json")
    assert changes(held) == []
    assert "it is still deployed in dev" in held.err

    both.casino.apply()
    assert changes(promote(both, "--json")) == ["archive segment.british"]


@pytest.mark.parametrize("words", [("--from", "dev"), ("--to", "dev"), ("--from", "dev", "--to", "dev")])
def test_two_environments_are_needed(both: Cli, words: tuple[str, ...]) -> None:
    said = both("promote", *words)

    assert said.code == 1
    assert "Two environments are needed." in said.err


def test_a_name_that_would_not_change_is_refused(both: Cli) -> None:
    assert "Did you mean `germans`?" in promote(both, "german").err
