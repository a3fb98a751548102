"""The links of the audit log: is every row sealed by its hash, and does each follow the one before? Rows alone.

On its way it notes the roots of the Merkle tree at the sizes that are asked for, so that one read serves both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from segctl.evidence.merkle import add_leaf, root_of
from segctl.evidence.row import leaf_of
from segctl.store.audit import seal

Problem = Literal[
    "gap", "previous", "hash", "end", "definition", "version", "body", "cut", "anchor", "origin", "signature"
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement: at a row of the log (the first, up to `last`, if it is about more), or at an address."""

    problem: Problem
    detail: str
    seq: int | None = None
    address: str | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """How many rows there are, with which seq and hash they end, and what disagrees. `roots` is by size."""

    rows: int
    seq: int
    hash: str
    findings: tuple[Finding, ...]
    roots: Mapping[int, bytes] = field(repr=False)

    @property
    def root(self) -> bytes:
        return self.roots[self.rows]


def chain(
    rows: Iterable[Any],
    before: tuple[int, str | None],
    *,
    sizes: Collection[int] = (),
    told: Callable[[Any], None] = lambda _: None,
) -> Chain:
    """Reads rows in their order, after the seq and the hash of the one `before` (None: unknown).

    Every row goes to `told` as well.
    """
    findings: list[Finding] = []
    peaks: list[bytes] = []
    roots = {0: root_of(peaks)}
    (seq, previous), size = before, 0
    for row in rows:
        findings += _linked(row, max(seq, before[0]) + 1, previous)
        told(row)
        add_leaf(peaks, size, leaf_of(row.hash))
        size += 1
        if size in sizes:
            roots[size] = root_of(peaks)
        seq, previous = row.seq, row.hash
    roots[size] = root_of(peaks)
    return Chain(size, seq, str(previous), tuple(findings), roots)


def _linked(row: Any, expected: int, previous: str | None) -> Iterator[Finding]:
    if row.seq != expected:
        yield Finding("gap", f"row {row.seq} stands where row {expected} belongs", min(row.seq, expected))
    elif previous is not None and row.previous != previous:
        yield Finding("previous", f"it follows {row.previous}, the row before it is {previous}", row.seq)
    if _sealed(row) != row.hash:
        yield Finding("hash", "its columns are not what its hash was made from", row.seq)


def _sealed(row: Any) -> str | None:
    try:
        return seal(row)
    except (TypeError, ValueError):
        return None
