"""A worker that delivers for as long as it is let: pass after pass, through times in which the state is away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from segctl.base.errors import Refused
from segctl.workflow.context import Context
from segctl.workflow.deliver import Pass, deliver
from segctl.workflow.sending import Tools

_LONGEST_SECONDS: Final = 60.0


def watch(
    context: Context,
    tools: Tools,
    every_seconds: float,
    wait: Callable[[float], None],
    tell: Callable[[Pass | Refused], None],
) -> None:
    """Passes until `tools.stop()`, one right after another as long as something arrives, else `every_seconds`.

    A refusal is told and waited out, longer each time.
    """
    refusals = 0
    while not tools.stop():
        try:
            done = deliver(replace(context, at=tools.now()), tools)
        except Refused as refusal:
            refusals += 1
            tell(refusal)
            wait(min(every_seconds * 2**refusals, _LONGEST_SECONDS))
            continue
        refusals = 0
        tell(done)
        if not done.told.delivered:
            wait(every_seconds)
