"""What tests cover of the conditions of a rule, and of the events inside them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Sequence as Many
from dataclasses import replace
from functools import partial
from typing import Literal

from segctl.model.altered import Path, negated, placed, removed, replaced
from segctl.model.covered import Covered
from segctl.model.covered_events import Sight, of_step, of_where
from segctl.model.covered_parts import of_part
from segctl.model.membership import memberships_of
from segctl.model.missed import missed
from segctl.model.rule import Condition, Happened, Rule, Sequence, Step
from segctl.model.segment import Segment
from segctl.model.time import interval
from segctl.model.tried import Tried
from segctl.model.verdict import Asked, Verdict, verdict

# A player at a step of a test, and the verdict.
_Look = tuple[Asked, Verdict]
# The segment with another condition in place of one.
_Put = Callable[[Condition], Segment]


def of_rule(
    part: Literal["rules", "scope"], rule: Rule, change: Callable[[Rule | None], Segment], tries: Many[Tried]
) -> Iterator[Covered]:
    """The conditions of a rule, a named rule being one; `change` gives the segment with another rule, or none."""
    looks = list(_looks(rule, tries))
    for path, condition in placed(rule):
        trees = [(asked, _at(tree, path)) for asked, tree in looks]
        verdicts = {tree.holds for _, tree in trees}
        yield Covered(
            part,
            condition,
            condition.at,
            true=True in verdicts,
            false=False in verdicts,
            removal=missed(change(removed(rule, path)), tries),
            negation=missed(change(negated(rule, path)), tries),
        )
        yield from _inside(condition, partial(_put, rule, path, change), trees, tries)


def _inside(condition: Condition, put: _Put, looks: Many[_Look], tries: Many[Tried]) -> Iterator[Covered]:
    match condition:
        case Happened(events, where):
            step = Step(events, where, condition.at)
            yield from of_where(step, partial(_happening, condition, put), _sights(looks), tries)
        case Sequence(steps) if len(steps) > 1:
            sights = _sights(looks)
            for place, step in enumerate(steps):
                yield from of_step("sequence", step, partial(_following, condition, put, place), sights, tries)
            if condition.within is not None:
                without = put(replace(condition, within=None))
                yield of_part("within", condition, condition.at, without, tries)
        case _:
            pass


def _put(rule: Rule, path: Path, change: Callable[[Rule | None], Segment], other: Condition) -> Segment:
    return change(replaced(rule, path, other))


def _happening(condition: Happened, put: _Put, step: Step | None) -> Segment:
    return put(replace(condition, where=None if step is None else step.where))


def _following(condition: Sequence, put: _Put, place: int, step: Step | None) -> Segment:
    steps = (*condition.steps[:place], *(() if step is None else (step,)), *condition.steps[place + 1 :])
    return put(replace(condition, steps=steps))


def _looks(rule: Rule, tries: Many[Tried]) -> Iterator[_Look]:
    """The rule's verdicts on every player at every step."""
    for one in tries:
        for scene in one.scenes:
            society = scene.society
            for player, facts in society.players.items():
                memberships = memberships_of(player, society, scene.found)
                asked = Asked(facts, society.catalog, society.clock, memberships, society.names)
                yield asked, verdict(rule, asked)


def _at(tree: Verdict, path: Path) -> Verdict:
    for place in path:
        tree = tree.parts[place]
    return tree


def _sights(looks: Many[_Look]) -> list[Sight]:
    return [
        Sight(asked.player, asked.catalog, asked.clock, interval(tree.window, asked.clock))
        for asked, tree in looks
    ]
