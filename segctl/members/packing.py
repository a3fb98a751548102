"""What an evaluation keeps, as a description and bytes, and back. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segctl.members.bitmaps import Packed, packed, unpacked
from segctl.members.columns import Bools, Flags, Floats, Numbers
from segctl.members.kept import Kept, Value
from segctl.members.newest import Newest
from segctl.model.time import Interval

Kind = Literal["numbers", "floats", "flags"]
# of which players a number is stored: of all, or of those at some places, told one by one or as a bit each
_Those = Literal["all", "places", "bits"]
# the bytes of a player's place
_PLACE = 4


def pack(kept: Kept) -> tuple[dict[str, Any], list[memoryview]]:
    """A description, canonical JSON, and the chunks that it speaks of in their order."""
    arrays: list[NDArray[Any]] = [kept.everyone, *kept.atoms.values()]
    told_columns, told_sums = [], []
    for digest, values in kept.columns.items():
        stored = _stored(values.values)
        told_columns.append([digest, *_described(values), stored.kind, stored.those])
        arrays += stored.arrays
        arrays += [] if values.valid is None else [packed(values.valid)]
    for digest, sums in kept.sums.items():
        each = [_stored(one.values) for one in sums]
        told_sums.append(
            [digest, [[one.scale, stored.kind, stored.those] for one, stored in zip(sums, each, strict=True)]]
        )
        arrays += [array for stored in each for array in stored.arrays]
    told_newest = []
    for newest, digests in _shared(kept.newest):
        told_newest.append([digests, newest is not None])
        arrays += [] if newest is None else [newest.pairs, newest.times, _bytes_of(newest.words)]
    description = {
        "count": kept.count,
        "atoms": list(kept.atoms),
        "columns": told_columns,
        "windows": {digest: [[one.after, one.until] for one in each] for digest, each in kept.windows.items()},
        "since": dict(kept.since),
        "last": dict(kept.last),
        "prints": dict(kept.prints),
        "key": kept.key,
        "sums": told_sums,
        "newest": told_newest,
    }
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
        last=description["last"],
        prints=description["prints"],
        key=description["key"],
        sums={digest: tuple(_sum(each, count, *one) for one in told) for digest, told in description["sums"]},
        newest={
            digest: newest
            for digests, there in description["newest"]
            for newest in [_newest(each) if there else None]
            for digest in digests
        },
    )


def _shared(newest: Mapping[str, Newest | None]) -> Iterator[tuple[Newest | None, list[str]]]:
    """What several facts share comes once, with the digests of these."""
    by_identity: dict[int, tuple[Newest | None, list[str]]] = {}
    for digest, one in newest.items():
        by_identity.setdefault(id(one), (one, []))[1].append(digest)
    yield from by_identity.values()


def _bytes_of(words: Any) -> NDArray[Any]:
    return np.frombuffer(json.dumps(words.to_pylist()).encode(), dtype=np.uint8)


def _newest(chunks: Iterator[memoryview]) -> Newest:
    pairs, times = (np.frombuffer(next(chunks), dtype=np.int64) for _ in range(2))
    return Newest(pairs, times, pa.array(json.loads(bytes(next(chunks))), pa.string()))


class _Stored(NamedTuple):
    """How a number is stored; where only those that are not 0 are, what says at which places comes before them."""

    kind: str
    those: _Those
    arrays: list[NDArray[Any]]


def _stored(values: NDArray[Any]) -> _Stored:
    """In as little room as will do."""
    # numpy finds the places of what is true several times as fast as those of what is not 0
    some = values != 0
    number, count = int(np.count_nonzero(some)), len(values)
    told = min(number * _PLACE, -(-count // 8))
    if told + number * values.itemsize >= count * values.itemsize:
        return _Stored(values.dtype.str, "all", [values])
    if told < number * _PLACE:
        bits = packed(some)
        return _Stored(values.dtype.str, "bits", [bits, _of_some(values, some, bits, number)])
    places = np.flatnonzero(some)
    return _Stored(values.dtype.str, "places", [places.astype(np.uint32), values[places]])


def _of_some(values: NDArray[Any], some: Bools, bits: Packed, number: int) -> NDArray[Any]:
    """The values of some players, whose bits are set. Where these are few, Arrow finds them faster than numpy."""
    if number > len(some) // 10:
        return values[np.flatnonzero(some)]
    mask = pa.Array.from_buffers(pa.bool_(), len(some), [None, pa.py_buffer(bits)])
    return np.asarray(pa.array(values).filter(mask))


def _array(chunks: Iterator[memoryview], count: int, stored: str, those: _Those) -> NDArray[Any]:
    if those == "all":
        return np.frombuffer(next(chunks), dtype=stored)
    values = np.zeros(count, dtype=stored)
    told = next(chunks)
    if those == "bits":
        places = np.flatnonzero(unpacked(np.frombuffer(told, dtype=np.uint8), count))
    else:
        places = np.frombuffer(told, dtype=np.uint32)
    values[places] = np.frombuffer(next(chunks), dtype=stored)
    return values


def _sum(chunks: Iterator[memoryview], count: int, scale: int, stored: str, those: _Those) -> Numbers:
    return Numbers(_array(chunks, count, stored, those), None, scale)


def _described(values: Value) -> tuple[Kind, int, bool]:
    """Its kind and scale, and whether some are missing."""
    missing = values.valid is not None
    match values:
        case Numbers(scale=scale):
            return "numbers", scale, missing
        case Floats():
            return "floats", 0, missing
        case Flags():
            return "flags", 0, missing


def _value(
    chunks: Iterator[memoryview],
    count: int,
    kind: Kind,
    scale: int,
    missing: bool,  # noqa: FBT001 - as it was described
    stored: str,
    those: _Those,
) -> Value:
    values = _array(chunks, count, stored, those)
    valid: Bools | None = unpacked(np.frombuffer(next(chunks), dtype=np.uint8), count) if missing else None
    match kind:
        case "numbers":
            return Numbers(values, valid, scale)
        case "floats":
            return Floats(values, valid)
        case "flags":
            return Flags(values, valid)
