"""Every view: as people see it (tests/cases/views), and with hostile texts in the place of each text of theirs."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from segctl.view.style import ANSI
from segctl.view.width import cells
from tests.conftest import CASES
from tests.view.hostile import HOSTILE
from tests.view.shown import as_written, views
from tests.view.test_safe import unseen

VIEWS = views(as_written)
# Their line of numbers is for programs too, and the widest list is asked for.
ONE_LONG_LINE = {"list-wide", "fields-wide", "plan", "comment", "objects", "design", "applied", "refreshed"}
LINE_ENDS = "\n\r"
MACHINES = [name for name in VIEWS if name.rpartition("-")[2] in ("json", "csv", "github", "jsonl")]
PEOPLE = [name for name in VIEWS if name not in MACHINES]


@pytest.mark.parametrize("name", VIEWS)
def test_views(name: str, *, accept: bool) -> None:
    expected = CASES / "views" / f"{name}.txt"
    if accept:
        expected.write_text(VIEWS[name], newline="")

    assert VIEWS[name] == expected.read_bytes().decode()


@pytest.mark.parametrize("name", [name for name in PEOPLE if name not in ONE_LONG_LINE])
def test_lines_fit_and_end_clean(name: str) -> None:
    for line in VIEWS[name].splitlines():
        assert cells(line) <= (80 if name in ("list", "audit", "fields") else 100)
        assert line == line.rstrip()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_neither_act_nor_break(hostile: str) -> None:
    for name, text in views(lambda text: f"{hostile}{text[:3]}").items():
        assert unseen(text.translate(dict.fromkeys(map(ord, LINE_ENDS)))) == set(), name
        assert "\r" not in text or name.endswith("-csv"), name
        if name in PEOPLE:
            assert not re.search(r"^\s*::|##[a-z]*\[", text, re.MULTILINE), name


@pytest.mark.parametrize("hostile", HOSTILE)
def test_only_our_own_escapes_are_in_colour(hostile: str) -> None:
    plain = views(lambda _: hostile)
    for name, text in views(lambda _: hostile, ANSI).items():
        bare = re.sub("\x1b\\[[0-9;]+m", "", text)
        assert unseen(bare.translate(dict.fromkeys(map(ord, LINE_ENDS)))) == set(), name
        assert bare == plain[name], name


@pytest.mark.parametrize("hostile", HOSTILE)
def test_programs_read_back_what_was_written(hostile: str) -> None:
    shown = views(lambda _: hostile)

    assert json.loads(shown["list-json"])[0]["title"] == hostile
    assert json.loads(shown["diagnostics-json"])["diagnostics"][0]["detail"] == hostile
    assert json.loads(shown["members-jsonl"])["player_id"] == hostile
    assert {len(row) for row in csv.reader(io.StringIO(shown["list-csv"], newline=""))} == {8}
    for line in shown["diagnostics-github"].splitlines():
        assert re.fullmatch(
            r"::(error|warning) file=[^:,]*,line=\d+,col=\d+,endLine=\d+,endColumn=\d+,title=[^:,]*::.*", line
        )
