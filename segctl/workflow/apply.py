"""A plan made real, in one transaction, or refused with what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from segctl.apply.write import Members, Receipt, Verb, Writing, write
from segctl.base.errors import Refused
from segctl.plan.compare import Step
from segctl.plan.document import Change, Plan
from segctl.store import definitions, runs
from segctl.store.define import Definition
from segctl.store.definitions import Status
from segctl.store.engine import open_state, reading, writing
from segctl.store.origin import Origin
from segctl.store.state import advance, head
from segctl.workflow.context import Context
from segctl.workflow.declared import DeclaredObject
from segctl.workflow.difference import Difference, difference
from segctl.workflow.load import Loaded
from segctl.workflow.permitted import permitted, refuse_forbidden
from segctl.workflow.plan import Planned, planned
from segctl.workflow.progress import Progress
from segctl.workflow.telling import FILE, is_told
from segctl.workflow.timed import seconds_by_address
from segctl.workflow.worlds import address_of

_AGAIN = "Plan again: segctl plan -o FILE"
_ATTEMPTS = 3

# How an object stood when a plan was made: its digest and whether it was active; None if it was not there.
_Stood = tuple[str, Status] | None


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done, and the plan it was done for."""

    plan: Plan
    receipt: Receipt
    planned: Planned


class _Moved(Exception):  # noqa: N818 - caught here, and an answer
    """Another run was committed between evaluating and writing."""


def apply_saved(context: Context, loaded: Loaded, plan: Plan, *, telling: bool | None = None) -> Applied:
    """Does exactly what a saved plan says, to today's members. Raises: Mistakes, Refused.

    Members are evaluated again, at the plan's definitions; when another run is committed meanwhile, once more.
    Webhooks hear of it if `telling`; None leaves that to the settings.
    """
    context = replace(context, allow=tuple(dict.fromkeys((*context.allow, *plan.allow))))
    for _ in range(_ATTEMPTS):
        found = difference(context, loaded)
        with reading(open_state(context.state)) as connection:
            refuse_unfit(connection, context, plan)
        steps = _steps(plan, found)
        made = planned(context, loaded, found, plan.commit, steps, plan.against)
        try:
            return commit(context, plan, made, telling=is_told(context, made.plan, FILE, telling=telling))
        except _Moved:
            continue
    raise Refused(
        "Other runs kept changing the state while this plan was evaluated.", "Run the same command again."
    )


def apply_planned(context: Context, made: Planned, *, telling: bool | None = None) -> Applied:
    """Makes a plan real that was made just now, with the members it showed. Raises: Refused.

    Webhooks hear of it if `telling`; None leaves that to the settings.
    """
    try:
        return commit(context, made.plan, made, telling=is_told(context, made.plan, telling=telling))
    except _Moved:
        raise Refused(
            "Another run changed the state after this plan was made; nothing was written.",
            "Plan again: segctl apply",
        ) from None


def commit(context: Context, plan: Plan, made: Planned, *, telling: bool = True) -> Applied:
    """The one transaction. Raises: _Moved when the state is not what was evaluated, Refused otherwise."""
    refuse_forbidden(context, made.plan, authors=plan.authors)
    engine, doing = open_state(context.state), f"apply by {context.author.name}"
    context.watch(Progress("writing", 0, 0))
    with writing(engine, lock_timeout_seconds=context.lock_timeout_seconds, doing=doing) as connection:
        refuse_unfit(connection, context, plan)
        if head(connection).serial != made.found.head.serial:
            raise _Moved
        serial = advance(connection, made.found.head.serial)
        origin = Origin(
            serial=serial,
            at=context.at,
            author=context.author.name,
            plan_id=plan.id,
            commit_id=plan.commit.id if plan.commit else None,
            actor=context.author.detail,
        )
        applied = Applied(plan, write(connection, origin, _writing(context, made, telling=telling)), made)
    context.timings.lap("writing")
    return applied


def refuse_unfit(connection: Connection, context: Context, plan: Plan) -> None:
    """Refuses a plan of another state or environment, one that was applied, and one whose bases have moved."""
    at = head(connection)
    if plan.environment != context.environment:
        raise Refused(
            f"The plan is for environment `{plan.environment}`, and this is `{context.environment}`.",
            f"segctl apply --env {plan.environment} FILE, or plan again for `{context.environment}`.",
        )
    if plan.lineage != at.lineage:
        raise Refused(
            f"The plan was made from state {plan.lineage[:8]}, and this is state {at.lineage[:8]}.", _AGAIN
        )
    done = runs.applied(connection, plan.id)
    if done is not None:
        raise Refused(
            f"The plan was applied already, as state {done.serial}, on {_when(done.at)} by {done.author}.",
            "Nothing is left to do. To see what differs now: segctl plan",
        )
    _refuse_stale(connection, plan)


