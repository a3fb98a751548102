"""segctl test: what it prints, its exit codes, its reports, and the tests it proposes."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli

TEST = """kind: SegmentTest
segment: germans
players:
  anna: {country: DE}
  bert: {country: GB}
steps:
  - at: 2026-11-21T00:00:00Z
    expect: {in: [anna], out: [bert]}
"""
FAILING = TEST.replace("in: [anna], out: [bert]", "in: [anna, bert]")


@pytest.fixture(autouse=True)
def segments(cli: Cli) -> None:
    """Two segments; marketing is not guarded in this casino."""
    cli.casino.segment("germans", {"country": "DE"})
    cli.casino.segment("british", {"country": "GB"})


def write(cli: Cli, text: str, name: str = "germans.test.yaml") -> Path:
    return cli.casino.write(f"segments/{name}", text)


def test_a_line_for_each_test_and_a_last_one(cli: Cli) -> None:
    write(cli, TEST)

    said = cli("test")

    lines = said.out.splitlines()
    assert lines[0].startswith(("✓ segments/germans.test.yaml", "ok   segments/germans.test.yaml"))
    assert lines[-1].startswith("1 test: 1 passed (2 expectations) in ")
    assert "1 of 2 segments has no test: british." in lines[-1]
    assert said.code == 0


def test_a_failure_says_what_was_expected_what_is_so_and_why(cli: Cli) -> None:
    write(cli, FAILING)

    said = cli("test")

    assert said.code == 1
    assert "2026-11-21 00:00 UTC  bert expected in, got out  (segments/germans.test.yaml:8)" in said.out
    assert "country is DE: GB → no  (segments/germans.yaml:" in said.out
    assert "1 test: 0 passed, 1 failed (2 expectations)" in said.out


def test_json_holds_the_verdicts_of_a_failure(cli: Cli) -> None:
    write(cli, FAILING)

    said = cli("test", "--json", "--coverage")

    found = json.loads(said.out)
    assert said.code == 1
    assert (found["tests"], found["failed"], found["expectations"]) == (1, 1, 2)
    (failure,) = found["results"][0]["failures"]
    assert (failure["player"], failure["expected"], failure["got"], failure["line"]) == ("bert", "in", "out", 8)
    (seen,) = next(leaves(failure["why"][0]["rule"]))["seen"]
    assert (seen["what"], seen["value"], seen["passes"]) == ("country", "GB", False)
    assert found["coverage"][0]["segment"] == "germans"


def leaves(tree: dict[str, Any]) -> Any:
    if "parts" in tree:
        for part in tree["parts"]:
            yield from leaves(part)
    else:
        yield tree


def test_the_junit_report_counts_and_tells(cli: Cli, tmp_path: Path) -> None:
    write(cli, TEST)
    write(cli, FAILING.replace("kind: SegmentTest", "kind: SegmentTest\ntitle: <&>"), "second.test.yaml")
    report = tmp_path / "report.xml"

    said = cli("test", "--junit-xml", report)

    root = ET.fromstring(report.read_text())
    assert said.code == 1
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    (failure,) = root.iter("failure")
    assert "bert expected in, got out" in (failure.text or "")


def test_files_and_a_filter_choose_tests(cli: Cli) -> None:
    path = write(cli, TEST)
    write(cli, FAILING, "second.test.yaml")

    assert cli("test", path).code == 0
    assert cli("test", "segments").code == 1
    assert cli("test", "--filter", "anna").code == 0
    assert cli("test", "--filter", "bert").code == 1
    assert "No test, segment or player matches zora." in cli("test", "--filter", "zora").err
    assert "There is no segment test in segments/germans.yaml." in cli("test", "segments/germans.yaml").err


def test_too_little_coverage_fails(cli: Cli) -> None:
    write(cli, TEST.replace(", out: [bert]", "").replace("  bert: {country: GB}\n", ""))

    said = cli("test", "--coverage-min", "90")

    assert said.code == 1
    assert "never seen false" in said.out
    assert "germans: covered less than 90 %." in said.err
    assert cli("test", "--coverage-min", "10").code == 0


def test_mistakes_in_a_test_stop_everything(cli: Cli) -> None:
    write(cli, TEST.replace("in: [anna]", "in: [ana]"))

    said = cli("test")

    assert said.code == 1
    assert "SEG501" in said.err
    assert cli("validate").code == 1
    assert cli.at("plan").code == 0


def test_tests_are_no_input_of_a_plan(cli: Cli) -> None:
    before = json.loads(cli.at("plan", "--json").out)["inputs"]
    write(cli, TEST)

    assert json.loads(cli.at("plan", "--json").out)["inputs"] == before


def test_init_writes_a_test_that_passes(cli: Cli) -> None:
    said = cli("test", "init", "germans", "-o", "segments/germans.test.yaml")

    assert said.code == 0
    assert "segctl test segments/germans.test.yaml" in said.err
    assert cli("test", "--coverage-min", "100").code == 0
    assert "exists already" in cli("test", "init", "germans", "-o", "segments/germans.test.yaml").err


def test_init_refuses_what_it_does_not_know(cli: Cli) -> None:
    said = cli("test", "init", "germns")

    assert said.code == 1
    assert "There is no segment germns." in said.err
    assert "Did you mean `germans`?" in said.err
    assert cli("test", "init").code == 1
    assert cli("test", "-o", "x.yaml").code == 1
