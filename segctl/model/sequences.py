"""Steps that happened one after the other, and events that let players in and out (language.md, 2 and 3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from segctl.model.catalog import Catalog
from segctl.model.facts import PlayerFacts
from segctl.model.measures import event_passes, lies_in
from segctl.model.rule import Sequence, Step
from segctl.model.segment import Trigger
from segctl.model.time import Clock, Interval, Lifetime, interval, micros, moment, shifted


def in_sequence(rule: Sequence, player: PlayerFacts, catalog: Catalog, stretch: Interval, clock: Clock) -> bool:
    """Is there an event for each step, each later than the one before, the last no more than `within` the first?

    Two events of one instant have no order, so neither follows the other.
    """
    chains = [(at, at) for at in times(rule.steps[0], player, catalog, stretch, clock)]
    for step in rule.steps[1:]:
        later = times(step, player, catalog, stretch, clock)
        chains = [(first, at) for first, last in chains for at in later if at > last]
    longest = None if rule.within is None else rule.within.seconds * 1_000_000
    return any(longest is None or last - first <= longest for first, last in chains)


def entered(trigger: Trigger, player: PlayerFacts, catalog: Catalog, clock: Clock) -> datetime | None:
    """When the player last entered; None for who never did, has left since, or stayed for as long as one may."""
    ever = interval(Lifetime(), clock)
    enters = _times_of(trigger.enter, player, catalog, ever, clock)
    exits = _times_of(trigger.exit, player, catalog, ever, clock)
    latest = max(enters, default=None)
    if latest is None or any(at >= latest for at in exits):
        return None
    if trigger.stay is not None and latest <= shifted(clock, trigger.stay, -1):
        return None
    return moment(latest)


def times(step: Step, player: PlayerFacts, catalog: Catalog, stretch: Interval, clock: Clock) -> list[int]:
    """The instants of the events of a step within a stretch, ascending, in microseconds."""
    table = catalog.events[step.events]
    return sorted(
        micros(time)
        for event in player.events.get(table.name, ())
        if isinstance(time := event[table.time], datetime)
        and lies_in(stretch, time)
        and (step.where is None or event_passes(step.where, event, table, clock))
    )


def _times_of(
    steps: Iterable[Step], player: PlayerFacts, catalog: Catalog, stretch: Interval, clock: Clock
) -> list[int]:
    return [at for step in steps for at in times(step, player, catalog, stretch, clock)]