def _refuse_stale(connection: Connection, plan: Plan) -> None:
    """Stale is judged by object: only what the plan changes or stands on may have moved."""
    deployed = definitions.deployed(connection, archived=True)
    expected: dict[str, _Stood] = {address: (digest, "active") for address, digest in plan.depends.items()}
    for change in plan.changes:
        status: Status = "archived" if "recover" in change.actions else "active"
        expected[_address_before(change)] = (change.base.digest, status) if change.base else None
    for address, stood in sorted(expected.items()):
        one = deployed.get(address)
        if (one and (one.digest, one.status)) != stood:
            raise Refused(_what_moved(address, stood, one, plan), _AGAIN)


def _what_moved(address: str, stood: _Stood, one: definitions.Deployed | None, plan: Plan) -> str:
    planned_from = f"as of state {plan.serial}, {address} was {_standing(stood)}"
    if one is None:
        return f"The plan is stale: {planned_from}, and now it is not there."
    return (
        f"The plan is stale: {planned_from}, and now it is {_standing((one.digest, one.status))} "
        f"(changed by {one.updated_by} on {_when(one.updated_at)}, state {one.serial})."
    )


def _standing(stood: _Stood) -> str:
    if stood is None:
        return "not there"
    digest, status = stood
    return digest[:12] if status == "active" else status


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _address_before(change: Change) -> str:
    return f"{change.kind}.{change.renamed_from}" if change.renamed_from else change.address


def _steps(plan: Plan, found: Difference) -> list[Step]:
    """The plan's changes as steps of today's difference. Raises: Refused, when the files say otherwise now."""
    by_address = {step.address: step for step in found.steps}
    for change in plan.changes:
        declared = found.declared.get(change.address)
        step = by_address.get(change.address)
        if (
            (declared.digest if declared else None) != change.digest
            or step is None
            or step.actions != change.actions
        ):
            raise Refused(
                f"The files no longer say of {change.address} what the plan says.",
                "Check out the plan's commit, or plan again: segctl plan -o FILE",
            )
    return [by_address[change.address] for change in plan.changes]


def _writing(context: Context, made: Planned, *, telling: bool) -> Writing:
    steps = {step.address: step for step in made.steps}
    declared = {address: made.found.declared[address] for address in steps if address in made.found.declared}
    verbs: dict[str, Verb] = {address: _verb(step) for address, step in steps.items()}
    private: dict[str, bytes] = {}
    for one in declared.values():
        private |= one.private
    return Writing(
        kind="apply",
        as_of=context.now,
        definitions={address: definition(one) for address, one in declared.items()},
        verbs=verbs,
        was={address: step.was for address, step in steps.items() if step.was},
        private=private,
        members=[
            Members(
                f"segment.{name}",
                None if verbs.get(f"segment.{name}") == "archive" else effect.after,
                effect.listed,
                effect.moved,
                effect.since,
            )
            for name, effect in sorted(made.effects.items())
        ]
        + [Members(address_of(name), passing, None, ()) for name, passing in sorted(made.guards.items())]
        + [Members(address, None, None, ()) for address, verb in verbs.items() if _guard_ends(address, verb)],
        new_players=made.numbering.new,
        returned=made.numbering.returning.met,
        detail={
            "changes": len(made.steps),
            **_commit(made.plan),
            **permitted(context, made.plan),
        },
        telling=telling,
        seconds=seconds_by_address(context.timings),
    )


def _commit(plan: Plan) -> dict[str, Any]:
    """The commit of the files, its author, and whether the files differed from it."""
    one = plan.commit
    return {"commit": {"id": one.id, "author": one.author, "dirty": one.dirty}} if one else {}


def _guard_ends(address: str, verb: Verb) -> bool:
    return verb == "archive" and address.startswith("guard.")


def _verb(step: Step) -> Verb:
    """The one word of the state for a step; a rename may carry a new definition with it."""
    return "rename" if "rename" in step.actions else step.actions[-1]


def definition(one: DeclaredObject) -> Definition:
    """A declared object as the state keeps it."""
    segment = one.segment
    if segment is None:
        return Definition(one.kind, one.name, one.body, title=str(one.definition.get("title", "")), uses=one.uses)
    return Definition(
        kind=one.kind,
        name=one.name,
        body=one.body,
        type=segment.type,
        title=segment.title,
        tags=segment.tags,
        owner=segment.owner,
        uses=one.uses,
        protected=segment.protected,
        notify=segment.webhook is not None,
    )
