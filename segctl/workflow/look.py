"""A first look at files and state, by digests alone: enough for a plan that changes nothing.

Imports neither SQLAlchemy nor what evaluates members, so that such a plan is there sooner.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from segctl.base.commit import Commit
from segctl.plan.document import Plan
from segctl.plan.seal import sealed
from segctl.spec.project import Project
from segctl.store.glance import Glance, glance
from segctl.store.instant import as_text
from segctl.version import VERSION
from segctl.workflow.context import Context
from segctl.workflow.declared import declared_digests
from segctl.workflow.load import Loaded


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: where the state stands, and whether the files agree with it."""

    lineage: str
    serial: int
    secret: bytes = field(repr=False)
    agree: bool


def look(context: Context, loaded: Loaded) -> Look | None:
    """None where only a longer look can tell: files with mistakes, a state of another kind or none yet."""
    if loaded.failed:
        return None
    seen = glance(context.state)
    if seen is None:
        return None
    return Look(seen.lineage, seen.serial, seen.secret, _agree(context, loaded.project, seen))


def empty_plan(
    context: Context, loaded: Loaded, lineage: str, serial: int, commit: Commit | None, against: str | None = None
) -> Plan:
    """The plan where files and state agree, or files and the commit that they are held against."""
    return sealed(
        Plan(
            environment=context.environment,
            lineage=lineage,
            serial=serial,
            as_of=as_text(context.now),
            segctl=VERSION,
            currency=loaded.project.catalog.currency if loaded.project.catalog else "",
            changes=(),
            inputs=loaded.project.digests,
            declared=len(loaded.project.segments),
            commit=commit,
            against=against,
        )
    )


def _agree(context: Context, project: Project, seen: Glance) -> bool:
    """Renames and instants in the past may be refused, which the longer look decides."""
    if seen.newest is not None and seen.newest > context.now:
        return False
    if any(_renamed(project, name) for name in project.segments):
        return False
    return declared_digests(project, seen.secret) == seen.digests


def _renamed(project: Project, name: str) -> bool:
    """What was recalled is never renamed (workflow/kept.py)."""
    return f"segment.{name}" not in project.recalled and project.segments[name].renamed_from is not None
