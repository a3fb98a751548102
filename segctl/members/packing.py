"""What an evaluation keeps, as a description and bytes, and back. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from segctl.members.bitmaps import packed, unpacked
from segctl.members.columns import Bools, Flags, Floats, Numbers
from segctl.members.kept import Kept, Value
from segctl.model.time import Interval

Kind = Literal["numbers", "floats", "flags"]
# the bytes of a player's place
_PLACE = 4


def pack(kept: Kept) -> tuple[dict[str, Any], list[memoryview]]:
    """A description, canonical JSON, and the chunks that it speaks of in their order."""
    description = {
        "count": kept.count,
        "atoms": list(kept.atoms),
        "columns": [[digest, *_described(values)] for digest, values in kept.columns.items()],
        "windows": {digest: [[one.after, one.until] for one in each] for digest, each in kept.windows.items()},
        "since": dict(kept.since),
        "prints": dict(kept.prints),
        "key": kept.key,
        "sums": [[digest, [_stored(one) for one in sums]] for digest, sums in kept.sums.items()],
    }
    arrays: list[NDArray[Any]] = [kept.everyone, *kept.atoms.values()]
    for values in kept.columns.values():
        arrays += [values.values] if values.valid is None else [values.values, packed(values.valid)]
    for sums in kept.sums.values():
        for one in sums:
            arrays += _few(one.values) if _is_sparse(one.values) else [one.values]
    return description, [np.ascontiguousarray(array).data.cast("B") for array in arrays]


def unpack(description: Mapping[str, Any], chunks: Sequence[memoryview]) -> Kept:
    """The inverse of `pack`."""
    count = description["count"]
    each = iter(chunks)
    everyone = np.frombuffer(next(each), dtype=np.uint8)
    return Kept(
        count=count,
        everyone=everyone,
        atoms={digest: np.frombuffer(next(each), dtype=np.uint8) for digest in description["atoms"]},
        columns={digest: _value(each, count, *told) for digest, *told in description["columns"]},
        windows={
            digest: tuple(Interval(after, until) for after, until in windows)
            for digest, windows in description["windows"].items()
        },
        since=description["since"],
        prints=description["prints"],
        key=description["key"],
        sums={digest: tuple(_sum(each, count, *one) for one in told) for digest, told in description["sums"]},
    )


def _stored(sums: Numbers) -> tuple[int, str, bool]:
    """Its scale, how a number is stored, and whether only those that are not 0 are."""
    return sums.scale, sums.values.dtype.str, _is_sparse(sums.values)


def _is_sparse(values: NDArray[Any]) -> bool:
    """Are so many 0 that the places of the others take less room?"""
    return int(np.count_nonzero(values)) * (_PLACE + values.itemsize) < len(values) * values.itemsize


def _few(values: NDArray[Any]) -> list[NDArray[Any]]:
    places = np.flatnonzero(values)
    return [places.astype(np.uint32), values[places]]


def _sum(chunks: Iterator[memoryview], count: int, scale: int, stored: str, sparse: bool) -> Numbers:  # noqa: FBT001
    if not sparse:
        return Numbers(np.frombuffer(next(chunks), dtype=stored), None, scale)
    values = np.zeros(count, dtype=stored)
    places = np.frombuffer(next(chunks), dtype=np.uint32)
    values[places] = np.frombuffer(next(chunks), dtype=stored)
    return Numbers(values, None, scale)


def _described(values: Value) -> tuple[Kind, int, str, bool]:
    """Its kind and scale, how a number is stored, and whether some are missing."""
    stored, missing = values.values.dtype.str, values.valid is not None
    match values:
        case Numbers(scale=scale):
            return "numbers", scale, stored, missing
        case Floats():
            return "floats", 0, stored, missing
        case Flags():
            return "flags", 0, stored, missing


def _value(
    chunks: Iterator[memoryview],
    count: int,
    kind: Kind,
    scale: int,
    stored: str,
    missing: bool,  # noqa: FBT001 - as it was described
) -> Value:
    values = np.frombuffer(next(chunks), dtype=stored)
    valid: Bools | None = unpacked(np.frombuffer(next(chunks), dtype=np.uint8), count) if missing else None
    match kind:
        case "numbers":
            return Numbers(values, valid, scale)
        case "floats":
            return Floats(values, valid)
        case "flags":
            return Flags(values, valid)
