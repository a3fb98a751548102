"""Refuses changes that the one who asks may not make."""

from __future__ import annotations

from segctl.base.errors import Refused
from segctl.model.access import Right
from segctl.plan.access import denied
from segctl.plan.document import Plan
from segctl.view.figures import counted
from segctl.workflow.context import Context


def refuse_denied(context: Context, plan: Plan, right: Right) -> None:
    """Raises: Refused, with the first of the changes that `access` in segctl.yaml does not let them make."""
    found = list(denied(plan.changes, context.access, context.policies.groups, context.who, right))
    if found:
        more = f" and {counted(len(found) - 1, 'other')}" if len(found) > 1 else ""
        raise Refused(
            f"{context.who or 'Nobody known to git'} may not {right} changes of {found[0].address}{more}.",
            "Who may what stands in segctl.yaml, below `access`. Ask one of them.",
        )
