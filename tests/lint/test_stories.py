"""Stories of lint: each folder of tests/cases/lint, what is told of it, and what `--fix` makes of its first file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from segctl.lint.ground import ground
from segctl.lint.run import LINT_CODES, linted
from segctl.model.time import Clock
from segctl.workflow.lint import Wanted, lint, mend
from segctl.workflow.load import load
from tests.conftest import CASES
from tests.spec.reading import folder, line, project, segment_text

STORIES = sorted((CASES / "lint").iterdir())
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize("case", STORIES, ids=lambda case: case.name)
def test_what_is_told_and_where(case: Path, tmp_path: Path, *, accept: bool) -> None:
    folder(case, tmp_path)

    found = lint(load(tmp_path), NOW, Wanted(notes=(case / "notes.txt").exists()))

    _compare(case / "expected.txt", "".join(f"{line(one)}\n" for one in found.diagnostics), accept=accept)
    assert [one for one in found.diagnostics if not one.help] == [], "each says what to do"


@pytest.mark.parametrize("case", STORIES, ids=lambda case: case.name)
def test_what_is_mended(case: Path, tmp_path: Path, *, accept: bool) -> None:
    folder(case, tmp_path)
    before = load(tmp_path)

    mended = mend(before, NOW, Wanted())

    _compare(case / "fixed.txt", "".join(f"{text}\n" for _, text in sorted(mended.changed.items())), accept=accept)
    assert mend(mended.loaded, NOW, Wanted()).changed == {}


def test_every_code_is_provoked_by_a_story() -> None:
    told = {text[:6] for case in STORIES for text in (case / "expected.txt").read_text().splitlines()}

    assert told == LINT_CODES


def _compare(expected: Path, said: str, *, accept: bool) -> None:
    if accept:
        expected.unlink(missing_ok=True)
        if said or expected.name == "expected.txt":
            expected.write_text(said)
    assert said == (expected.read_text() if expected.exists() else "")


def test_work_is_bounded_whatever_the_rule() -> None:
    deep = "{vip_level: 1}"
    for level in range(9):
        others = f"{{country: C{level}}}, {{event: bets, count: {level}}}, {{vip_level: {level}}}"
        deep = f"{{at_least: {{n: 2, of: [{deep}, {others}]}}}}"
    wide = "{any: [" + ", ".join(f"{{country: C{number}}}" for number in range(3_000)) + "]}"
    read = project({"deep.yaml": segment_text(deep, "deep"), "wide.yaml": segment_text(wide, "wide")})
    assert read.catalog is not None
    started = process_time()

    found = linted(ground(read, read.catalog, Clock(NOW, ZoneInfo("UTC")), {}))

    assert found == ()
    assert process_time() - started < 20
