"""A fact of many players as arrays, by the player's place in the run. Pure conversions from Arrow.

`valid` is None where nothing is missing. Money, dates and instants are exact integers: money times 10^scale, days
since 1970-01-01, microseconds since 1970-01-01 UTC. Integers that would not fit 64 bits are Python's own (slow,
and exact).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segctl.base.errors import Refused
from segctl.model.operators import FieldType

Bools = NDArray[np.bool_]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Exact integers; the value is `values / 10**scale`."""

    values: NDArray[Any]
    valid: Bools | None
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Floats:
    """Binary floating point; NaN has been made missing."""

    values: NDArray[np.float64]
    valid: Bools | None


@dataclass(frozen=True, slots=True)
class Flags:
    """Booleans."""

    values: Bools
    valid: Bools | None


@dataclass(frozen=True, slots=True)
class Texts:
    """Each player's text as a number of `words`; -1 is missing."""

    codes: NDArray[np.int32]
    words: Any


@dataclass(frozen=True, slots=True)
class Lists:
    """Pairs of a player's place and a number of `words`: any number a player. `count` is the number of players."""

    places: Places
    codes: NDArray[np.int32]
    words: Any
    count: int


Single = Numbers | Floats | Flags | Texts
Column = Single | Lists


def column(answer: Any, field_type: FieldType, name: str, *, timezone: str | None = None) -> Single:
    """An Arrow column as the type the catalog declares. `name` is said when it is something else.

    A timestamp without a zone is read only where the catalog says in which `timezone` it was written.

    Raises: Refused, when the stored type cannot be read as the declared one without guessing.
    """
    array = _spelt_out(answer.combine_chunks() if isinstance(answer, pa.ChunkedArray) else answer)
    match field_type:
        case "string" | "list" if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            return _texts(array)
        case "boolean" if pa.types.is_boolean(array.type):
            return Flags(_values(array.fill_null(False)), _valid(array))
        case "date" if pa.types.is_date32(array.type):
            return Numbers(_values(array.fill_null(0).cast(pa.int32())).astype(np.int64), _valid(array))
        case "datetime" if pa.types.is_timestamp(array.type) and (array.type.tz or timezone):
            micros = array.cast(pa.timestamp("us", array.type.tz), safe=False).cast(pa.int64())
            return Numbers(_values(micros.fill_null(0)), _valid(array))
        case "number" if _numeric(array.type):
            return _floats(array)
        case "integer" | "money" if _exact(array.type, field_type):
            return _numbers(array)
        case _:
            raise Refused(
                f"{name} is declared as {field_type}, and the warehouse stores {array.type}.",
                "Correct the type in the catalog, or the column in the warehouse.",
            )


def _spelt_out(array: Any) -> Any:
    """An enumeration comes as a dictionary of its words; here it is text."""
    return array.cast(array.type.value_type) if pa.types.is_dictionary(array.type) else array


def _numeric(stored: Any) -> bool:
    return bool(pa.types.is_integer(stored) or pa.types.is_floating(stored) or pa.types.is_decimal(stored))


def _exact(stored: Any, wanted: FieldType) -> bool:
    if pa.types.is_decimal(stored):
        return wanted == "money" or stored.scale == 0
    return bool(pa.types.is_integer(stored))


def _values(array: Any) -> NDArray[Any]:
    return np.asarray(array.to_numpy(zero_copy_only=False))


def _valid(array: Any) -> Bools | None:
    return _values(array.is_valid()) if array.null_count else None


def _texts(array: Any) -> Texts:
    encoded = array.dictionary_encode()
    return Texts(_values(encoded.indices.fill_null(-1)).astype(np.int32, copy=False), encoded.dictionary)


def _floats(array: Any) -> Floats:
    values = _values(array.cast(pa.float64(), safe=False).fill_null(np.nan))
    missing = np.isnan(values)
    return Floats(values, ~missing if missing.any() else None)


def _numbers(array: Any) -> Numbers:
    if pa.types.is_decimal(array.type):
        return Numbers(_unscaled(array), _valid(array), array.type.scale)
    return Numbers(_values(array.fill_null(0)).astype(np.int64, copy=False), _valid(array))


def _unscaled(array: Any) -> NDArray[Any]:
    """The integers behind decimals, straight from their 128-bit words; missing ones are 0."""
    wide = array.cast(pa.decimal128(38, array.type.scale)) if array.type.bit_width != 128 else array
    words = np.frombuffer(wide.buffers()[1], dtype=np.int64)
    words = words[2 * wide.offset : 2 * (wide.offset + len(wide))]
    low, high = words[0::2].copy(), words[1::2]
    if wide.null_count:
        missing = ~_values(wide.is_valid())
        low[missing] = 0
        high = np.where(missing, 0, high)
    if np.array_equal(high, low >> 63):
        return low
    return np.asarray(high.astype(object) * 2**64 + low.view(np.uint64).astype(object))


def placed(values: Single, places: Places, count: int) -> Single:
    """A column given for the players at `places`, spread over all `count`; who is not named is missing."""
    match values:
        case Texts(codes, words):
            spread = np.full(count, -1, dtype=np.int32)
            spread[places] = codes
            return Texts(spread, words)
        case Numbers(numbers, valid, scale):
            return Numbers(_spread(numbers, places, count), _spread_valid(valid, places, count), scale)
        case Floats(floats, valid):
            return Floats(_spread(floats, places, count), _spread_valid(valid, places, count))
        case Flags(flags, valid):
            return Flags(_spread(flags, places, count), _spread_valid(valid, places, count))


def _spread(values: NDArray[Any], places: Places, count: int) -> NDArray[Any]:
    spread = np.zeros(count, dtype=values.dtype)
    spread[places] = values
    return spread


def _spread_valid(valid: Bools | None, places: Places, count: int) -> Bools:
    spread = np.zeros(count, dtype=np.bool_)
    spread[places] = True if valid is None else valid
    return spread


def chosen(values: Single, rows: NDArray[Any] | slice) -> Single:
    """The given rows of a column: positions, a mask, or a stretch (which is not copied)."""
    match values:
        case Texts(codes, words):
            return Texts(codes[rows], words)
        case Numbers(numbers, valid, scale):
            return Numbers(numbers[rows], None if valid is None else valid[rows], scale)
        case Floats(floats, valid):
            return Floats(floats[rows], None if valid is None else valid[rows])
        case Flags(flags, valid):
            return Flags(flags[rows], None if valid is None else valid[rows])


def lists(answer: Any, places: Places, count: int, name: str) -> Lists:
    """The pairs of a list fact: `answer` is one text a row, or (a list column) many."""
    array = answer.combine_chunks()
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        places = places[_values(pc.list_parent_indices(array))]
        array = pc.list_flatten(array)
    texts = column(array, "list", name)
    assert isinstance(texts, Texts)  # noqa: S101 - column() gives texts for lists
    known = (places >= 0) & (texts.codes >= 0)
    return Lists(places[known], texts.codes[known], texts.words, count)
