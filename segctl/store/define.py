"""Writes definitions: creates, updates, renames and archives objects, many at a time.

Every writer keeps object and version together and gives back what it wrote, so that the audit log says the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, Text, bindparam, cast, func, insert, select
from sqlalchemy import update as update_rows

from segctl.base.digest import canonical_json
from segctl.store.audit import Entry
from segctl.store.definitions import Action, Deployed, deployed
from segctl.store.instant import as_text
from segctl.store.origin import Origin
from segctl.store.tables import OBJECT, VERSION


@dataclass(frozen=True, slots=True)
class Definition:
    """An object to deploy. `body` is canonical JSON without ids and personal data; its SHA-256 is the digest."""

    kind: str
    name: str
    body: str
    type: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    owner: str = ""
    uses: tuple[str, ...] = ()
    protected: bool = False
    notify: bool = False
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(self.body.encode()).hexdigest())

    @property
    def address(self) -> str:
        return f"{self.kind}.{self.name}"


@dataclass(frozen=True, slots=True)
class Written:
    """What was done to one object: digests before and after (None: was not, or is no longer, active)."""

    object_id: int
    address: str
    action: Action
    version: int
    before: str | None
    after: str | None
    renamed_from: str | None = None

    def entry(self, detail: Mapping[str, Any] | None = None) -> Entry:
        """The line of the audit log that says so."""
        renamed = {} if self.renamed_from is None else {"from": self.renamed_from}
        return Entry(self.action, self.address, self.before, self.after, {**(detail or {}), **renamed})


_LAST_ID = select(func.coalesce(func.max(OBJECT.c.id), 0))
_INSERT_OBJECT = insert(OBJECT)
_INSERT_VERSION = insert(VERSION)
_UPDATE_OBJECT = update_rows(OBJECT).where(OBJECT.c.id == bindparam("object_id"))
# no name that a document can carry: makes room while names are swapped
_VACATE = _UPDATE_OBJECT.values(name=" " + cast(OBJECT.c.id, Text))


def create(connection: Connection, origin: Origin, definitions: Iterable[Definition]) -> list[Written]:
    """New objects at version 1. An address that exists, archived or not, is an IntegrityError."""
    first: int = connection.execute(_LAST_ID).scalar_one() + 1
    new = list(enumerate(definitions, first))
    written = [Written(key, made.address, "create", 1, None, made.digest) for key, made in new]
    objects = [{"id": key, **_created(origin), **_changed(origin, made, version=1)} for key, made in new]
    _execute(connection, _INSERT_OBJECT, objects)
    _record(connection, origin, written, [made.body for _, made in new])
    return written


def update(
    connection: Connection,
    origin: Origin,
    definitions: Iterable[Definition],
    action: Literal["update", "replace", "recover"] = "update",
) -> list[Written]:
    """A new version of objects that exist; any action makes an archived one active. LookupError if unknown."""
    known = deployed(connection, archived=True)
    new = [(known[made.address], made) for made in definitions]
    return _replace(connection, origin, new, action)


def rename(connection: Connection, origin: Origin, renames: Mapping[str, Definition]) -> list[Written]:
    """Old address to new definition; names may be swapped. LookupError for unknown ones."""
    known = deployed(connection, archived=True)
    new = [(known[address], made) for address, made in renames.items()]
    _execute(connection, _VACATE, [{"object_id": was.object_id} for was, _ in new])
    return _replace(connection, origin, new, "rename")


def archive(connection: Connection, origin: Origin, addresses: Iterable[str]) -> list[Written]:
    """Takes objects out of use; their story, and their name, stay. LookupError for unknown ones."""
    known = deployed(connection)
    gone = [known[address] for address in addresses]
    written = [Written(was.object_id, was.address, "archive", was.version + 1, was.digest, None) for was in gone]
    rows = [
        {"object_id": was.object_id, "status": "archived", "version": was.version + 1, **_updated(origin)}
        for was in gone
    ]
    _execute(connection, _UPDATE_OBJECT, rows)
    _record(connection, origin, written, [None] * len(written))
    return written


def _replace(
    connection: Connection, origin: Origin, new: list[tuple[Deployed, Definition]], action: Action
) -> list[Written]:
    written = [_written(was, made, action) for was, made in new]
    rows = [{"object_id": was.object_id, **_changed(origin, made, version=was.version + 1)} for was, made in new]
    _execute(connection, _UPDATE_OBJECT, rows)
    _record(connection, origin, written, [made.body for _, made in new])
    return written


def _written(was: Deployed, made: Definition, action: Action) -> Written:
    before = was.digest if was.status == "active" else None
    renamed_from = was.address if was.address != made.address else None
    return Written(was.object_id, made.address, action, was.version + 1, before, made.digest, renamed_from)


def _created(origin: Origin) -> dict[str, Any]:
    return {"created_at": as_text(origin.at), "created_by": origin.author}


def _updated(origin: Origin) -> dict[str, Any]:
    return {"updated_at": as_text(origin.at), "updated_by": origin.author, "serial": origin.serial}


def _changed(origin: Origin, made: Definition, *, version: int) -> dict[str, Any]:
    return {
        "kind": made.kind,
        "name": made.name,
        "status": "active",
        "version": version,
        "digest": made.digest,
        "type": made.type,
        "title": made.title,
        "tags": canonical_json(made.tags),
        "owner": made.owner,
        "uses": canonical_json(made.uses),
        "protected": made.protected,
        "notify": made.notify,
        **_updated(origin),
    }


def _record(connection: Connection, origin: Origin, written: list[Written], bodies: list[str | None]) -> None:
    rows = [
        {
            "object_id": one.object_id,
            "version": one.version,
            "address": one.address,
            "digest": one.after or one.before,
            "action": one.action,
            "serial": origin.serial,
            "at": as_text(origin.at),
            "plan_id": origin.plan_id,
            "commit_id": origin.commit_id,
            "author": origin.author,
            "body": body,
        }
        for one, body in zip(written, bodies, strict=True)
    ]
    _execute(connection, _INSERT_VERSION, rows)


def _execute(connection: Connection, statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(statement, rows)
