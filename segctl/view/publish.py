"""A pass of publishing as people and programs see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from segctl.view.figures import MINUS, count, counted, elapsed
from segctl.view.safe import safe


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that were written: members added, removed, and given another `since`; moves added and removed."""

    added: int
    removed: int
    renewed: int
    told: int
    untold: int

    @property
    def all(self) -> int:
        return self.added + self.removed + self.renewed + self.told + self.untold


@dataclass(frozen=True, slots=True)
class Tables:
    """Where tables stand after a pass; `mended` is None if nothing was compared."""

    where: str
    before: int | None
    serial: int
    segments: int
    members: int
    held: int
    rows: Rows
    mended: Rows | None


def publish_text(found: Tables, seconds: float) -> str:
    """What was written, what was not as it should be, and what the tables hold now."""
    lines = [_first(found, seconds)]
    if found.rows.all:
        lines.append(f"  {_rows(found.rows)}")
    if found.held:
        lines.append(f"  ! guards keep back {counted(found.held, 'member')} until the next run takes them out")
    if found.mended is not None:
        lines.append(f"  {_mended(found.mended)}")
    return "\n".join(lines) + "\n"


def publish_data(found: Tables) -> dict[str, Any]:
    """The same for programs."""
    return {
        "where": found.where,
        "before": found.before,
        "serial": found.serial,
        "segments": found.segments,
        "members": found.members,
        "held": found.held,
        "rows": _data(found.rows),
        "mended": None if found.mended is None else _data(found.mended),
    }


def _first(found: Tables, seconds: float) -> str:
    tables = f"{counted(found.segments, 'segment')}, {counted(found.members, 'member')}"
    where = safe(found.where)
    if found.before == found.serial:
        return f"{where} is at state {found.serial} already: {tables}. ({elapsed(seconds)})"
    return f"Published state {found.serial} to {where}: {tables}. ({elapsed(seconds)})"


def _rows(rows: Rows) -> str:
    renewed = f", {count(rows.renewed)} with another `since`" if rows.renewed else ""
    untold = f" {MINUS}{count(rows.untold)}" if rows.untold else ""
    return (
        f"members +{count(rows.added)} {MINUS}{count(rows.removed)}{renewed} · moves +{count(rows.told)}{untold}"
    )


def _mended(rows: Rows) -> str:
    if not rows.all:
        return "compared: every row was as it should be"
    return f"! {counted(rows.all, 'row')} put right: {_rows(rows)}"


def _data(rows: Rows) -> dict[str, int]:
    return {
        "members_added": rows.added,
        "members_removed": rows.removed,
        "members_renewed": rows.renewed,
        "moves_added": rows.told,
        "moves_removed": rows.untold,
    }
