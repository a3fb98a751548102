"""segctl stats: a drawing of 80 or 100 columns, data, and a figure."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from segctl.view.figures import MINUS
from segctl.view.stats import Edit, Ran, Stats, Stretch, stats_text
from tests.cli.conftest import Cli
from tests.support.casino import START

FOUND = Stats(
    segment="vip",
    title="VIP players",
    period="week",
    zone="Europe/Malta",
    since=START,
    until=START + timedelta(days=15),
    before=0,
    stretches=(
        Stretch(date(2025, 2, 24), 12_408, {"definition": 12_408}, {}),
        Stretch(date(2025, 3, 3), 6_204, {}, {"data": 6_000, "clock": 204}),
        Stretch(date(2025, 3, 10), 1, {"data": 1}, {"definition": 6_204}),
    ),
    runs=(),
    edits=(Edit(START, date(2025, 2, 24), 1, "create"), Edit(START, date(2025, 3, 10), 2, "update")),
)


def test_it_is_drawn_in_80_columns() -> None:
    assert stats_text(FOUND, width=80).splitlines() == [
        "VIP players (vip): 0 → 1 member (+1), Europe/Malta",
        "",
        "WEEK        MEMBERS                                             JOINED    LEFT",
        "2025-02-24   12,408  ████████████████████████████████████████  +12,408         *",
        f"2025-03-03    6,204  ████████████████████                               {MINUS}6,204",
        f"2025-03-10        1  ▏                                              +1  {MINUS}6,204 *",
        "* 2025-03-01  created (version 1)",
        "* 2025-03-01  definition changed (version 2)",
        "",
        "CAUSE       JOINED   LEFT",
        "definition  12,408  6,204",
        "data             1  6,000",
        "clock            0    204",
    ]


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = stats_text(FOUND, width=width, symbols=False).splitlines()

    assert max(map(len, lines)) <= width
    assert all("█" not in line for line in lines)
    assert lines[3].count("#") == 2 * lines[4].count("#") or width % 2
    assert lines[5].count("#") == 1


@pytest.fixture
def moved(deployed: Cli) -> Cli:
    casino = deployed.casino
    casino.later(days=10)
    casino.change("anna", country="GB")
    casino.refresh()
    return deployed


def test_it_says_how_long_evaluating_took() -> None:
    times = [None, 0.1234, 1.26, 1_234.5]
    ran = [Ran(place, START + timedelta(days=place), 1, milliseconds=one) for place, one in enumerate(times)]

    said = stats_text(replace(FOUND, runs=tuple(ran)), width=80).splitlines()
    once = stats_text(replace(FOUND, runs=tuple(ran[:2])), width=80).splitlines()

    assert said[-2:] == ["", "Evaluated in 3 runs: median 1.3 ms, slowest 1,234 ms on 2025-03-04."]
    assert once[-1] == "Evaluated in 1 run: median 0.12 ms, slowest 0.12 ms on 2025-03-02."


def test_each_run_has_its_milliseconds(deployed: Cli) -> None:
    deployed.casino.later(days=1)
    deployed.at("refresh")
    runs = json.loads(deployed("stats", "germans", "--since", "100y", "--json").out)["runs"]

    assert [(one["members"], one["left_by"]) for one in runs] == [(4, {}), (4, {})]
    assert runs[-1]["milliseconds"] > 0


def test_json_and_csv_say_the_same(moved: Cli) -> None:
    data = json.loads(moved("stats", "germans", "--since", "100y", "--by", "month", "--json").out)
    rows = list(
        csv.DictReader(io.StringIO(moved("stats", "germans", "--since", "100y", "--by", "month", "--csv").out))
    )

    assert (data["members_before"], data["members"], data["period"]) == (0, 3, "month")
    assert data["periods"][0] == {
        "from": "2025-03-01",
        "members": 3,
        "joined": 4,
        "left": 1,
        "joined_by": {"definition": 4},
        "left_by": {"data": 1},
    }
    assert [(row["from"], row["cause"], row["joined"], row["left"]) for row in rows[:2]] == [
        ("2025-03-01", "data", "0", "1"),
        ("2025-03-01", "definition", "4", "0"),
    ]
    assert {row["members"] for row in rows} == {"3"}


def test_figures_are_the_same_for_the_same_history(moved: Cli) -> None:
    said = moved("stats", "germans", "--since", "100y", "--png", "s.png", "--svg", "s.svg")

    assert (said.code, said.out) == (0, "Wrote s.png.\nWrote s.svg.\n")
    assert Path("s.png").read_bytes().startswith(b"\x89PNG")
    assert b"</svg>" in Path("s.svg").read_bytes()


@pytest.mark.parametrize("since", ["90", "3 months", "0d", "m", "yesterday", "200y"])
def test_a_time_that_is_none_is_refused(deployed: Cli, since: str) -> None:
    said = deployed("stats", "germans", "--since", since)

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Refused: ")
