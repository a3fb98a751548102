"""What must be so before a plan is applied: whoever asks may, hazards are allowed, approvals are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segctl.base.errors import Refused
from segctl.model.access import Right
from segctl.plan.access import denied
from segctl.plan.document import Plan
from segctl.plan.hazards import refused, word
from segctl.plan.policy import of_intent, unmet
from segctl.view.approvals import unmet_lines
from segctl.view.figures import counted
from segctl.view.hazards import hazard_text, permissions
from segctl.workflow.context import Context


def refuse_forbidden(context: Context, plan: Plan, *, shown: bool = False, authors: Sequence[str] = ()) -> None:
    """Refuses to apply a plan that may not be: who asks may not, a hazard is not allowed, an approval is missing.

    `shown` hazards are not repeated; `authors` are those that the plan does not know of itself.
    """
    refuse_denied(context, plan, "apply")
    _refuse_hazards(plan, shown=shown)
    _refuse_unapproved(context, plan, authors)


def refuse_denied(context: Context, plan: Plan, right: Right) -> None:
    """Raises: Refused, with the first of the changes that `access` in segctl.yaml does not let them make."""
    found = list(denied(plan.changes, context.access, context.policies.groups, context.author.known_as, right))
    if found:
        more = f" and {counted(len(found) - 1, 'other')}" if len(found) > 1 else ""
        who = context.author.known_as or "Nobody known to git"
        raise Refused(
            f"{who} may not {right} changes of {found[0].address}{more}.",
            "Who may what stands in segctl.yaml, below `access`. Ask one of them.",
        )


def permitted(context: Context, plan: Plan) -> dict[str, Any]:
    """For the audit log: the hazards that were allowed, by what; who approved, and what vouches for them."""
    allowed = [
        {"hazard": word(one), "before": one.before, "after": one.after, "by": one.allowed} for one in plan.hazards
    ]
    approvals = [
        {
            "by": one.approval.by,
            "at": one.approval.at,
            "reason": one.approval.reason,
            "intent": one.approval.intent,
            "evidence": "signature" if one.signed else "ci" if one.approval.ci else "claim",
        }
        for one in of_intent(plan, context.approvals)
    ]
    told = {"allowed": allowed, "approvals": approvals}
    return {key: part for key, part in told.items() if part}


def _refuse_hazards(plan: Plan, *, shown: bool) -> None:
    """Refuses a plan with a hazard that nothing allows. What was `shown` is not repeated."""
    found = refused(plan.hazards)
    if found:
        raise Refused(
            f"Nothing was applied: {counted(len(found), 'hazard is', 'hazards are')} not allowed.",
            *(f"{one.code} {hazard_text(one)}" for one in found if not shown),
            f"What it means: segctl docs {found[0].code}",
            f"If it is meant, the same command with: {permissions(found)}",
        )


def _refuse_unapproved(context: Context, plan: Plan, authors: Sequence[str]) -> None:
    """Refuses a plan that lacks an approval which a policy asks for. `authors` are more than it knows itself."""
    missing = unmet(plan, context.policies, context.approvals, frozenset((*plan.authors, *authors)), context.at)
    if missing:
        raise Refused(
            f"Nothing was applied: {counted(len(missing), 'policy asks', 'policies ask')} for approvals.",
            *(line for one in missing for line in unmet_lines(one)),
            "Have the plan approved: segctl plan -o plans/ ; segctl approve plans/FILE",
        )
