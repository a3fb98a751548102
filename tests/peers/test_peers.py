"""Every line of the peers' suites: answered as they do, listed with the reason why not, or counted as not sayable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.peers.answers import Answer, Answers, Case, ask
from tests.peers.fields import facts, field_name, kinds, moment
from tests.peers.lines import Line, conditions, needs_peer_cases, read_lines
from tests.peers.rendering import by_name, list_name, rendered
from tests.peers.unsaid import reason

pytestmark = needs_peer_cases

ANY_INSTANT = "2022-05-01"  # of the lines that name none: their rules do not ask for the time
LINES = 797
BY_NAME = 42
UNSAID = {
    ("a constant in place of a condition", "unleash"): 1,
    ("address ranges (cidr)", "unleash"): 12,
    ("an answer that is neither true nor false", "posthog-python"): 23,
    ("an operator that nobody has", "growthbook"): 1,
    ("an operator that nobody has", "unleash"): 1,
    ("asks for the type of a value", "growthbook"): 12,
    ("conditions on the elements of a list", "growthbook"): 5,
    ("counts the elements of a list", "growthbook"): 8,
    ("equality of objects", "growthbook"): 4,
    ("versions (semver)", "growthbook"): 90,
    ("versions (semver)", "posthog-python"): 79,
    ("versions (semver)", "unleash"): 28,
}
Key = tuple[str, str]
Listed = dict[Key, Answer]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The lines that became segments, and what was answered, by line name."""

    lines: tuple[Line, ...]
    answers: Answers

    def by(self, judge: str) -> dict[Key, tuple[Answer, Answer]]:
        """What was expected and what the judge answered, by suite and id, where the two differ."""
        answers: Mapping[str, Answer] = self.answers.oracle if judge == "oracle" else self.answers.duckdb
        return {
            (line.suite, line.id): (line.expect, answers[line.name])
            for line in self.lines
            if answers[line.name] != line.expect
        }


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    lines = tuple(line for line in read_lines() if reason(line) is None)
    return Outcome(lines, ask([_case(line) for line in lines], tmp_path_factory.mktemp("peers")))


@pytest.fixture(scope="module")
def listed() -> Listed:
    """What is answered for each line that stands in the list of differences."""
    entries = [entry for entries in _differences().values() for entry in entries]
    return {(entry["suite"], entry["id"]): entry["answer"] for entry in entries}


@pytest.mark.parametrize("judge", ["oracle", "duckdb"])
def test_lines_that_are_not_listed_are_answered_as_their_suite_does(
    judge: str, outcome: Outcome, listed: Listed
) -> None:
    unlisted = {key: pair for key, pair in outcome.by(judge).items() if key not in listed}

    assert unlisted == {}


@pytest.mark.parametrize("judge", ["oracle", "duckdb"])
def test_listed_lines_still_differ_in_the_way_that_is_listed(judge: str, outcome: Outcome, listed: Listed) -> None:
    answered = {key: answer for key, (_, answer) in outcome.by(judge).items()}

    assert {key: answered.get(key, "agrees") for key in listed} == listed


def test_each_listed_difference_names_one_line_that_is_asked(outcome: Outcome, listed: Listed) -> None:
    times = Counter((line.suite, line.id) for line in outcome.lines)
    entries = sum(len(entries) for entries in _differences().values())

    assert {key: times[key] for key in listed if times[key] != 1} == {}
    assert len(listed) == entries


def test_oracle_and_duckdb_answer_alike(outcome: Outcome) -> None:
    assert outcome.answers.oracle == outcome.answers.duckdb


def test_texts_by_the_name_of_a_list_are_answered_alike(outcome: Outcome, tmp_path: Path) -> None:
    answers = outcome.answers.oracle
    asked = [
        _by_name(line) for line in outcome.lines if isinstance(answers[line.name], bool) and _asks_texts(line)
    ]
    asked = [case for case in asked if case.lists]
    named = ask(asked, tmp_path)

    assert len(asked) == BY_NAME
    assert named.oracle == named.duckdb == {case.name: answers[case.name] for case in asked}


def test_lines_that_the_language_cannot_say_are_counted_by_reason(outcome: Outcome) -> None:
    lines = read_lines()
    unsaid = Counter((why, line.suite) for line in lines if (why := reason(line)) is not None)

    assert unsaid == UNSAID
    assert (len(lines), len(outcome.lines)) == (LINES, LINES - unsaid.total())


def _case(line: Line) -> Case:
    return Case(
        name=line.name,
        fields={field_name(path, kind): kind for path, kind in kinds(line).items()},
        rule=rendered(line),
        facts=facts(line),
        now=moment(line.now or ANY_INSTANT),
        lists={list_name(line.name, name): values for name, values in line.lists.items() if _asks_list(line)},
    )


def _by_name(line: Line) -> Case:
    """The same line, with a named list for each of its lists of texts; no list at all, if it has none."""
    case = _case(line)
    rule, lists = by_name(dict(case.rule), line.name)
    return replace(case, rule=rule, lists=lists)


def _asks_texts(line: Line) -> bool:
    """Does it hold texts only against lists of values? Named lists hold texts."""
    types = kinds(line)
    listed = [one for one in conditions(line.rule) if one["op"].split("_ci")[0] in ("in", "not_in")]
    return all(types[one["attr"]] == "string" for one in listed)


def _asks_list(line: Line) -> bool:
    return any(condition["op"].endswith("in_list") for condition in conditions(line.rule))


def _differences() -> dict[str, list[dict[str, Any]]]:
    """The entries of the list, by reason."""
    read: dict[str, list[dict[str, Any]]] = yaml.safe_load(
        Path(__file__).with_name("differences.yaml").read_text(encoding="utf-8")
    )
    return read
