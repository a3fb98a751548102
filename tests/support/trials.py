"""Segment tests in a project on disk that has the shipped catalog, and how they go."""

from __future__ import annotations

import shutil
from pathlib import Path

from segctl.model.tried import Tally, Tried
from segctl.workflow.load import Loaded, load
from segctl.workflow.testing import stage_of, tally_of

ROOT = Path(__file__).parent.parent.parent
AT = "2026-11-21T00:00:00Z"


def project(root: Path, *documents: str, guards: str = "") -> Loaded:
    """A project of these documents, loaded with its tests. Guards stand in the settings."""
    (root / "segments").mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "segments" / "catalog.yaml", root / "segments")
    settings = "name: x\ntimezone: Europe/Malta\nenvironments: {dev: {warehouse: a, state: b}}\n"
    (root / "segctl.yaml").write_text(settings + guards)
    for number, document in enumerate(documents):
        (root / "segments" / f"{number:02}.yaml").write_text(document)
    loaded = load(root, tests=True)
    assert not loaded.failed, [f"{one.code} {one.span} {one.detail}" for one in loaded.diagnostics]
    return loaded


def run(root: Path, *documents: str, guards: str = "") -> Tally:
    """How all tests of such a project go."""
    loaded = project(root, *documents, guards=guards)
    return tally_of(stage_of(loaded), loaded.project.tests, loaded.project.tests.segments)


def only(root: Path, *documents: str, guards: str = "") -> Tried:
    """How its one test goes."""
    (tried,) = run(root, *documents, guards=guards).tried
    assert tried.discords == ()
    return tried


def wrong(tried: Tried) -> list[tuple[str, str, str, str]]:
    """Day, player, what was expected and what is so, of each failure."""
    return [
        (failure.as_of.date().isoformat(), failure.player, failure.expected, failure.got)
        for failure in tried.failures
    ]
