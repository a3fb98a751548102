"""The story of one object as a table, and what is to know of it beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from segctl.view.data import instant_text, json_text
from segctl.view.figures import moved
from segctl.view.safe import safe
from segctl.view.table import Column, Table

_COLUMNS = (
    Column("at", "at"),
    Column("kind", "kind", least=7),
    Column("what", "what", least=20, stays=True),
    Column("who", "by", least=8),
    Column("commit", "commit", least=7, form="digest"),
    Column("state", "state", form="plain", optional=True),
    Column("audit", "audit", form="plain", optional=True),
)


@dataclass(frozen=True, slots=True)
class Event:
    """A commit, a version, or another row of the audit log. `applied` are the versions made from a commit."""

    at: datetime
    kind: Literal["commit", "version", "audit"]
    who: str
    what: str
    name: str = ""
    state: int | None = None
    version: int | None = None
    audit: int | None = None
    joined: int | None = None
    left: int | None = None
    commit: str | None = None
    plan: str | None = None
    applied: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events of an object, newest first, and its file, None if none declares it. `git` says if there is any."""

    address: str
    events: tuple[Event, ...]
    file: str | None
    edited: bool
    shallow: bool
    git: bool


def timeline_table(found: Timeline) -> Table:
    """One row an event, in the order given."""
    rows = tuple(
        (one.at, one.kind, _told(one, found), one.who, one.commit, one.state, one.audit) for one in found.events
    )
    return Table(_COLUMNS, rows, f"Nothing is known of {found.address}.")


def timeline_notes(found: Timeline) -> list[str]:
    """What to know beside the events."""
    return list(_notes(found))


def timeline_json(found: Timeline) -> str:
    """The same for programs."""
    return json_text(
        {
            "address": found.address,
            "file": found.file,
            "git": found.git,
            "edited": found.edited,
            "shallow": found.shallow,
            "events": list(map(_data, found.events)),
        }
    )


def _notes(found: Timeline) -> Iterator[str]:
    if not found.git:
        yield "There is no git history here."
    if found.edited:
        yield f"{safe(found.file or '')} has edits that are not committed."
    if found.shallow:
        yield "The clone is shallow: older commits are missing.  (git fetch --unshallow)"


def _told(one: Event, found: Timeline) -> str:
    if one.kind != "version":
        return one.what
    other = f" as {one.name}" if one.name != found.address.partition(".")[2] else ""
    players = f" {moved(one.joined, one.left or 0)}" if one.joined is not None else ""
    return f"{one.version} {one.what}{other}{players}"


def _data(one: Event) -> dict[str, Any]:
    common = {"at": instant_text(one.at), "kind": one.kind, "by": one.who, "commit": one.commit}
    if one.kind == "commit":
        return {**common, "subject": one.what, "versions": list(one.applied)}
    more = {"action": one.what, "state": one.state, "audit": one.audit, "plan": one.plan}
    if one.kind == "audit":
        return {**common, **more}
    return {**common, **more, "name": one.name, "version": one.version, "joined": one.joined, "left": one.left}
