"""The audit log as evidence: checkpoints, proofs of rows, and a check against what was kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.evidence.anchor import Anchor, Judged, anchored_rows, disagreements, judged
from segctl.evidence.checkpoint import Checkpoint, checkpoint_of, checkpoint_text, origin_of
from segctl.evidence.ed25519 import signed
from segctl.evidence.merkle import inclusion_proof
from segctl.evidence.note import Note, is_key_name
from segctl.evidence.proof import Proof
from segctl.evidence.row import SEALED, leaf_of
from segctl.store import audit
from segctl.store.chain import Chain, Finding
from segctl.store.state import head
from segctl.store.verify import log_chain, verified
from segctl.workflow.anchors import signed_by
from segctl.workflow.context import Context
from segctl.workflow.state import looking


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check found: of the log and the tables, and of the anchors that were given."""

    rows: int
    head: str
    findings: tuple[Finding, ...]
    anchors: tuple[Judged, ...] = ()

    @property
    def anchored(self) -> int:
        """The first rows of the log that an anchor vouches for; 0 is none."""
        return anchored_rows(self.anchors)


def verification(context: Context, anchors: Sequence[Anchor], public: bytes | None) -> Verification:
    """Everything in the log, in the tables and in the anchors that disagrees. Raises: Refused."""
    signatures = [signed_by(one, public) for one in anchors]
    with looking(context) as connection:
        return checked(connection, anchors, signatures)


def checked(connection: Connection, anchors: Sequence[Anchor], signatures: Sequence[bool]) -> Verification:
    """The same in one transaction; of each anchor it is known whether it is signed as it should be."""
    found = verified(connection, {one.checkpoint.size for one in anchors})
    at, lineage = found.head, found.head.lineage
    against = _judged(anchors, signatures, found.chain, lineage)
    findings = (*found.chain.findings, *_findings(against, found.chain, lineage), *found.tables)
    return Verification(at.audit_seq, at.audit_hash, findings, against)


def checkpoint(context: Context, origin: str | None, key: bytes | None, before: Sequence[Anchor]) -> Note:
    """The checkpoint of the log as it is, signed if there is a key.

    Raises: Refused, when the log is not intact, or does not go on from the checkpoints made `before`.
    """
    with whole_log(context, before) as (connection, log):
        name = _origin(origin, head(connection).lineage)
        return signed_note(Checkpoint(name, log.rows, log.root), key)


def proof(context: Context, seq: int, anchor: Anchor | None, origin: str | None, key: bytes | None) -> Proof:
    """That a row stands in the log at an anchor, or as the log is now. Raises: Refused."""
    with whole_log(context, [anchor] if anchor else []) as (connection, log):
        name = _origin(origin, head(connection).lineage)
        note = anchor.note if anchor else signed_note(Checkpoint(name, log.rows, log.root), key)
        at = checkpoint_of(note)
        if not 1 <= seq <= at.size:
            raise Refused(f"There is no row {seq}: the log has rows 1 to {at.size}.", "segctl audit log")
        row = next(audit.rows(connection, seq))
        path = inclusion_proof(map(leaf_of, audit.hashes(connection)), seq - 1, at.size)
        return Proof({name: row[name] for name in SEALED}, tuple(path), note, at)


def exported(context: Context, since: int) -> Iterator[dict[str, Any]]:
    """The rows of the log as they are stored, with their hashes, the oldest first."""
    with looking(context) as connection:
        for row in audit.rows(connection, since):
            yield {name: _plain(value) for name, value in row.items()}


@contextmanager
def whole_log(context: Context, before: Sequence[Anchor]) -> Iterator[tuple[Connection, Chain]]:
    """A read of the state whose log is intact and agrees with checkpoints made before. Raises: Refused."""
    with looking(context) as connection:
        at = head(connection)
        log = log_chain(connection, at, {one.checkpoint.size for one in before})
        against = _judged(before, [True] * len(before), log, at.lineage)
        found = [*log.findings, *_findings(against, log, at.lineage)]
        if found:
            where = " --anchor FILE" if before else ""
            raise Refused(
                f"The audit log is not intact: {found[0].detail}.",
                f"All that is wrong: segctl audit verify{where}",
            )
        yield connection, log


def signed_note(checkpoint: Checkpoint, key: bytes | None) -> Note:
    """A checkpoint as a note, signed if there is a key. Raises: Refused, if it is none."""
    note = Note(checkpoint_text(checkpoint))
    if key is None:
        return note
    try:
        return signed(note, key, checkpoint.origin)
    except ValueError as error:
        raise Refused(f"The key cannot be used: {error}.", "Make one: segctl audit keygen FILE") from error


def _plain(value: Any) -> Any:
    """What JSON can say; an honest row holds nothing else."""
    return value if value is None or isinstance(value, int | str) else repr(value)


def _origin(chosen: str | None, lineage: str) -> str:
    if chosen is None:
        return origin_of(lineage)
    if not is_key_name(chosen) or chosen.startswith("segctl/"):
        raise Refused(
            f"A log cannot be called `{chosen}`.",
            "Write a name without spaces and +, e.g. example.com/segctl/production.",
            "Without --origin it is named after its state.",
        )
    return chosen


def _judged(
    anchors: Sequence[Anchor], signatures: Sequence[bool], log: Chain, lineage: str | None
) -> tuple[Judged, ...]:
    return tuple(
        judged(one, lineage, log.rows, log.roots, is_signed=is_signed)
        for one, is_signed in zip(anchors, signatures, strict=True)
    )


def _findings(against: Sequence[Judged], log: Chain, lineage: str | None) -> list[Finding]:
    return [
        Finding(one.problem, one.detail, one.first, last=one.last)
        for one in disagreements(against, log.rows, lineage)
    ]
