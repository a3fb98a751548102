"""The versions of an object, and what differs between two of them. Reads the state alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.plan.document import Change
from segctl.plan.rulediff import rule_changes
from segctl.store import definitions, runs
from segctl.store.definitions import Deployed, Version
from segctl.view.speech import Speech
from segctl.workflow.asked import known
from segctl.workflow.context import Context
from segctl.workflow.deployed import stored_catalog_of
from segctl.workflow.effects import changed_keys
from segctl.workflow.show import speech
from segctl.workflow.state import looking


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of an object as a change from the one to the other; None: there is nothing before the first."""

    change: Change
    old: Version | None
    new: Version
    speech: Speech


def versions_of(context: Context, asked: str) -> tuple[Deployed, list[Version], set[int]]:
    """An object, archived or not, its versions, newest first, and the runs whose files differed from their commit.

    Raises: Refused.
    """
    with looking(context) as connection:
        one = known(connection, asked)
        found = definitions.versions(connection, one.address)
        return one, found, {each.serial for each in found if runs.origin(connection, each.serial)[1]}


def compared(context: Context, asked: str, span: str) -> Compared:
    """`2` is what version 2 changed, `1:3` all that differs between these. Raises: Refused."""
    with looking(context) as connection:
        one = known(connection, asked)
        versions = definitions.versions(connection, one.address)
        old, new = _span(asked, span, versions)
        before, after = (None if each is None else _definition(connection, one, each) for each in (old, new))
        spoken = speech(stored_catalog_of(connection, definitions.deployed(connection)))
    return Compared(_change(one, before, after, new), old, new, spoken)


def version_called(asked: str, number: int, versions: Sequence[Version]) -> Version:
    """One of the versions of an object. Raises: Refused, if it has no such version."""
    found = next((one for one in versions if one.version == number), None)
    if found is None:
        raise Refused(
            f"`{asked}` has no version {number}; it has 1 to {versions[0].version}.", f"segctl versions {asked}"
        )
    return found


def _span(asked: str, span: str, versions: Sequence[Version]) -> tuple[Version | None, Version]:
    first, colon, last = span.partition(":")
    if not (first.isascii() and first.isdigit()) or (colon and not (last.isascii() and last.isdigit())):
        raise Refused(f"`{span}` names no versions.", "Write --diff 2, or --diff 1:3.")
    new = version_called(asked, int(last or first), versions)
    if colon:
        return version_called(asked, int(first), versions), new
    return (version_called(asked, new.version - 1, versions) if new.version > 1 else None), new


def _definition(connection: Connection, one: Deployed, version: Version) -> dict[str, Any] | None:
    """What an object was in a version; None for an archive."""
    body = definitions.body(connection, one.address, version.version)
    return None if body is None else json.loads(body)


def _change(
    one: Deployed, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, new: Version
) -> Change:
    both = before is not None and after is not None
    return Change(
        address=one.address,
        actions=("update",) if both else ("archive",) if after is None else ("create",),
        type=str((after or before or {}).get("type", "")),
        purpose=str((after or before or {}).get("purpose", "marketing")) if one.kind == "segment" else "",
        keys=changed_keys(before, after) if before is not None and after is not None else (),
        before=before,
        after=after,
        digest=new.digest,
        rules=_rules(before, after) if both else (),
    )


def _rules(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Any:
    old, new = ((one or {}).get("rules") for one in (before, after))
    return rule_changes(old, new, lambda _: None)
