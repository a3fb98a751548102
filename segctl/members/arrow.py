"""The values of some players of a slice as an Arrow column, exact as they are read. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segctl.members.columns import Bools, Column, Flags, Floats, Lists, Numbers, Texts
from segctl.model.operators import FieldType

# more decimals than any amount here has
_MONEY_SCALE = 6
_TYPES: dict[FieldType, Any] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "money": pa.decimal128(38, _MONEY_SCALE),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
    "list": pa.list_(pa.string()),
}


def arrow_type(kind: FieldType) -> Any:
    """What a field is in Arrow, whatever the warehouse stores; money has six decimals."""
    return _TYPES[kind]


def arrow_column(parts: Sequence[tuple[int, Column]], kind: FieldType, places: NDArray[Any]) -> Any:
    """The fact of the players at `places`, which ascend."""
    found = []
    for start, column in parts:
        end = start + _length(column)
        mine = places[(places >= start) & (places < end)] - start
        found.append(_part(column, kind, mine))
    return pa.concat_arrays(found) if found else pa.nulls(len(places), _TYPES[kind])


def _length(column: Column) -> int:
    match column:
        case Texts(codes):
            return len(codes)
        case Lists():
            return column.count
        case Numbers() | Floats() | Flags():
            return len(column.values)


def _part(column: Column, kind: FieldType, mine: NDArray[Any]) -> Any:
    match column:
        case Texts(codes, words):
            chosen = codes[mine]
            return words.take(pa.array(chosen, mask=chosen < 0)).cast(pa.string())
        case Lists():
            return _lists(column, mine)
        case Numbers(values, valid, scale):
            return _numbers(values[mine], _missing(valid, mine), scale, kind)
        case Floats(floats, valid):
            return pa.array(floats[mine], pa.float64(), mask=_missing(valid, mine))
        case Flags(flags, valid):
            return pa.array(flags[mine], pa.bool_(), mask=_missing(valid, mine))


def _missing(valid: Bools | None, mine: NDArray[Any]) -> Bools | None:
    return None if valid is None else ~valid[mine]


def _numbers(values: NDArray[Any], missing: Bools | None, scale: int, kind: FieldType) -> Any:
    if kind == "money":
        exact = [Decimal(int(value)).scaleb(-scale) for value in values]
        gone = [False] * len(exact) if missing is None else missing.tolist()
        return pa.array([None if no else one for one, no in zip(exact, gone, strict=True)], _TYPES[kind])
    if kind == "date":
        return pa.array(values.astype(np.int32), pa.int32(), mask=missing).cast(pa.date32())
    whole = values // 10**scale if scale else values
    return pa.array(whole, pa.int64(), mask=missing).cast(_TYPES[kind])


def _lists(column: Lists, mine: NDArray[Any]) -> Any:
    """Each player's texts in code point order; who has none has an empty list."""
    words = column.words.to_pylist()
    values: dict[int, list[str]] = defaultdict(list)
    wanted = set(mine.tolist())
    for place, code in zip(column.places.tolist(), column.codes.tolist(), strict=True):
        if place in wanted:
            values[place].append(words[code])
    return pa.array([sorted(values.get(place, [])) for place in mine.tolist()], _TYPES["list"])
