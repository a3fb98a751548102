"""Deployed versions that came from elsewhere than the files at hand: another branch, uncommitted edits, no git.

A plan from these files would undo them, maybe without anybody knowing that they were made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from sqlalchemy import Connection

from segctl.base.commit import Commit
from segctl.files.ancestors import is_behind
from segctl.plan.compare import Step
from segctl.plan.document import Outside
from segctl.store import runs
from segctl.store.definitions import Deployed
from segctl.store.instant import as_text


def outside_of(
    connection: Connection,
    root: Path,
    commit: Commit | None,
    steps: Sequence[Step],
    deployed: Mapping[str, Deployed],
) -> Mapping[str, Outside]:
    """Of the objects that would change, those whose deployed version these files never said; empty without git."""
    if commit is None:
        return {}
    origin_of = cache(lambda serial: runs.origin(connection, serial))
    is_known = cache(lambda origin: is_behind(root, origin))
    found: dict[str, Outside] = {}
    for step in steps:
        if step.base is None or "recover" in step.actions:
            continue
        one = deployed[step.was or step.address]
        origin, dirty = origin_of(one.serial)
        if dirty or origin is None or not is_known(origin):
            found[step.address] = Outside(one.version, one.updated_by, as_text(one.updated_at), origin, dirty)
    return found
