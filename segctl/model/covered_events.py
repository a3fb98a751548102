"""What tests cover of events that rules or triggers ask about, and of each condition of their `where`. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from segctl.model.altered import negated, placed, removed
from segctl.model.catalog import Catalog
from segctl.model.covered import Covered, Part
from segctl.model.facts import PlayerFacts
from segctl.model.measures import event_passes, lies_in
from segctl.model.missed import missed
from segctl.model.rule import Step
from segctl.model.segment import Segment
from segctl.model.sequences import times
from segctl.model.time import Clock, Interval
from segctl.model.tried import Tried

# The segment with another event in place of one, or without it.
Change = Callable[[Step | None], Segment]


@dataclass(frozen=True, slots=True)
class Sight:
    """One player at one step of a test, and the stretch of time that is looked at."""

    player: PlayerFacts
    catalog: Catalog
    clock: Clock
    stretch: Interval


def of_step(
    part: Part, step: Step, change: Change, sights: Sequence[Sight], tries: Sequence[Tried]
) -> Iterator[Covered]:
    """One of several events: did some player have it, did some not, would it be missed; then its `where`."""
    had = {_had(step, sight) for sight in sights}
    yield Covered(part, step, step.at, True in had, False in had, missed(change(None), tries))
    yield from of_where(step, change, sights, tries)


def of_where(step: Step, change: Change, sights: Sequence[Sight], tries: Sequence[Tried]) -> Iterator[Covered]:
    """Each condition of a `where`, seen true and false of the events of its table that lie in the stretch."""
    if step.where is None:
        return
    for path, condition in placed(step.where):
        one = Step(step.events, condition)
        seen = {passes for sight in sights for passes in _passes(one, sight)}
        yield Covered(
            "where",
            one,
            condition.at,
            true=True in seen,
            false=False in seen,
            removal=missed(change(replace(step, where=removed(step.where, path))), tries),
            negation=missed(change(replace(step, where=negated(step.where, path))), tries),
        )


def _had(step: Step, sight: Sight) -> bool:
    return bool(times(step, sight.player, sight.catalog, sight.stretch, sight.clock))


def _passes(step: Step, sight: Sight) -> Iterator[bool]:
    """Of each event in the stretch: does it pass?"""
    table = sight.catalog.events[step.events]
    for event in sight.player.events.get(table.name, ()):
        if step.where is not None and lies_in(sight.stretch, event[table.time]):
            yield event_passes(step.where, event, table, sight.clock)
