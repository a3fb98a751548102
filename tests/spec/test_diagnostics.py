"""Stories of mistakes: each folder of tests/cases/diagnostics, and what segctl says to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from segctl.base.codes import CODES
from tests.conftest import CASES
from tests.spec.reading import all_diagnostics, folder, line

STORIES = sorted((CASES / "diagnostics").iterdir())
# What git cannot hold, tests/files/test_project.py builds.
BUILT = {"SEG006", "SEG007", "SEG008", "SEG013"}
# Of an engine that reads by index: tests/warehouse/test_catalog_check.py.
OF_ENGINES = {"SEG321"}
FAMILIES = ("SEG0", "SEG1", "SEG2", "SEG3", "SEG4", "SEG5")


@pytest.mark.parametrize("case", STORIES, ids=lambda case: case.name)
def test_each_mistake_is_told_at_its_place(case: Path, tmp_path: Path, *, accept: bool) -> None:
    folder(case, tmp_path)

    said = "".join(f"{line(diagnostic)}\n" for diagnostic in all_diagnostics(tmp_path))

    expected = case / "expected.txt"
    if accept:
        expected.write_text(said)
    assert said == expected.read_text()


def test_every_code_is_provoked_by_a_story() -> None:
    stories = [*STORIES, *(CASES / "warehouse").iterdir()]
    told = {text[:6] for case in stories for text in (case / "expected.txt").read_text().splitlines()}

    assert {code for code in CODES if code.startswith(FAMILIES)} == told | BUILT | OF_ENGINES
