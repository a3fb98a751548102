"""A plan in its other forms at the command line: the comment of a pull request, annotations, and mistakes as SARIF."""

import json
from typing import Any

from tests.cli.conftest import Cli


def test_a_comment_is_printed_alone_and_ends_with_the_command(deployed: Cli) -> None:
    deployed.casino.segment("germans", {"country": "AT"})

    said = deployed.at("plan", "--format", "markdown", "-o", "one.json")

    assert said.out.startswith("<!-- segctl plan dev -->\n### Plan: 1 to update.")
    assert "SEG904" in said.out
    assert "```sh\nsegctl apply one.json --allow empty:germans\n```" in said.out
    assert "Saved one.json" in said.err
    shown = deployed("show", "one.json", "--format", "markdown")
    assert shown.out.splitlines()[:10] == said.out.splitlines()[:10]


def test_nothing_to_do_is_a_comment_too(deployed: Cli) -> None:
    said = deployed.at("plan", "--format", "markdown")

    assert "### No changes. 4 segments are as declared." in said.out


def test_annotations_stand_beside_the_lines(deployed: Cli) -> None:
    deployed.casino.segment("germans", {"country": "AT"})

    said = deployed.at("plan", "--format", "github")

    assert "::error file=segments/germans.yaml,line=2,title=SEG904 germans::" in said.out
    assert "::notice file=segments/germans.yaml,line=2,title=~ germans::" in said.out


def test_mistakes_as_sarif(deployed: Cli) -> None:
    deployed.casino.segment("wrong", {"contry": "DE"})

    said = deployed("validate", "--format", "sarif")

    (run,) = sarif(said.out)["runs"]
    (found,) = [one for one in run["results"] if one["ruleId"] == "SEG101"]
    assert run["tool"]["driver"]["rules"][found["ruleIndex"]]["id"] == "SEG101"
    assert found["level"] == "error"
    place = found["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "segments/wrong.yaml", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 5, "startColumn": 3, "endLine": 5, "endColumn": 9}


def test_findings_as_sarif(deployed: Cli) -> None:
    deployed.casino.segment("never", {"all": [{"vip_level": {"gt": 4}}, {"vip_level": {"lt": 2}}]})

    said = deployed("lint", "--format", "sarif")

    (run,) = sarif(said.out)["runs"]
    assert "SEG601" in {one["ruleId"] for one in run["results"]}


def sarif(out: str) -> Any:
    document = json.loads(out)
    assert document["version"] == "2.1.0"
    return document
