"""What happened: the moves of a segment, and the audit log."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from segctl.store import audit, history, verify
from segctl.store.audit import Logged
from segctl.store.chain import Finding
from segctl.store.history import Summary
from segctl.store.state import Head, head
from segctl.view.data import instant_text
from segctl.workflow.context import Context
from segctl.workflow.state import looking, readable_segment


@dataclass(frozen=True, slots=True)
class Moves:
    """How many players one run moved for one cause."""

    at: datetime
    serial: int
    cause: str
    joined: int
    left: int


def moves(context: Context, name: str, limit: int) -> list[Moves]:
    """Who joined and left a segment, in numbers, newest first. Raises: Refused."""
    with looking(context) as connection:
        found = history.for_segment(connection, readable_segment(connection, name).object_id, limit=2 * limit)
    both: dict[tuple[int, str], list[Summary]] = {}
    for one in found:
        both.setdefault((one.serial, one.cause), []).append(one)
    return [
        Moves(sides[0].at, serial, cause, _number(sides, "joined"), _number(sides, "left"))
        for (serial, cause), sides in both.items()
    ][:limit]


def _number(sides: list[Summary], direction: str) -> int:
    return sum(one.count for one in sides if one.direction == direction)


def audit_log(context: Context, limit: int, address: str | None) -> list[Logged]:
    """The newest entries of the audit log, newest first."""
    with looking(context) as connection:
        return audit.log(connection, limit=limit, address=address)


def audit_findings(context: Context) -> tuple[Head, list[Finding]]:
    """Where the log ends, and everything in it that does not hold together."""
    with looking(context) as connection:
        return head(connection), verify.verify(connection)


def logged_data(one: Logged) -> dict[str, Any]:
    """A row of the log for programs, all of it."""
    return {**asdict(one), "at": instant_text(one.at)}
