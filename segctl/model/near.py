"""Events that all but pass: made-up players whose events miss one condition of a `where`. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from segctl.model.altered import placed
from segctl.model.boundaries import targets
from segctl.model.catalog import EventTable
from segctl.model.invented import Setting, with_column
from segctl.model.measures import Event, event_passes
from segctl.model.rule import Compare, Rule, Step
from segctl.model.sketch import Sketch


def spoilt(
    step: Step, sketch: Sketch, setting: Setting, other: Step | None = None
) -> Iterator[tuple[str, Sketch]]:
    """For each condition of the `where`, a word and the sketch whose events do not pass, by that column alone.

    No event of `other` is made of them, as far as that can be.
    """
    table, where = setting.catalog.events[step.events], step.where
    if where is None:
        return
    rows = sketch.events.get(step.events, ())
    for _, condition in placed(where):
        word, changed = "", list(rows)
        for place, row in enumerate(rows):
            found = _missing(where, condition, row, table, setting) if _counts(step, row, table, setting) else []
            found.sort(key=lambda one: other is not None and _counts(other, one[1], table, setting))
            if found:
                word, changed[place] = found[0]
        if word:
            yield word, replace(sketch, events={**sketch.events, step.events: tuple(changed)})


def happens(step: Step, sketch: Sketch, setting: Setting) -> bool:
    """Does some event of the sketch pass?"""
    table = setting.catalog.events[step.events]
    return any(_counts(step, row, table, setting) for row in sketch.events.get(step.events, ()))


def _missing(
    where: Rule, condition: Rule, row: Event, table: EventTable, setting: Setting
) -> list[tuple[str, Event]]:
    """The event with each value of the column that makes it fail, known values before a missing one."""
    if not isinstance(condition, Compare):
        return []
    column = table.column(condition.field)
    values = [
        each for test in condition.tests for each in targets(test, column.type, column.values, setting.clock)
    ]
    made = [(f"{column.name} {word}", with_column(row, table, column.name, value)) for word, value in values]
    failing = [one for one in made if not event_passes(where, one[1], table, setting.clock)]
    return sorted(failing, key=lambda one: one[1].get(column.name) is None)


def _counts(step: Step, row: Event, table: EventTable, setting: Setting) -> bool:
    return step.events == table.name and (
        step.where is None or event_passes(step.where, row, table, setting.clock)
    )
