"""An answer's column as Python values, as the oracle takes them; the types are checked as for everybody. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from segctl.members.columns import Bools, Flags, Floats, Numbers, Texts, column
from segctl.model.facts import Fact
from segctl.model.operators import FieldType
from segctl.model.time import EPOCH_DAY, moment


def facts(answer: Any, kind: FieldType, name: str, *, timezone: str | None = None) -> list[Fact]:
    """One fact a row. Raises: Refused, as `column`."""
    match column(answer, kind, name, timezone=timezone):
        case Texts(codes, words):
            texts = words.to_pylist()
            return [texts[code] if code >= 0 else None for code in codes.tolist()]
        case Flags(values, valid):
            return _known(values.tolist(), valid)
        case Floats(floats, valid):
            return _known(floats.tolist(), valid)
        case Numbers(numbers, valid, scale):
            return _known([_number(number, kind, scale) for number in numbers.tolist()], valid)


def texts(answer: Any, name: str) -> tuple[str, ...]:
    """All values of a list fact: a text a row, or (a list column) several. Raises: Refused, as `column`."""
    array = answer.combine_chunks()
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        array = array.flatten()
    return tuple(str(text) for text in facts(array, "list", name) if text is not None)


def _number(value: int, kind: FieldType, scale: int) -> Fact:
    match kind:
        case "money":
            return Decimal(value).scaleb(-scale)
        case "date":
            return date.fromordinal(EPOCH_DAY.toordinal() + value)
        case "datetime":
            return moment(value)
        case _:
            return int(value // 10**scale)


def _known(values: Sequence[Fact], valid: Bools | None) -> list[Fact]:
    if valid is None:
        return list(values)
    return [value if there else None for value, there in zip(values, valid.tolist(), strict=True)]
