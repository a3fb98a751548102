"""The structured difference of two rules → lines in plain English. Raw: made safe where it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from segctl.model.parts import group_word
from segctl.plan.document import RuleChange
from segctl.view.changed import changed, changed_heading
from segctl.view.english import outline
from segctl.view.speech import Speech


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference. `line` is its place in the file, where it has one."""

    symbol: str
    depth: int
    text: str
    line: int | None = None


def difference(changes: Iterable[RuleChange], speech: Speech) -> list[Line]:
    """The lines of a difference; a group that came or went takes one for each of its conditions."""
    return [line for change in changes for line in _lines(change, speech)]


def _lines(change: RuleChange, speech: Speech) -> Iterator[Line]:
    before, after = change.before, change.after
    if before is None or after is None:
        for place, (depth, text) in enumerate(outline(after if before is None else before, speech)):
            yield Line(change.symbol, change.depth + depth, text, None if place else change.line)
    elif group_word(after) is not None:
        yield Line(change.symbol, change.depth, f"{changed_heading(before, after)}:", change.line)
    else:
        yield Line(change.symbol, change.depth, changed(before, after, speech), change.line)
