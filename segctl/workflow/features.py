"""Feature state: what a refresh keeps for the next one, in a file. A cache, never the truth.

Of a warehouse on Spark nothing is kept: a refresh there reads all of it.

Whatever does not fit exactly what is asked now is not used, and the reason is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from segctl.apply.write import Receipt
from segctl.base.digest import keyed_digest
from segctl.base.errors import Refused
from segctl.files.chunks import DamagedError, read_chunks, write_chunks
from segctl.members.kept import Keeping, Kept
from segctl.members.numbering import Numbering
from segctl.members.packing import pack, unpack
from segctl.model.time import micros
from segctl.store.continued import continues
from segctl.store.state import Head
from segctl.version import VERSION
from segctl.workflow.context import Context

FORMAT = 5
ON_SPARK = "the warehouse is on Spark, where everything is read"


@dataclass(frozen=True, slots=True)
class Features:
    """What a run begins with; `why` says why that is nothing, where it is. `forgotten` counts erased numbers."""

    keeping: Keeping | None
    why: str | None
    forgotten: int


def loaded(
    context: Context, connection: Connection, head: Head, numbering: Numbering, *, full: bool = False
) -> Features:
    """What the last refresh kept, as far as it may be used."""
    digest = partial(keyed_digest, head.secret)
    forgotten = int(numbering.known.null_count)
    keeping = Keeping(digest, micros(context.at), context.ingest_lag_micros)
    if not context.keeps:
        return Features(None, ON_SPARK, forgotten)
    if full:
        return Features(keeping, "--full was asked for", forgotten)
    found = _found(context, connection, head, forgotten)
    if isinstance(found, str):
        return Features(keeping, found, forgotten)
    return Features(Keeping(digest, keeping.at, keeping.lag, found), None, forgotten)


def kept(context: Context, head: Head, features: Features, receipt: Receipt, what: Kept) -> str | None:
    """Keeps what a run found, once it is committed; what went wrong, if something did, which harms nothing."""
    description, chunks = pack(what)
    stamp = {
        **_stamp(context, head, features.forgotten),
        "audit_seq": receipt.last_audit,
        "audit_hash": receipt.head,
    }
    try:
        write_chunks(context.features, {"stamp": stamp, "kept": description}, chunks)
    except Refused as error:
        return error.message
    return None


def discard(context: Context) -> None:
    """Removes what is kept: a player was forgotten, of whom something may stand there. Raises: Refused."""
    try:
        context.features.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(
            f"The feature state {context.features} cannot be removed: {error.strerror or error}.",
            "Remove the file: it may hold values of the player who was forgotten.",
        ) from error


def _found(context: Context, connection: Connection, head: Head, forgotten: int) -> Kept | str:
    path: Path = context.features
    try:
        there = read_chunks(path)
        if there is None:
            return "there is no feature state yet"
        wrong = _disagrees(there.description["stamp"], _stamp(context, head, forgotten), connection)
        return wrong or unpack(there.description["kept"], there.chunks)
    except DamagedError as error:
        return f"the feature state is not usable: {error}"
    except (KeyError, ValueError, TypeError, StopIteration):
        return "the feature state is not usable: it does not hold what it says"


def _stamp(context: Context, head: Head, forgotten: int) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "lineage": head.lineage,
        "warehouse": keyed_digest(head.secret, context.warehouse),
        "timezone": str(context.clock.zone),
        "forgotten": forgotten,
    }


_DISAGREEMENTS = {
    "format": "the feature state is of another format",
    "version": "the feature state was kept by another version of segctl",
    "lineage": "the feature state belongs to another state",
    "warehouse": "the feature state was kept of another warehouse",
    "timezone": "the project's time zone is another one",
    "forgotten": "a player was forgotten since",
}


def _disagrees(stamp: Mapping[str, Any], wanted: Mapping[str, Any], connection: Connection) -> str | None:
    for key, why in _DISAGREEMENTS.items():
        if stamp.get(key) != wanted[key]:
            return why
    if not continues(connection, stamp["audit_seq"], stamp["audit_hash"]):
        return "the state was brought back to an earlier copy"
    return None
