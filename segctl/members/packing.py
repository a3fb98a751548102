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


def pack(kept: Kept) -> tuple[dict[str, Any], list[memoryview]]:
    """A description, canonical JSON, and the chunks that it speaks of in their order."""
    description = {
        "count": kept.count,
        "atoms": list(kept.atoms),
        "columns": [[digest, *_described(values)] for digest, values in kept.columns.items()],
        "windows": {digest: [[one.after, one.until] for one in each] for digest, each in kept.windows.items()},
        "since": dict(kept.since),
    }
    arrays: list[NDArray[Any]] = [kept.everyone, *kept.atoms.values()]
    for values in kept.columns.values():
        arrays += [values.values] if values.valid is None else [values.values, packed(values.valid)]
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
    )


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
