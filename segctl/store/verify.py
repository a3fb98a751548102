"""Checks the audit log: is its chain whole, and do the tables tell the story that it tells? Changes nothing.

A chain that agrees with itself is intact, not anchored: who owns the file can write all of it anew.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Connection, func, select

from segctl.store.audit import seal
from segctl.store.definitions import ACTIONS
from segctl.store.state import Head, genesis, head
from segctl.store.tables import AUDIT, OBJECT, VERSION

Problem = Literal["gap", "previous", "hash", "end", "definition", "version", "body"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement: at a row of the log, or at an address of the tables."""

    problem: Problem
    detail: str
    seq: int | None = None
    address: str | None = None


class _Step(NamedTuple):
    """What the log says of one definition; `digest` is what came to be, or what ended."""

    serial: int
    action: str
    address: str
    digest: str


class _Told(NamedTuple):
    step: _Step
    after: str | None
    renamed_from: str | None


_ROWS = select(AUDIT).order_by(AUDIT.c.seq).execution_options(yield_per=5_000)
_STEPS = select(
    VERSION.c.serial, VERSION.c.action, VERSION.c.address, VERSION.c.digest, VERSION.c.version, VERSION.c.body
).execution_options(yield_per=1_000)
_LAST: Final = (
    select(VERSION.c.object_id, func.max(VERSION.c.version).label("version"))
    .group_by(VERSION.c.object_id)
    .subquery()
)
_OBJECTS = (
    select(
        OBJECT.c.kind,
        OBJECT.c.name,
        OBJECT.c.status,
        OBJECT.c.version,
        OBJECT.c.digest,
        VERSION.c.version.label("last_version"),
        VERSION.c.digest.label("last_digest"),
    )
    .outerjoin(_LAST, _LAST.c.object_id == OBJECT.c.id)
    .outerjoin(VERSION, (VERSION.c.object_id == OBJECT.c.id) & (VERSION.c.version == _LAST.c.version))
    .order_by(OBJECT.c.kind, OBJECT.c.name)
)


def verify(connection: Connection) -> list[Finding]:
    """Everything that disagrees, the log's rows first and in their order; empty when all is well."""
    told: list[_Told] = []
    chain = list(_chain(connection, head(connection), told))
    return [*chain, *_definitions(connection, _digests(told)), *_versions(connection, told)]


def _chain(connection: Connection, at: Head, told: list[_Told]) -> Iterator[Finding]:
    seq, previous = 0, genesis(at.lineage)
    for row in connection.execute(_ROWS):
        yield from _linked(row, seq + 1, previous)
        if row.action in ACTIONS:
            told.append(_told(row))
        seq, previous = row.seq, row.hash
    if (seq, previous) != (at.audit_seq, at.audit_hash):
        detail = f"the log ends with row {seq} and hash {previous}, the state says {at.audit_seq}, {at.audit_hash}"
        yield Finding("end", detail, min(seq, at.audit_seq) + 1 if seq != at.audit_seq else seq)


def _linked(row: Any, expected: int, previous: str) -> Iterator[Finding]:
    if row.seq != expected:
        yield Finding("gap", f"row {row.seq} stands where row {expected} belongs", min(row.seq, expected))
    elif row.previous != previous:
        yield Finding("previous", f"it follows {row.previous}, the row before it is {previous}", row.seq)
    if _sealed(row) != row.hash:
        yield Finding("hash", "its columns are not what its hash was made from", row.seq)


def _sealed(row: Any) -> str | None:
    try:
        return seal(row)
    except (TypeError, ValueError):
        return None


def _told(row: Any) -> _Told:
    step = _Step(row.serial, row.action, row.address, row.after if row.after is not None else row.before)
    return _Told(step, row.after, _renamed_from(row.detail) if row.action == "rename" else None)


def _renamed_from(detail: Any) -> str | None:
    try:
        found: str | None = json.loads(detail)["from"]
    except (TypeError, ValueError, LookupError):
        return None
    return found


def _digests(told: list[_Told]) -> dict[str, str]:
    digests: dict[str, str] = {}
    for _, group in groupby(told, key=lambda one: one.step.serial):
        run = list(group)
        # names may be swapped within a run: all leave before any arrives
        for one in run:
            digests.pop(one.renamed_from or one.step.address, None)
        digests.update({one.step.address: one.after for one in run if one.after is not None})
    return digests


def _definitions(connection: Connection, digests: Mapping[str, str]) -> Iterator[Finding]:
    untold = dict(digests)
    for row in connection.execute(_OBJECTS):
        address = f"{row.kind}.{row.name}"
        logged = untold.pop(address, None)
        stands = row.digest if row.status == "active" else None
        if stands != logged:
            yield Finding("definition", f"it stands at {stands}, the log says {logged}", address=address)
        if (row.version, row.digest) != (row.last_version, row.last_digest):
            detail = (
                f"it stands at version {row.version}, its last one is {row.last_version}, or their digests differ"
            )
            yield Finding("version", detail, address=address)
    for address, logged in untold.items():
        yield Finding("definition", f"it is gone, the log says {logged}", address=address)


def _versions(connection: Connection, told: list[_Told]) -> Iterator[Finding]:
    unmatched = Counter(one.step for one in told)
    for row in connection.execute(_STEPS):
        step = _Step(row.serial, row.action, row.address, row.digest)
        unmatched[step] -= 1
        if unmatched[step] < 0:
            yield Finding("version", f"the log does not know version {row.version}: {step}", address=row.address)
        if not _is_whole(row):
            yield Finding(
                "body", f"the body of version {row.version} is not what its digest says", address=row.address
            )
    for step, count in unmatched.items():
        if count > 0:
            yield Finding("version", f"its version is gone: {step}", address=step.address)


def _is_whole(row: Any) -> bool:
    if row.action == "archive":
        return row.body is None
    return isinstance(row.body, str) and hashlib.sha256(row.body.encode()).hexdigest() == row.digest
