"""The versions of an object, and what differs between two of them in plain English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from segctl.plan.document import Change
from segctl.view.change import rows
from segctl.view.details import details
from segctl.view.safe import safe
from segctl.view.speech import Speech
from segctl.view.style import PLAIN, Style, painted
from segctl.view.table import Column, Table

WIDTH = 100
_COLUMNS = (
    Column("version", "version", form="plain"),
    Column("at", "at"),
    Column("action", "action", least=7),
    Column("name", "name", least=12, stays=True),
    Column("author", "by", least=8),
    Column("state", "state", form="plain"),
    Column("commit", "commit", least=7, form="digest", optional=True),
    Column("dirty", "dirty", optional=True),
    Column("plan", "plan", least=7, form="digest", optional=True),
    Column("digest", "digest", least=7, form="digest", optional=True),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A version; `name` is what the object was called then, `state` the serial of the run."""

    version: int
    at: datetime
    action: str
    name: str
    author: str
    state: int
    commit: str | None
    dirty: bool
    plan: str | None
    digest: str


def versions_table(steps: Iterable[Step], *, address: str) -> Table:
    """One row a version, in the order given."""
    found = tuple(
        (
            one.version,
            one.at,
            one.action,
            one.name,
            one.author,
            one.state,
            one.commit,
            one.dirty,
            one.plan,
            one.digest,
        )
        for one in steps
    )
    return Table(_COLUMNS, found, f"{address} has no versions.")


def compared_text(change: Change, heading: str, speech: Speech, *, style: Style = PLAIN) -> str:
    """What differs, in the words of a plan; no number of players, since nobody is evaluated."""
    (row,) = rows([change], [])
    lines = [painted(safe(heading), style.strong), *details(row, speech, style, WIDTH)]
    if change.after is None:
        lines.append("      - archived")
    elif len(lines) == 1:
        keys = safe(", ".join(change.keys))
        lines.append(f"      ~ {keys}" if keys else "      nothing differs")
    return "\n".join(lines) + "\n"
