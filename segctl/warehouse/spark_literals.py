"""Bound values with their types, where Spark's client would guess: naive times, wide integers, decimals."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

_INT64 = 2**63


def literal(value: Any) -> Any:
    """A bound value with the type that it has, where Spark's client would guess: naive times, wide integers."""
    from pyspark.sql import types  # noqa: PLC0415 - it is an extra
    from pyspark.sql.connect.column import Column  # noqa: PLC0415
    from pyspark.sql.connect.expressions import LiteralExpression  # noqa: PLC0415

    match value:
        case bool():
            kind: Any = types.BooleanType()
        case int() if -_INT64 <= value < _INT64:
            kind = types.LongType()
        case int() | Decimal():
            value = Decimal(value)
            kind = _decimal(value)
        case datetime():
            kind = types.TimestampNTZType() if value.tzinfo is None else types.TimestampType()
        case date():
            kind = types.DateType()
        case float():
            kind = types.DoubleType()
        case list():
            return _array([literal(one) for one in value])
        case _:
            kind = types.StringType()
    return Column(LiteralExpression(value, kind))


def _decimal(value: Decimal) -> Any:
    from pyspark.sql.types import DecimalType  # noqa: PLC0415

    _, digits, exponent = value.as_tuple()
    scale = max(-int(exponent), 0)
    return DecimalType(max(len(digits) + max(int(exponent), 0), scale, 1), scale)


def _array(values: list[Any]) -> Any:
    from pyspark.sql.connect.functions import array  # noqa: PLC0415

    return array(*values)
