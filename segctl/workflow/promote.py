"""What one environment has tried, planned for another: only objects that stand in the first as the files say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from segctl.base.errors import Mistakes, Refused
from segctl.plan.compare import Step
from segctl.spec.suggest import did_you_mean
from segctl.store import definitions
from segctl.store.definitions import Deployed
from segctl.store.state import head
from segctl.workflow.based import closed
from segctl.workflow.context import Context
from segctl.workflow.declared import DeclaredObject, declared_objects
from segctl.workflow.difference import Difference
from segctl.workflow.load import Loaded
from segctl.workflow.state import looking


@dataclass(frozen=True, slots=True)
class Tried:
    """What the first environment says of the files: who stands there just so, and what is active there at all."""

    environment: str
    same: frozenset[str]
    active: frozenset[str]


@dataclass(frozen=True, slots=True)
class Held:
    """A change that is not promoted, and why."""

    address: str
    reason: str


def tried(context: Context, loaded: Loaded) -> Tried:
    """What stands in an environment as the files say it. Raises: Mistakes, Refused, where nothing is deployed."""
    if loaded.failed:
        raise Mistakes(loaded.diagnostics, loaded.texts, len(loaded.sources))
    with looking(context) as connection:
        deployed = definitions.deployed(connection)
        declared = declared_objects(loaded.project, head(connection).secret)
    same = {address for address, one in declared.items() if _stands(one, deployed)}
    return Tried(context.environment, frozenset(same), frozenset(deployed))


def promoted(
    context: Context, found: Difference, first: Tried, names: Sequence[str]
) -> tuple[tuple[Step, ...], tuple[Held, ...]]:
    """The steps of the second environment that the first has tried, with what they need, and those held back.

    Raises: Refused, for a name that would not change, or that needs what is held back.
    """
    _refuse_unknown(found.steps, names)
    asked = [step for step in found.steps if not names or _named(step.address, names)]
    held = tuple(Held(step.address, reason) for step in asked if (reason := _against(step, first)))
    wanted = {step.address for step in asked} - {one.address for one in held}
    steps = closed(context, found, wanted)
    untried = [step.address for step in steps if step.address not in wanted and _against(step, first)]
    if untried:
        raise Refused(
            f"What would be promoted needs {untried[0]}, which is not in `{first.environment}` as the files say.",
            f"Try it there first: segctl apply --env {first.environment}",
        )
    return steps, held


def _stands(one: DeclaredObject, deployed: Mapping[str, Deployed]) -> bool:
    return one.address in deployed and deployed[one.address].digest == one.digest


def _against(step: Step, first: Tried) -> str:
    """Why a step is held back; nothing if it is not."""
    if step.actions == ("archive",):
        return f"it is still deployed in {first.environment}" if step.address in first.active else ""
    if step.address in first.same:
        return ""
    there = "stands there otherwise" if step.address in first.active else "is not deployed there"
    return f"it {there}: segctl apply --env {first.environment}"


def _refuse_unknown(steps: Iterable[Step], names: Sequence[str]) -> None:
    known = [step.address.partition(".")[2] for step in steps]
    for name in names:
        if not any(_named(step.address, [name]) for step in steps):
            raise Refused(f"Nothing of `{name}` would change.", did_you_mean(name, known) or "segctl plan")


def _named(address: str, names: Sequence[str]) -> bool:
    return address in names or address.partition(".")[2] in names
