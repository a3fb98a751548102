"""Where something stands in a file. Plain data."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of text. Lines and columns count from 1 in characters; the end is exclusive.

    A named tuple, since every rule of a project carries one and a tuple is made in a third of the time.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
