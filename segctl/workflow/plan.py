"""What would change, and for whom: the difference of files and state, evaluated. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from segctl.base.commit import Commit
from segctl.members.numbering import Numbering
from segctl.plan.compare import Step
from segctl.plan.document import Plan
from segctl.store.engine import open_state, reading
from segctl.workflow.context import Context
from segctl.workflow.dangers import around
from segctl.workflow.difference import Difference
from segctl.workflow.effects import Effect, effects, released
from segctl.workflow.evaluation import Evaluation, evaluated, numbered
from segctl.workflow.holds import Holds
from segctl.workflow.load import Loaded
from segctl.workflow.older import refuse_older
from segctl.workflow.outside import outside_of
from segctl.workflow.plandoc import plan_document
from segctl.workflow.returns import holds_of, names_of, numbering_of
from segctl.workflow.sides import Held, Sides
from segctl.workflow.stage import Stage, held, stage
from segctl.workflow.worlds import is_guard


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what applying it at once would write. Only the plan may leave the process."""

    plan: Plan
    found: Difference
    steps: tuple[Step, ...]
    effects: Mapping[str, Effect]
    guards: Mapping[str, BitMap]
    numbering: Numbering


def planned(
    context: Context,
    loaded: Loaded,
    found: Difference,
    commit: Commit | None,
    only: Sequence[Step] | None = None,
    against: str | None = None,
) -> Planned:
    """Evaluates all steps of a difference, or those that differ from the commit `against`. Raises: Refused."""
    steps = found.steps if only is None else tuple(only)
    refuse_older(found.deployed.values(), context.now)
    with reading(open_state(context.state)) as connection:
        staged = stage(connection, found, steps)
        before = held(connection, found, staged)
        numbering = numbering_of(connection)
        holds = holds_of(connection, names_of(found.deployed.values()), context.clock)
        outside = outside_of(connection, context.root, commit, steps, found.deployed)
    made, guards, players = _released(staged, before), {}, 0
    if staged.names:
        evaluation = _evaluation(context, found, staged, before, numbering, holds)
        made |= effects(evaluation.outcomes, steps, found, staged)
        guards = {name: passing for name, passing in evaluation.guards.items() if name in staged.names}
        players = evaluation.players
    beside = around(found, staged, steps, before, guards, players)
    document = plan_document(context, loaded, found, staged, steps, made, beside, outside, commit, against)
    context.timings.lap("making the plan")
    return Planned(document, found, steps, made, guards, numbering)


def _evaluation(
    context: Context,
    found: Difference,
    staged: Stage,
    before: Mapping[str, Held],
    numbering: Numbering,
    holds: Holds,
) -> Evaluation:
    lists = {}
    for name in staged.names:
        declared = found.declared.get(f"segment.{name}")
        if declared and declared.segment and declared.segment.players:
            lists[name] = numbered(declared.segment.players.ids, numbering)
    sides = Sides(
        new=staged.new,
        old=staged.old,
        names=staged.names,
        gone=staged.gone,
        was=staged.was,
        now={former: name for name, former in staged.was.items()},
        held=before,
        listed=lists,
        clock=context.clock,
        retaken=staged.retaken,
        holds=holds,
    )
    return evaluated(context, sides, numbering)


def _released(staged: Stage, before: Mapping[str, Held]) -> dict[str, Effect]:
    gone = (name for name in staged.gone if name in before and not is_guard(name))
    return {name: released(name, before[name].members) for name in gone}
