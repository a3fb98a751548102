"""Checkpoints kept elsewhere, held against a log: which agree, and which rows are not those they were made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from segctl.evidence.checkpoint import Checkpoint, is_of_another, origin_of
from segctl.evidence.note import Note

Verdict = Literal["agrees", "differs", "longer", "another", "unsigned"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A checkpoint under the name of the place where it was kept."""

    name: str
    note: Note
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Judged:
    """An anchor, and what a log says of it: the first cause of these that holds, or that it agrees."""

    anchor: Anchor
    verdict: Verdict

    @property
    def size(self) -> int:
        return self.anchor.checkpoint.size


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What anchors say against a log: of its rows `first` to `last`, if it is known which."""

    problem: Literal["cut", "anchor", "origin", "signature"]
    detail: str
    first: int | None = None
    last: int | None = None


def judged(
    anchor: Anchor, lineage: str | None, rows: int, roots: Mapping[int, bytes], *, is_signed: bool = True
) -> Judged:
    """One anchor against a log of so many rows. `roots` has the root at its size, if the log goes so far."""
    at = anchor.checkpoint
    if not is_signed:
        return Judged(anchor, "unsigned")
    if lineage is not None and is_of_another(at.origin, lineage):
        return Judged(anchor, "another")
    if at.size > rows:
        return Judged(anchor, "longer")
    return Judged(anchor, "agrees" if roots[at.size] == at.root else "differs")


def anchored_rows(found: Sequence[Judged]) -> int:
    """The first rows of the log that an anchor vouches for."""
    return max((one.size for one in found if one.verdict == "agrees"), default=0)


def disagreements(found: Sequence[Judged], rows: int, lineage: str | None) -> list[Disagreement]:
    """What the anchors say against the log; empty if all agree."""
    return [*_differing(found), *_cut(found, rows), *_strange(found, lineage)]


def _differing(found: Sequence[Judged]) -> list[Disagreement]:
    """The first that differs tells most: rows between it and the last one before it that agrees."""
    differing = sorted((one for one in found if one.verdict == "differs"), key=lambda one: one.size)
    good = [one.size for one in found if one.verdict == "agrees"]
    told = []
    for number, one in enumerate(differing):
        beyond = max((size for size in good if size >= one.size), default=None)
        if beyond is not None:
            detail = f"{_named(one)} was not made of this log, with which one of {beyond:,} rows agrees"
            told.append(Disagreement("anchor", detail))
            continue
        first = 1 + max(good, default=0)
        others = _others(len(differing) - number - 1)
        detail = f"rows {first:,} to {one.size:,} are not those of which {_named(one)} was made{others}"
        return [*told, Disagreement("anchor", detail, first, one.size)]
    return told


def _cut(found: Sequence[Judged], rows: int) -> list[Disagreement]:
    """A log that is too short has lost its tail, and what is left after the last agreeing anchor may be new."""
    longer = [one for one in found if one.verdict == "longer"]
    if not longer:
        return []
    longest, good = max(longer, key=lambda one: one.size), anchored_rows(found)
    left = f", and no anchor vouches for rows {good + 1:,} to {rows:,}" if good < rows else ""
    gone = f"{_named(longest)} saw {longest.size:,}: the tail was cut off{left}{_others(len(longer) - 1)}"
    return [Disagreement("cut", f"the log has {rows:,} rows, and {gone}", good + 1, longest.size)]


def _strange(found: Sequence[Judged], lineage: str | None) -> list[Disagreement]:
    strange = []
    for one in found:
        if one.verdict == "another":
            detail = f"{_named(one)} is of the log {one.anchor.checkpoint.origin}"
            strange.append(Disagreement("origin", f"{detail}, this one is {origin_of(lineage or '')}"))
        elif one.verdict == "unsigned":
            strange.append(Disagreement("signature", f"{_named(one)} is not signed by the key that was given"))
    return strange


def _named(one: Judged) -> str:
    return f"the anchor {one.anchor.name}"


def _others(more: int) -> str:
    return f" ({more:,} more say so)" if more > 0 else ""
