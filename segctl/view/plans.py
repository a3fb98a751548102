"""The saved plans of a project, a line each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from segctl.view.table import Column, Table

_COLUMNS = (
    Column("file", "file", least=20, stays=True),
    Column("as_of", "as of"),
    Column("environment", "env", least=6),
    Column("changes", "changes"),
    Column("joining", "joining"),
    Column("leaving", "leaving"),
    Column("hazards", "hazards"),
    Column("approvals", "approvals", form="plain"),
    Column("needed", "needed", form="plain", optional=True),
    Column("state", "state", form="plain", optional=True),
    Column("commit", "commit", least=7, form="digest", optional=True),
    Column("id", "id", least=7, form="digest", optional=True),
)


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved plan: `hazards` are those that nothing allows, `needed` the approvals that policies asked for."""

    file: str
    as_of: datetime | None
    environment: str
    changes: int
    joining: int
    leaving: int
    hazards: int
    approvals: int
    needed: int
    state: int
    commit: str | None
    id: str


def plans_table(saved: Iterable[Saved]) -> Table:
    """One row a plan, in the order given."""
    rows = tuple(
        (
            one.file, one.as_of, one.environment, one.changes, one.joining, one.leaving, one.hazards,
            one.approvals, one.needed, one.state, one.commit, one.id,
        )
        for one in saved
    )  # fmt: skip
    return Table(_COLUMNS, rows, "No plan is saved in plans/.  (segctl plan -o plans/)")
