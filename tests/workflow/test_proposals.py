"""Proposed segment tests: both sides of each threshold, and true at once."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from segctl.model.covered import Coverage
from segctl.workflow.load import load
from segctl.workflow.propose import proposed
from segctl.workflow.testing import covered, stage_of, tally_of
from tests.support.trials import ROOT, project

LIBRARY = sorted(load(ROOT).project.segments)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", LIBRARY)
def test_what_init_proposes_for_the_library_passes_at_once(name: str, tmp_path: Path) -> None:
    for part in ("segments", "segctl.yaml"):
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / part)
    text = proposed(load(tmp_path), name, NOW)
    for path in tmp_path.rglob("*.test.yaml"):
        path.unlink()
    (tmp_path / "segments" / "proposed.test.yaml").write_text(text)

    loaded = load(tmp_path, tests=True)
    assert not loaded.failed, loaded.diagnostics
    run = tally_of(stage_of(loaded), loaded.project.tests, loaded.project.tests.segments)

    assert run.passed
    assert run.tried[0].scenes[0].step.expected.inside != ()


THRESHOLDS = {
    "{total_deposit_amount: {gte: 500}}": {"499.99": False, "exactly-500": True, "500.01": True},
    "{vip_level: {between: [2, 4]}}": {"1": False, "exactly-2": True, "exactly-4": True, "5": False},
    "{last_login: {older_than: 7d}}": {
        "1s-before-the-edge": True,
        "exactly-the-edge": True,
        "1s-after-the-edge": False,
    },
    "{last_login: {within: 7d}}": {"exactly-the-edge": False, "1s-after-the-edge": True, "1s-after-now": False},
    "{age: {gte: 18}}": {"18-today": True, "18-tomorrow": False},
    "{country: [DE, AT]}": {"de": True, "at": True, "br": False, "missing": False},
    "{country: {ne: DE}}": {"de": False, "missing": True},
    "{event: payments, where: {kind: deposit}, count: {gte: 2}}": {"count-1": False, "count-exactly-2": True},
    "{sequence: [{event: sessions}, {event: payments}], within: 1h}": {"just-in-time": True, "1s-too-late": False},
    "{bucket: {salt: spring, percent: [0, 50]}}": {"outside-spring-4": False},
}


@pytest.mark.parametrize("rule", THRESHOLDS)
def test_init_finds_both_sides_of_a_threshold(rule: str, tmp_path: Path) -> None:
    segment = f"{{kind: Segment, name: s, type: dynamic, purpose: analysis, rules: {rule}}}"
    loaded = project(tmp_path, segment)

    (tmp_path / "segments" / "s.test.yaml").write_text(proposed(loaded, "s", NOW))

    again = load(tmp_path, tests=True)
    assert not again.failed, again.diagnostics
    assert tally_of(stage_of(again), again.project.tests, again.project.tests.segments).passed
    (test,) = again.project.tests
    found = dict.fromkeys(test.steps[0].expected.inside, True) | dict.fromkeys(
        test.steps[0].expected.outside, False
    )
    for word, inside in THRESHOLDS[rule].items():
        named = [found[name] for name in found if name.endswith(word)]
        # the first player stands for the value that they have
        assert named == [inside] or (not named and inside), (word, found)


def coverage_of_proposal(root: Path, segment: str, *others: str, guards: str = "") -> Coverage:
    """How far the proposed test of the segment `s` holds it."""
    loaded = project(root, segment, *others, guards=guards)
    (root / "segments" / "s.test.yaml").write_text(proposed(loaded, "s", NOW))
    again = load(root, tests=True)
    tally = tally_of(stage_of(again), again.project.tests, again.project.tests.segments)
    assert tally.passed
    (found,) = covered(tally)
    return found


ABUSERS = "{kind: Segment, name: abusers, type: dynamic, purpose: analysis, rules: {bonus_used_count: {gte: 3}}}"
BESIDE = {
    "where": """
type: dynamic
rules:
  event: bets
  where: {all: [{provider: studio_x}, {stake: {gte: 5}}]}
  count: {gte: 3}
""",
    "did not": """
type: dynamic
rules:
  event: bets
  where: {all: [{product: sports}, {team: Juventus}]}
  count: {eq: 0}
""",
    "sequence": """
type: dynamic
rules:
  sequence: [{event: sessions}, {event: payments, where: {all: [{kind: deposit}, {status: failed}]}}]
  within: 1h
""",
    "triggered": """
type: triggered
enter: [{event: sessions}, {event: payments, where: {all: [{kind: deposit}, {amount: {gte: 100}}]}}]
exit: {event: payments, where: {kind: withdrawal}}
for: 14d
""",
    "adjustments": """
type: dynamic
rules: {vip_level: {gte: 3}}
include: [{players: [p_17]}]
exclude: [{segments: [abusers]}, {players: [p_99]}]
""",
    "included by a segment": """
type: players
players: [p_1, p_2, p_3]
include: [{segments: [abusers]}]
""",
    "limit": """
type: dynamic
rules: {country: DE}
limit: {top: 3, by: total_deposit_amount, order: asc, during: {last: 30d}}
""",
}


@pytest.mark.parametrize("name", BESIDE)
def test_init_covers_what_stands_beside_and_inside_the_rules(name: str, tmp_path: Path) -> None:
    segment = f"kind: Segment\nname: s\npurpose: analysis{BESIDE[name]}"

    found = coverage_of_proposal(tmp_path, segment, ABUSERS)

    assert [(one.part, one.checks) for one in found.items if not all(one.checks)] == []


def test_init_covers_the_guard(tmp_path: Path) -> None:
    segment = "{kind: Segment, name: s, type: dynamic, rules: {vip_level: {gte: 3}}}"

    found = coverage_of_proposal(
        tmp_path, segment, guards="guards: {marketing: {all: [{self_excluded: false}]}}\n"
    )

    assert found.percent == 100
