"""segctl test --base: the tests that a branch may have changed, and no others."""

import json

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_git import git
from tests.support.casino import CATALOG
from tests.support.casino_facts import SETTINGS

TEST = """kind: SegmentTest
segment: {name}
players:
  anna: {{country: DE, vip_level: 4}}
steps:
  - at: 2026-11-01T00:00:00Z
    expect: {{in: [anna]}}
"""


@pytest.fixture
def tested(cli: Cli) -> Cli:
    """Four segments with a test each: alone, a base, one above it, one by a named rule."""
    casino = cli.casino
    casino.write(".gitignore", ".segctl/\n*.duckdb\n")
    casino.write("segments/levels.yaml", "kind: Rule\nname: levels\nrules: {vip_level: {gte: 1}}\n")
    casino.segment("alone", {"country": "DE"})
    casino.segment("base", {"vip_level": {"gte": 1}})
    casino.segment("above", {"all": [{"in_segment": "base"}, {"country": "DE"}]})
    casino.segment("ruled", {"rule": "levels"})
    for name in ("alone", "base", "above", "ruled"):
        casino.write(f"segments/{name}.test.yaml", TEST.format(name=name))
    git(cli, "init", "-q", "-b", "main")
    git(cli, "add", ".")
    git(cli, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "all")
    return cli


def ran(cli: Cli) -> set[str]:
    said = cli("test", "--base", "main", "--json")
    assert said.code == 0, said.out + said.err
    return {one["segment"] for one in json.loads(said.out)["results"]}


def test_without_a_change_nothing_runs(tested: Cli) -> None:
    assert ran(tested) == set()


def test_who_uses_what_changed_is_tested_too(tested: Cli) -> None:
    tested.casino.segment("base", {"vip_level": {"gte": 2}})
    assert ran(tested) == {"base", "above"}

    tested.casino.write("segments/levels.yaml", "kind: Rule\nname: levels\nrules: {vip_level: {gte: 2}}\n")
    assert ran(tested) == {"base", "above", "ruled"}


def test_an_edited_test_runs(tested: Cli) -> None:
    tested.casino.write(
        "segments/alone.test.yaml", TEST.format(name="alone").replace("vip_level: 4", "vip_level: 3")
    )

    assert ran(tested) == {"alone"}


def test_a_field_that_means_something_else(tested: Cli) -> None:
    tested.casino.write("segments/catalog.yaml", CATALOG.replace("{column: country,", "{column: land,"))

    assert ran(tested) == {"alone", "above"}


def test_a_guard_holds_for_all_of_its_purpose(tested: Cli) -> None:
    tested.casino.write("segctl.yaml", SETTINGS + "guards: {marketing: {vip_level: {gte: 1}}}\n")

    assert ran(tested) == {"alone", "base", "above", "ruled"}


def test_another_time_zone_changes_everything(tested: Cli) -> None:
    tested.casino.write("segctl.yaml", SETTINGS.replace("timezone: UTC", "timezone: Europe/Malta"))

    assert ran(tested) == {"alone", "base", "above", "ruled"}
