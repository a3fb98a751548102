"""A list of anything: its columns, its rows, and what to say when there are none. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

_LEAST = 5

# How people are shown a cell: a number without separators, a day without its time, the beginning of a digest,
# seconds as a length of time.
Form = Literal["usual", "plain", "day", "digest", "elapsed"]
Cell = str | int | float | Decimal | bool | date | datetime | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names it in CSV, JSON and `--sort`. Its texts are cut to no less than `least`.

    A column that `stays` is cut after the others; one that is `optional` is left out where there is no room.
    """

    key: str
    title: str
    stays: bool = False
    least: int = _LEAST
    optional: bool = False
    form: Form = "usual"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in their order; `empty` is what to say when there are none, `note` what to say below them."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "Nothing to list."
    note: str = ""
