"""Deployed versions that came from elsewhere than the files at hand: another branch, uncommitted edits, no git.

A plan from these files would undo them, maybe without anybody knowing that they were made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection

from segctl.base.commit import Commit
from segctl.files.ancestors import is_behind
from segctl.plan.compare import Step
from segctl.plan.document import Outside
from segctl.store import definitions, runs
from segctl.store.instant import as_text


def outside_of(
    connection: Connection, root: Path, commit: Commit | None, steps: Sequence[Step]
) -> Mapping[str, Outside]:
    """Of the objects that would change, those whose deployed version these files never said; empty without git."""
    if commit is None:
        return {}
    found: dict[str, Outside] = {}
    behind: dict[str, bool] = {}
    for step in steps:
        if step.base is None or "recover" in step.actions:
            continue
        version = definitions.versions(connection, step.was or step.address)[0]
        dirty = runs.dirty(connection, version.serial)
        origin = version.commit_id
        if origin is not None and origin not in behind:
            behind[origin] = is_behind(root, origin)
        if dirty or origin is None or not behind[origin]:
            found[step.address] = Outside(version.version, version.author, as_text(version.at), origin, dirty)
    return found
