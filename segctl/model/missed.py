"""Whether the tests of a segment would fail if it said something else. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from segctl.model.membership import Ids, Society, members_of
from segctl.model.segment import Limit, Segment
from segctl.model.trial import Scene
from segctl.model.tried import Tried, untrue


@dataclass(frozen=True, slots=True)
class Outcome:
    """One step of a test, and who would be in if the segment said something else; its limit then."""

    tried: Tried
    scene: Scene
    members: Ids
    limit: Limit | None

    @property
    def moves(self) -> bool:
        """Is some player of the test in who was not, or the other way round?"""
        test = self.tried.test
        return bool((self.members ^ self.scene.found[test.segment]) & test.players.keys())

    @property
    def fails(self) -> bool:
        """Does some expectation come out otherwise?"""
        test, scene = self.tried.test, self.scene
        before = untrue(test, scene, scene.found[test.segment], scene.society.segments[test.segment].limit)
        return untrue(test, scene, self.members, self.limit) != before


def outcomes(changed: Segment, tries: Iterable[Tried]) -> Iterator[Outcome]:
    """Every step of every test, played again with a changed segment. The other segments stay as they were."""
    for one in tries:
        snapshot: Ids | None = None
        for scene in one.scenes:
            members = members_of(changed, _with_snapshot(scene.society, changed, snapshot), scene.found)
            if changed.type == "static" and snapshot is None:
                snapshot = members
            yield Outcome(one, scene, members, changed.limit)


def missed(changed: Segment, tries: Sequence[Tried]) -> bool:
    """Does a test fail when the segment is changed so?"""
    return any(outcome.fails for outcome in outcomes(changed, tries))


def _with_snapshot(society: Society, segment: Segment, snapshot: Ids | None) -> Society:
    if snapshot is None:
        return society
    return replace(society, snapshots={**society.snapshots, segment.name: snapshot})
