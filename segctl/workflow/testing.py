"""Segment tests run: each on the oracle, all of them together on DuckDB, and held against what they expect."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from zoneinfo import ZoneInfo

from segctl.base.errors import Refused
from segctl.model.coverage import coverage
from segctl.model.covered import Coverage
from segctl.model.segment_test import Expected, SegmentTest
from segctl.model.trial import Stage, played
from segctl.model.tried import Tally, Tried, tried
from segctl.spec.project import names_of
from segctl.spec.recalled_test import Keep
from segctl.warehouse.brought import Brought
from segctl.workflow.load import Loaded
from segctl.workflow.replay import replayed


def stage_of(loaded: Loaded) -> Stage:
    """What a project without mistakes declares. Raises: Refused."""
    project, settings = loaded.project, loaded.settings
    if project.catalog is None or settings is None:
        raise Refused("The project has mistakes.", "Show them with: segctl validate")
    return Stage(
        catalog=project.catalog,
        segments=project.segments,
        zone=ZoneInfo(settings.timezone),
        guards={purpose: guard.rule for purpose, guard in project.guards.items()},
        names=names_of(project),
    )


def tally_of(stage: Stage, tests: Sequence[SegmentTest], tested: AbstractSet[str]) -> Tally:
    """Runs tests; `tested` names the segments that have any."""
    scenes = [played(test, stage) for test in tests]
    flat = [scene for each in scenes for scene in each]
    names = [test.segment for test, each in zip(tests, scenes, strict=True) for _ in each]
    brought = Brought(stage.zone)
    try:
        engine = replayed(flat, names, stage, brought)
    finally:
        brought.close()
    answers = iter(engine)
    went = tuple(
        tried(test, each, [next(answers) for _ in each]) for test, each in zip(tests, scenes, strict=True)
    )
    return Tally(stage, went, tuple(sorted(stage.segments.keys() - tested)))


def chosen(
    loaded: Loaded, paths: Sequence[Path], pattern: str | None, touched: Keep | None = None
) -> list[SegmentTest]:
    """The tests in these files and folders (in all, if there are none) that match a pattern, and may be `touched`.

    A pattern that matches a segment, a file or a title takes the whole test; one that matches players takes the
    expectations of those players. Raises: Refused.
    """
    tests = loaded.project.tests
    for path in paths:
        if not any(_below(file, path, loaded.root) for file in tests.files):
            raise Refused(f"There is no segment test in {path}.", "List them all with: segctl test")
    if paths:
        tests = tests.where(lambda file, _: any(_below(file, path, loaded.root) for path in paths))
    if pattern is None:
        return list(tests if touched is None else tests.where(touched))
    found = [part for test in tests if (part := _matching(test, pattern)) is not None]
    if not found:
        raise Refused(f"No test, segment or player matches {pattern}.", "List all tests with: segctl test")
    return [test for test in found if touched is None or touched(test.file, test.segment)]


def covered(run: Tally) -> list[Coverage]:
    """What the tests cover of each segment that one of them tests, by name."""
    tries: dict[str, list[Tried]] = {}
    for one in run.tried:
        tries.setdefault(one.test.segment, []).append(one)
    return [coverage(name, run.stage, tries[name]) for name in sorted(tries)]


def _below(file: str, path: Path, root: Path) -> bool:
    place = (root / file).resolve()
    return place == path.resolve() or path.resolve() in place.parents


def _matching(test: SegmentTest, pattern: str) -> SegmentTest | None:
    names = (test.segment, test.file, test.file.rpartition("/")[2], test.title)
    if any(fnmatchcase(name, pattern) for name in names):
        return test
    players = [player for player in test.players if fnmatchcase(player, pattern)]
    steps = [replace(step, expected=_of(step.expected, players)) for step in test.steps]
    return replace(test, steps=tuple(steps)) if any(step.expected.count for step in steps) else None


def _of(expected: Expected, players: Sequence[str]) -> Expected:
    inside = tuple(player for player in expected.inside if player in players)
    outside = tuple(player for player in expected.outside if player in players)
    return Expected(inside, outside, places=expected.places)
