"""Which of some stretches of time an instant lies in, as one expression.

It is what `CASE` says, written at once: SQLAlchemy takes as long to build the comparisons of one such `CASE` as
an engine takes to read a hundred thousand rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement


class stepped(FunctionElement[int]):  # noqa: N801 - reads as a function in SQL
    """A number of our own by the first bound for which `instant <operator> bound` holds, or `last`."""

    inherit_cache = False

    def __init__(
        self, instant: ColumnElement[Any], operator: str, bounds: Sequence[Any], numbers: Sequence[int], last: int
    ) -> None:
        self.operator = operator
        self.numbers = list(numbers)
        self.last = last
        super().__init__(instant, *(bindparam(None, bound) for bound in bounds))


@compiles(stepped)
def _stepped(element: stepped, compiler: Any, **options: Any) -> str:
    instant, *bounds = (compiler.process(part, **options) for part in element.clauses)
    cases = (
        f"WHEN ({instant} {element.operator} {bound}) THEN {number}"
        for bound, number in zip(bounds, element.numbers, strict=True)
    )
    return f"CASE {' '.join(cases)} ELSE {element.last} END"
