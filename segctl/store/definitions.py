"""Reads what is deployed: the objects, their versions and their bodies. Writes nothing (see define.py)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import Connection, bindparam, func, select

from segctl.store.batches import in_batches
from segctl.store.instant import as_instant
from segctl.store.tables import MEMBERSHIP, OBJECT, VERSION

Status = Literal["active", "archived"]
Action = Literal["create", "update", "replace", "rename", "archive", "recover"]
ACTIONS: Final = frozenset(get_args(Action))


@dataclass(frozen=True, slots=True)
class Deployed:
    """One object as it stands. `uses` holds addresses; `count` and `as_of` are None without members."""

    object_id: int
    kind: str
    name: str
    status: Status
    version: int
    digest: str
    type: str
    title: str
    tags: tuple[str, ...]
    owner: str
    uses: tuple[str, ...]
    protected: bool
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    serial: int
    notify: bool
    count: int | None
    as_of: datetime | None

    @property
    def address(self) -> str:
        return f"{self.kind}.{self.name}"


@dataclass(frozen=True, slots=True)
class Version:
    """One step of an object's story; `address` is its name then. The digest of an archive is what ended."""

    object_id: int
    version: int
    address: str
    digest: str
    action: Action
    serial: int
    at: datetime
    plan_id: str | None
    commit_id: str | None
    author: str


_DEPLOYED = (
    select(*OBJECT.c, MEMBERSHIP.c.count.label("members"), MEMBERSHIP.c.as_of)
    .select_from(OBJECT.outerjoin(MEMBERSHIP, MEMBERSHIP.c.object_id == OBJECT.c.id))
    .order_by(OBJECT.c.kind, OBJECT.c.name)
)
_ACTIVE = _DEPLOYED.where(OBJECT.c.status == "active")
_ID = select(OBJECT.c.id).where(OBJECT.c.kind == bindparam("kind"), OBJECT.c.name == bindparam("name"))
_VERSIONS = (
    select(*(column for column in VERSION.c if column is not VERSION.c.body))
    .where(VERSION.c.object_id == bindparam("object_id"))
    .order_by(VERSION.c.version.desc())
)
_NAMES = select(OBJECT.c.id, OBJECT.c.name)
_LAST_BODY = (
    select(VERSION.c.object_id, func.max(VERSION.c.version).label("version"))
    .where(VERSION.c.object_id.in_(bindparam("object_ids", expanding=True)), VERSION.c.body.is_not(None))
    .group_by(VERSION.c.object_id)
    .subquery()
)
_BODIES = select(VERSION.c.object_id, VERSION.c.body).join(
    _LAST_BODY,
    (VERSION.c.object_id == _LAST_BODY.c.object_id) & (VERSION.c.version == _LAST_BODY.c.version),
)
_BODY_AT = select(VERSION.c.body).where(
    VERSION.c.object_id == bindparam("object_id"), VERSION.c.version == bindparam("version")
)


def deployed(connection: Connection, *, archived: bool = False) -> dict[str, Deployed]:
    """The active objects by address, ordered by kind and name; with `archived`, the archived ones too."""
    rows = connection.execute(_DEPLOYED if archived else _ACTIVE)
    return {found.address: found for found in map(_deployed, rows)}


def names(connection: Connection) -> dict[int, str]:
    """What every object is called, archived or not, by id."""
    return {row.id: row.name for row in connection.execute(_NAMES)}


def id_of(connection: Connection, address: str) -> int | None:
    """The id of an object, archived or not."""
    kind, _, name = address.partition(".")
    found: int | None = connection.execute(_ID, {"kind": kind, "name": name}).scalar_one_or_none()
    return found


def versions(connection: Connection, address: str) -> list[Version]:
    """The story of an object, newest first, through its renames; empty when there is no such object."""
    found = id_of(connection, address)
    return [_version(row) for row in connection.execute(_VERSIONS, {"object_id": found})]


def body(connection: Connection, address: str, version: int | None = None) -> str | None:
    """The canonical JSON of an object: at a version (None for an archive), or the last there is."""
    found = id_of(connection, address)
    if found is None:
        return None
    if version is None:
        return bodies(connection, [found]).get(found)
    at: str | None = connection.execute(_BODY_AT, {"object_id": found, "version": version}).scalar_one_or_none()
    return at


def bodies(connection: Connection, object_ids: Iterable[int]) -> dict[int, str]:
    """The last canonical JSON of each object, by id."""
    found: dict[int, str] = {}
    for batch in in_batches(object_ids):
        found.update((row.object_id, row.body) for row in connection.execute(_BODIES, {"object_ids": batch}))
    return found


def _deployed(row: Any) -> Deployed:
    object_id, kind, name, status, version, digest, type_, title = row[:8]
    tags, owner, uses, protected, created_at, created_by, updated_at, updated_by, serial, notify, count, as_of = (
        row[8:]
    )
    return Deployed(
        object_id=object_id,
        kind=kind,
        name=name,
        status=status,
        version=version,
        digest=digest,
        type=type_,
        title=title,
        tags=tuple(json.loads(tags)),
        owner=owner,
        uses=tuple(json.loads(uses)),
        protected=protected,
        created_at=as_instant(created_at),
        created_by=created_by,
        updated_at=as_instant(updated_at),
        updated_by=updated_by,
        serial=serial,
        notify=notify,
        count=count,
        as_of=None if as_of is None else as_instant(as_of),
    )


def _version(row: Any) -> Version:
    return Version(
        row.object_id,
        row.version,
        row.address,
        row.digest,
        row.action,
        row.serial,
        as_instant(row.at),
        row.plan_id,
        row.commit_id,
        row.author,
    )
