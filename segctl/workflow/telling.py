"""Whether webhooks hear of an apply: yes, unless its edits would send many messages and nobody said whether to."""

from __future__ import annotations

from typing import Final

from segctl.base.errors import Refused
from segctl.plan.document import Plan, totals
from segctl.view.figures import count
from segctl.workflow.context import Context

# where the name of a saved plan goes in a command that is named next
FILE: Final = " FILE"


def too_many(context: Context, plan: Plan) -> int:
    """How many messages the edits of a plan would send, if that is more than `ask_above`; else 0.

    What time alone would send does not count: a refresh sends that unasked.
    """
    messages = totals(plan).messages_by_edit
    return messages if messages > context.webhooks.ask_above else 0


def is_told(context: Context, plan: Plan, file: str = "", *, telling: bool | None) -> bool:
    """Do webhooks hear? What was said decides. Raises: Refused, where it must be said and was not."""
    messages = too_many(context, plan)
    if telling is not None or not messages:
        return telling is not False
    raise Refused(
        f"The edits would send {count(messages)} webhook messages, more than {count(context.webhooks.ask_above)} "
        "(`webhooks: ask_above` in segctl.yaml); nothing was written.",
        f"To send them: segctl apply{file} --webhooks",
        f"To move members and tell nobody: segctl apply{file} --no-webhooks",
    )
