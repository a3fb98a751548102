"""segctl overlap: numbers for people and programs, and a heat map."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

NAMES = ("germans", "picks", "snapshot")


def test_every_pair_with_its_common_members(deployed: Cli) -> None:
    sets = {name: deployed.casino.members(name) for name in NAMES}

    rows = json.loads(deployed("overlap", *NAMES, "--json").out)

    assert [(row["segment"], row["other"]) for row in rows] == [NAMES[:2], NAMES[::2], NAMES[1:]]
    for row in rows:
        one, other = sets[row["segment"]], sets[row["other"]]
        assert (row["members"], row["other_members"], row["common"]) == (len(one), len(other), len(one & other))
        assert row["jaccard"] == round(len(one & other) / len(one | other), 6)


def test_people_see_two_matrices_in_80_columns(deployed: Cli) -> None:
    said = deployed("overlap", *NAMES).out

    assert said.splitlines()[1:5] == [
        "#  SEGMENT   1  2  3",
        "1  germans   4  1  1",
        "2  picks     1  3  0",
        "3  snapshot  1  0  3",
    ]
    assert "1  germans   100.0   16.7   16.7" in said
    assert "As of 2025-03-01 12:00 UTC." in said


def test_what_does_not_fit_is_a_row_a_pair(deployed: Cli) -> None:
    casino = deployed.casino
    names = [f"number-{number}" for number in range(13)]
    for name in names:
        casino.segment(name, {"country": "DE"})
    casino.apply()

    lines = deployed("overlap", *names).out.splitlines()

    assert lines[0].split() == ["SEGMENT", "OTHER", "MEMBERS", "OF", "OTHER", "COMMON", "JACCARD"]
    assert len([line for line in lines if line.startswith("number-")]) == 78
    assert max(map(len, lines)) <= 80


def test_at_an_instant_those_of_then_are_compared(deployed: Cli) -> None:
    casino = deployed.casino
    first = casino.now.isoformat()
    casino.later(days=1)
    casino.change("anna", country="GB")
    casino.refresh()

    assert json.loads(deployed("overlap", "germans", "picks", "--json").out)[0]["common"] == 0
    assert json.loads(deployed("overlap", "germans", "picks", "--at", first, "--json").out)[0]["common"] == 1


def test_a_heat_map_as_png_and_svg(deployed: Cli) -> None:
    said = deployed("overlap", *NAMES, "--png", "written/o.png", "--svg", "o.svg")

    assert (said.code, said.out) == (0, "Wrote written/o.png.\nWrote o.svg.\n")
    assert Path("written/o.png").read_bytes().startswith(b"\x89PNG")
    first = Path("o.svg").read_bytes()
    assert b"</svg>" in first
    deployed("overlap", *NAMES, "--svg", "o.svg")
    assert Path("o.svg").read_bytes() == first


def test_without_matplotlib_it_says_what_to_install(deployed: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    said = deployed("overlap", *NAMES, "--png", "o.png")

    assert said.code == 1
    assert "pip install 'segctl[charts]'" in said.err
    assert not Path("o.png").exists()


def test_one_segment_has_no_overlap(deployed: Cli) -> None:
    said = deployed("overlap", "germans", "germans")

    assert said.code == 1
    assert "two segments" in said.err
