"""An exported audit log, read back and checked without a database. What the tables say is not in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain as joined
from typing import NamedTuple

from segctl.base.errors import Refused
from segctl.evidence.anchor import Anchor, disagreements, judged
from segctl.evidence.row import SEALED, once, row_of
from segctl.store.chain import Finding, chain
from segctl.workflow.anchors import signed_by
from segctl.workflow.evidence import Verification


class Exported(NamedTuple):
    """A line of an export: the columns of the log, in their order."""

    seq: int
    at: str
    serial: int
    action: str
    address: str | None
    actor: str
    before: str | None
    after: str | None
    plan_id: str | None
    commit_id: str | None
    detail: str
    previous: str
    hash: str


def export_verification(lines: Iterable[bytes], anchors: Sequence[Anchor], public: bytes | None) -> Verification:
    """What disagrees in an export, and with the anchors. Raises: Refused, if it is none or has no start."""
    signatures = [signed_by(one, public) for one in anchors]
    rows = _rows(lines)
    first = next(rows, None)
    if first is None:
        raise Refused("The export is empty.", "segctl audit export -o FILE")
    if anchors and first.seq != 1:
        raise Refused(
            f"The export starts with row {first.seq}, and a checkpoint is made of all rows from the first.",
            "segctl audit export -o FILE",
        )
    found = chain(joined([first], rows), (first.seq - 1, None), sizes={one.checkpoint.size for one in anchors})
    against = tuple(
        judged(one, None, found.rows, found.roots, is_signed=is_signed)
        for one, is_signed in zip(anchors, signatures, strict=True)
    )
    more = [
        Finding(one.problem, one.detail, one.first, last=one.last)
        for one in disagreements(against, found.rows, None)
    ]
    return Verification(found.rows, found.hash, (*found.findings, *more), against)


def _rows(lines: Iterable[bytes]) -> Iterator[Exported]:
    for number, line in enumerate(lines, 1):
        try:
            yield Exported(**row_of(json.loads(line, object_pairs_hook=once), (*SEALED, "hash")))
        except (ValueError, RecursionError) as error:
            raise Refused(
                f"Line {number} of the export is not a row: {error}.", "segctl audit export -o FILE"
            ) from error
