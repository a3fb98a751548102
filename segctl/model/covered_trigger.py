"""What tests cover of the events that let players in and out of a triggered segment. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from segctl.model.covered import Covered
from segctl.model.covered_events import Sight, of_step
from segctl.model.covered_parts import of_part
from segctl.model.rule import Step
from segctl.model.segment import Segment, Trigger
from segctl.model.time import Lifetime, interval
from segctl.model.tried import Tried


def of_trigger(segment: Segment, trigger: Trigger, tries: Sequence[Tried]) -> Iterator[Covered]:
    """Each event of `enter` and `exit` with its `where`, and `for`."""
    sights = list(_sights(tries))
    for place, step in enumerate(trigger.enter):
        yield from of_step("enter", step, partial(_with, segment, trigger, "enter", place), sights, tries)
    for place, step in enumerate(trigger.exit):
        yield from of_step("exit", step, partial(_with, segment, trigger, "exit", place), sights, tries)
    if trigger.stay is not None:
        without = replace(segment, trigger=replace(trigger, stay=None))
        yield of_part("for", trigger, trigger.stay_at, without, tries)


def _with(
    segment: Segment, trigger: Trigger, word: Literal["enter", "exit"], place: int, step: Step | None
) -> Segment:
    """The segment with another event in place of one, or without it."""
    events = trigger.enter if word == "enter" else trigger.exit
    others = (*events[:place], *(() if step is None else (step,)), *events[place + 1 :])
    changed = replace(trigger, enter=others) if word == "enter" else replace(trigger, exit=others)
    return replace(segment, trigger=changed)


def _sights(tries: Sequence[Tried]) -> Iterator[Sight]:
    """Every player at every step, with all that has happened until then."""
    for one in tries:
        for scene in one.scenes:
            society = scene.society
            ever = interval(Lifetime(), society.clock)
            for facts in society.players.values():
                yield Sight(facts, society.catalog, society.clock, ever)
