"""What a step does to the members of each segment: who moves, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from segctl.members.causes import Cause, Direction, Moved, moves
from segctl.plan.compare import Step
from segctl.plan.document import Impact
from segctl.workflow.declared import TOLD
from segctl.workflow.difference import Difference
from segctl.workflow.evaluation import NOBODY, Outcome
from segctl.workflow.stage import Stage
from segctl.workflow.worlds import is_guard


@dataclass(frozen=True, slots=True)
class Effect:
    """One segment's members after a run, and how they came about."""

    name: str
    before: BitMap
    after: BitMap
    listed: BitMap | None
    unknown: int
    moved: tuple[Moved, ...]
    since: tuple[int, ...] | None = None

    @property
    def impact(self) -> Impact:
        """The same in numbers."""
        by_time = [one for one in self.moved if one.cause in ("data", "clock")]
        return Impact(
            before=len(self.before),
            after=len(self.after),
            joining=_number(self.moved, "joined"),
            leaving=_number(self.moved, "left"),
            joining_by_time=_number(by_time, "joined"),
            leaving_by_time=_number(by_time, "left"),
        )


def effects(
    outcomes: Mapping[str, Outcome], steps: Sequence[Step], found: Difference, staged: Stage
) -> dict[str, Effect]:
    """The effect on every affected segment, by its new name."""
    own = {step.address: step for step in steps}
    return {
        name: effect(name, one, _why(own.get(f"segment.{name}"), found, name, staged))
        for name, one in outcomes.items()
    }


def effect(name: str, one: Outcome, why: Cause) -> Effect:
    """The effect of one outcome; `why` is the cause of what its definition does."""
    moved = moves(one.before, one.meanwhile, one.after, why, one.evidence)
    return Effect(name, one.before, one.after, one.listed, one.unknown, moved, one.since)


def released(name: str, members: BitMap) -> Effect:
    """The effect of archiving a segment: everyone leaves."""
    return Effect(name, members, NOBODY, None, 0, (Moved("definition", "left", members),))


# Parts of a definition that name players.
_LISTS = frozenset(("players", "include", "exclude"))


def _why(step: Step | None, found: Difference, name: str, staged: Stage) -> Cause:
    """The cause of what a segment's definition does: its own edit, that of a list, or others that it uses."""
    if step is not None:
        before = found.definitions.get(step.was or step.address)
        if before is None:
            return "definition"
        keys = set(changed_keys(before, found.declared[step.address].definition)) - TOLD
        return "list" if keys and _LISTS.issuperset(keys) else "definition"
    one = staged.new.segments[name]
    kinds = {address.partition(".")[0] for address in one.mentions & staged.addresses}
    if kinds:
        return "list" if kinds == {"list"} else "definition"
    used = {other for other in one.uses() & staged.names if not is_guard(other)}
    return "dependency" if used else "definition"


def changed_keys(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """The parts of a definition that differ."""
    return tuple(sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key)))


def _number(moved: Sequence[Moved], direction: Direction) -> int:
    return sum(len(one.players) for one in moved if one.direction == direction)
