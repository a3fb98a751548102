"""A worker: turn after turn for as long as it is let, through times in which the state is away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from segctl.base.errors import Refused
from segctl.workflow.duty import Away, Came, Look, Work
from segctl.workflow.turn import turn

_LONGEST_SECONDS: Final = 60.0

# which duty a worker begins, None at its end; what came of one, or of a turn
Begins = Callable[[str | None], None]
Tell = Callable[[Came | Away | Look], None]


def work(doing: Work, wait: Callable[[float], None], begins: Begins, tell: Tell) -> None:
    """Turns until `doing.tools.stop()`. Where the state is away it is asked again, after longer each time."""
    every = doing.every.total_seconds()
    away = 0
    while not doing.tools.stop():
        away = 0 if once(doing, begins, tell) else away + 1
        wait(min(every * 2**away, max(_LONGEST_SECONDS, every)))


def once(doing: Work, begins: Begins, tell: Tell) -> bool:
    """One turn. Was the state there?"""
    try:
        look = turn(doing, begins, tell)
    except Refused as refusal:
        begins(None)
        tell(Away(doing.tools.now(), refusal))
        return False
    tell(look)
    return True
