"""Checks the audit log: is its chain whole, and do the tables tell the story that it tells? Changes nothing.

A chain that agrees with itself is intact, not anchored: who owns the file can write all of it anew.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, func, select

from segctl.store.chain import Chain, Finding, chain
from segctl.store.definitions import ACTIONS
from segctl.store.state import Head, genesis, head
from segctl.store.tables import AUDIT, OBJECT, VERSION


@dataclass(frozen=True, slots=True)
class Verified:
    """Where the state says its log ends, the log as it was read, and where the tables tell another story."""

    head: Head
    chain: Chain
    tables: tuple[Finding, ...]


class _Step(NamedTuple):
    """What the log says of one definition; `digest` is what came to be, or what ended."""

    serial: int
    action: str
    address: str
    digest: str
    plan_id: str | None
    commit_id: str | None
    author: str | None


class _Told(NamedTuple):
    step: _Step
    after: str | None
    renamed_from: str | None


_ROWS = select(AUDIT).order_by(AUDIT.c.seq).execution_options(yield_per=5_000)
_STEPS = select(
    VERSION.c.serial,
    VERSION.c.action,
    VERSION.c.address,
    VERSION.c.digest,
    VERSION.c.plan_id,
    VERSION.c.commit_id,
    VERSION.c.author,
    VERSION.c.version,
    VERSION.c.body,
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
        OBJECT.c.serial,
        OBJECT.c.updated_at,
        OBJECT.c.updated_by,
        VERSION.c.version.label("last_version"),
        VERSION.c.digest.label("last_digest"),
        VERSION.c.serial.label("last_serial"),
        VERSION.c.at.label("last_at"),
        VERSION.c.author.label("last_author"),
    )
    .outerjoin(_LAST, _LAST.c.object_id == OBJECT.c.id)
    .outerjoin(VERSION, (VERSION.c.object_id == OBJECT.c.id) & (VERSION.c.version == _LAST.c.version))
    .order_by(OBJECT.c.kind, OBJECT.c.name)
)
# of a row of these: what the object says of its version, and what its last version says
_STANDS, _LAST_WAS = slice(3, 8), slice(8, 13)


def verify(connection: Connection) -> list[Finding]:
    """Everything that disagrees, the log's rows first and in their order; empty when all is well."""
    found = verified(connection)
    return [*found.chain.findings, *found.tables]


def verified(connection: Connection, sizes: Collection[int] = ()) -> Verified:
    """The same in its parts, with the roots of the log's tree at these sizes."""
    at, told = head(connection), list[_Told]()

    def note(row: Any) -> None:
        if row.action in ACTIONS:
            told.append(_told(row))

    found = log_chain(connection, at, sizes, note)
    tables = (*_definitions(connection, _digests(told)), *_versions(connection, told))
    return Verified(at, found, tables)


def log_chain(
    connection: Connection,
    at: Head,
    sizes: Collection[int] = (),
    told: Callable[[Any], None] = lambda _: None,
) -> Chain:
    """The log alone, and whether it ends where the state says so."""
    found = chain(connection.execute(_ROWS), (0, genesis(at.lineage)), sizes=sizes, told=told)
    seq, end = found.seq, (found.seq, found.hash)
    if end == (at.audit_seq, at.audit_hash):
        return found
    detail = f"the log ends with row {seq} and hash {found.hash}, the state says {at.audit_seq}, {at.audit_hash}"
    ends = Finding("end", detail, min(seq, at.audit_seq) + 1 if seq != at.audit_seq else seq)
    return replace(found, findings=(*found.findings, ends))


def _told(row: Any) -> _Told:
    digest = row.after if row.after is not None else row.before
    author = _text_in(row.actor, "author")
    step = _Step(row.serial, row.action, row.address, digest, row.plan_id, row.commit_id, author)
    return _Told(step, row.after, _text_in(row.detail, "from") if row.action == "rename" else None)


def _text_in(column: Any, key: str) -> str | None:
    """What a column of JSON says under a key; None if it was spoiled."""
    try:
        found = json.loads(column)[key]
    except (TypeError, ValueError, LookupError):
        return None
    return found if isinstance(found, str) else None


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
        if row[_STANDS] != row[_LAST_WAS]:
            detail = f"it stands at version {row.version}, its last one is {row.last_version}, or they differ"
            yield Finding("version", detail, address=address)
    for address, logged in untold.items():
        yield Finding("definition", f"it is gone, the log says {logged}", address=address)


def _versions(connection: Connection, told: list[_Told]) -> Iterator[Finding]:
    unmatched = Counter(one.step for one in told)
    for row in connection.execute(_STEPS):
        step = _Step(*row[: len(_Step._fields)])
        unmatched[step] -= 1
        if unmatched[step] < 0:
            yield Finding(
                "version", f"the log does not know version {row.version}: {_words(step)}", address=row.address
            )
        if not _is_whole(row):
            yield Finding(
                "body", f"the body of version {row.version} is not what its digest says", address=row.address
            )
    for step, count in unmatched.items():
        if count > 0:
            yield Finding("version", f"its version is gone: {_words(step)}", address=step.address)


def _words(step: _Step) -> str:
    return ", ".join(f"{name} {value}" for name, value in step._asdict().items() if value is not None)


def _is_whole(row: Any) -> bool:
    if row.action == "archive":
        return row.body is None
    return isinstance(row.body, str) and hashlib.sha256(row.body.encode()).hexdigest() == row.digest
