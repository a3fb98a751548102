"""Segment tests as they went: what was expected and did not come true, and why. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from segctl.base.span import Span
from segctl.model.membership import Ids, ranked
from segctl.model.reasons import Reasons, reasons
from segctl.model.segment import Limit
from segctl.model.segment_test import SegmentTest
from segctl.model.trial import Scene, Stage


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that did not come true. `player` is empty where all members were named.

    `expected` and `got` are words: `in`, `out`, or names. `why` is the reasons, on the oracle.
    """

    as_of: datetime
    player: str
    expected: str
    got: str
    place: Span | None
    why: Reasons | None = None


@dataclass(frozen=True, slots=True)
class Discord:
    """The oracle and DuckDB found different members: a bug of segctl. `players` are in just one of the two."""

    as_of: datetime
    players: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One test as it went. `scenes` are its steps on the oracle."""

    test: SegmentTest
    scenes: tuple[Scene, ...]
    failures: tuple[Failure, ...]
    discords: tuple[Discord, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.failures and not self.discords

    @property
    def expectations(self) -> int:
        return sum(scene.step.expected.count for scene in self.scenes)


@dataclass(frozen=True, slots=True)
class Tally:
    """All tests that were run, in the order of their files, and the segments that no test of the project names."""

    stage: Stage
    tried: tuple[Tried, ...]
    untested: tuple[str, ...]

    __test__ = False

    @property
    def passed(self) -> bool:
        return all(one.passed for one in self.tried)


def tried(test: SegmentTest, scenes: Sequence[Scene], engine: Sequence[Ids]) -> Tried:
    """How a test went; `engine` holds who DuckDB found in each scene, of the test's players."""
    failures = [failure for scene in scenes for failure in failures_of(test, scene)]
    discords = []
    for scene, answer in zip(scenes, engine, strict=True):
        differ = (scene.found[test.segment] & test.players.keys()) ^ answer
        if differ:
            discords.append(Discord(scene.step.as_of, tuple(sorted(differ))))
    return Tried(test, tuple(scenes), tuple(failures), tuple(discords))


def failures_of(test: SegmentTest, scene: Scene) -> list[Failure]:
    """What of a step's expectations did not come true on the oracle."""
    places, members = scene.step.expected.places, scene.found[test.segment]
    return [
        Failure(
            scene.step.as_of,
            player,
            wanted,
            got,
            places.get(player),
            _why(test, player, scene) if player else None,
        )
        for player, wanted, got in untrue(test, scene, members, scene.society.segments[test.segment].limit)
    ]


def untrue(test: SegmentTest, scene: Scene, members: Ids, limit: Limit | None) -> list[tuple[str, str, str]]:
    """The expectations of a step that these members do not meet: player, what was expected, and what is so.

    `limit` is what ranks them.
    """
    expected = scene.step.expected
    found = [(player, "in", "out") for player in expected.inside if player not in members]
    found += [(player, "out", "in") for player in expected.outside if player in members]
    mine = members & test.players.keys()
    if expected.only is not None and frozenset(expected.only) != mine:
        found.append(("", _listed(sorted(expected.only)), _listed(sorted(mine))))
    if expected.order is not None:
        order = sorted(members) if limit is None else ranked(members, limit, scene.society)
        if tuple(order) != expected.order:
            found.append(("", _listed(expected.order), _listed(order)))
    return found


def _listed(players: Sequence[str]) -> str:
    return f"[{', '.join(players)}]"


def _why(test: SegmentTest, player: str, scene: Scene) -> Reasons:
    return reasons(scene.society.segments[test.segment], player, scene.society, scene.found)
