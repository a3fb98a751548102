"""segctl blame: which apply brought each condition, from which commit, and whether files differed from it."""

import json

from tests.cli.conftest import Cli
from tests.cli.test_git import committed, git


def test_each_condition_names_its_version_its_author_and_its_commit(cli: Cli) -> None:
    first = committed(cli)
    cli.at("apply", "--auto-approve")
    cli.casino.segment("germans", {"all": [{"country": "DE"}, {"vip_level": {"gte": 1}}]}, title="Germans")
    cli.casino.later(hours=1)
    cli.at("apply", "--auto-approve")

    rows = json.loads(cli("blame", "germans", "--json").out)

    told = {row["part"].strip(): (row["version"], row["commit"], row["dirty"]) for row in rows}
    assert told == {
        "title: Germans": (2, first, True),
        "type: dynamic": (1, first, False),
        "all of:": (2, first, True),
        "country is DE": (2, first, True),
        "VIP level at least 1": (2, first, True),
    }
    assert {row["author"] for row in rows} == {"Ann Author"}


def test_a_condition_that_stays_keeps_its_version(cli: Cli) -> None:
    rule = {"all": [{"country": "DE"}, {"vip_level": {"gte": 1}}]}
    cli.casino.segment("germans", rule)
    cli.casino.apply()
    rule["all"][1] = {"vip_level": {"gte": 2}}
    cli.casino.segment("germans", rule)
    cli.casino.apply()

    said = cli("blame", "germans")

    lines = [line.split() for line in said.out.splitlines()]
    assert [line[0] for line in lines if line[-2:] == ["is", "DE"]] == ["1"]
    assert [line[0] for line in lines if line[-3:] == ["at", "least", "2"]] == ["2"]


def test_versions_tell_whether_files_differed(cli: Cli) -> None:
    committed(cli)
    cli.at("apply", "--auto-approve")
    cli.casino.segment("germans", {"country": "AT"})
    cli.at("apply", "--auto-approve", "--allow", "empty")

    rows = json.loads(cli("versions", "germans", "--json").out)

    assert [row["dirty"] for row in rows] == [True, False]


def test_the_audit_log_names_the_commit_its_author_and_whether_files_differed(cli: Cli) -> None:
    first = committed(cli)
    cli.at("apply", "--auto-approve")

    rows = json.loads(cli("audit", "log", "--json").out)

    (run,) = [row for row in rows if row["action"] == "apply"]
    assert run["detail"]["commit"] == {"id": first, "author": "Ann Author", "dirty": False}
    assert git(cli, "rev-parse", "HEAD") == first


def test_nothing_of_that_name_is_refused(deployed: Cli) -> None:
    said = deployed("blame", "german")

    assert said.code == 1
    assert "Did you mean `germans`?" in said.err
