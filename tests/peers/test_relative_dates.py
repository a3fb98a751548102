"""PostHog's relative dates: where `older_than` begins and `within` ends, to the microsecond."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.peers.answers import Answer, Answers, Case, ask
from tests.peers.fields import moment
from tests.peers.lines import needs_peer_cases, read_json
from tests.peers.rendering import duration

pytestmark = needs_peer_cases

Expected = dict[str, Answer]
NOT_A_DURATION = "SEG207"


@pytest.fixture(scope="module")
def expected() -> Expected:
    return {case.name: answer for case, answer in _cases()}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return ask([case for case, _ in _cases()], tmp_path_factory.mktemp("dates"))


def test_oracle_steps_back_as_far_as_the_peer(expected: Expected, answers: Answers) -> None:
    assert answers.oracle == expected


def test_duckdb_steps_back_as_far_as_the_peer(expected: Expected, answers: Answers) -> None:
    assert answers.duckdb == expected


def test_every_row_is_asked(expected: Expected) -> None:
    refused = [name for name, answer in expected.items() if answer == NOT_A_DURATION]

    assert (len(refused), len(expected) - len(refused)) == (9, 4 * 29)


def _cases() -> list[tuple[Case, Answer]]:
    rows = read_json("relative_dates.json")
    return [pair for number, row in enumerate(rows) for pair in _asked(f"row-{number}", row)]


def _asked(name: str, row: dict[str, Any]) -> list[tuple[Case, Answer]]:
    """The instant itself and the one after it, under both operators; what is no duration there is none here."""
    how_long, now = duration(row["expr"]), moment(row["now"])
    if row["expected"] is None:
        return [(Case(name, {"seen": "datetime"}, {"seen": {"older_than": how_long}}, {}, now), NOT_A_DURATION)]
    edge = moment(row["expected"])
    return [
        (
            Case(
                f"{name}-{op.replace('_', '-')}-{place}",
                {"seen": "datetime"},
                {"seen": {op: how_long}},
                {"seen": at},
                now,
            ),
            (op == "older_than") == (place == "at"),
        )
        for op in ("older_than", "within")
        for place, at in (("at", edge), ("after", edge + timedelta(microseconds=1)))
    ]
