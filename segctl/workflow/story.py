"""What happened: the moves of a segment, and the audit log."""

from __future__ import annotations

from segctl.store import audit, history, verify
from segctl.store.audit import Logged
from segctl.store.history import Summary
from segctl.store.state import Head, head
from segctl.store.verify import Finding
from segctl.workflow.context import Context
from segctl.workflow.state import deployed_segment, looking


def moves(context: Context, name: str, limit: int | None) -> list[Summary]:
    """Who joined and left a segment, in numbers, newest first. Raises: Refused."""
    with looking(context) as connection:
        return history.for_segment(connection, deployed_segment(connection, name).object_id, limit=limit)


def audit_log(context: Context, limit: int, address: str | None) -> list[Logged]:
    """The newest entries of the audit log, newest first."""
    with looking(context) as connection:
        return audit.log(connection, limit=limit, address=address)


def audit_findings(context: Context) -> tuple[Head, list[Finding]]:
    """Where the log ends, and everything in it that does not hold together."""
    with looking(context) as connection:
        return head(connection), verify.verify(connection)
