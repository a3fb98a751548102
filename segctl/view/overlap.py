"""What segments have in common: two matrices for people, one row a pair for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from segctl.view.figures import counted, moment
from segctl.view.style import PLAIN, Style, painted
from segctl.view.table import Column, Table
from segctl.view.tables import table_text
from segctl.view.width import cells

# more columns of numbers than this are read by nobody
_MOST = 12


@dataclass(frozen=True, slots=True)
class Overlap:
    """`common[i][j]` counts who is in both the i-th and the j-th segment; `common[i][i]` are its members.

    All of it is true `at` an instant: of now, that of the oldest evaluation. `forgotten` are memberships of then
    whose players nobody can compare any more.
    """

    segments: tuple[str, ...]
    common: tuple[tuple[int, ...], ...]
    at: datetime | None = None
    forgotten: int = 0

    def jaccard(self, one: int, other: int) -> float | None:
        """Those in both among those in either, 0 to 1; None where nobody is in either."""
        both = self.common[one][other]
        either = self.common[one][one] + self.common[other][other] - both
        return both / either if either else None


_PAIRS = (
    Column("segment", "segment", stays=True),
    Column("other", "other", stays=True),
    Column("members", "members"),
    Column("other_members", "of other"),
    Column("common", "common"),
    Column("jaccard", "jaccard"),
)


def pairs_table(found: Overlap) -> Table:
    """One row for each pair, in the order of the names."""
    places = range(len(found.segments))
    rows = tuple(_pair(found, one, other) for one in places for other in places[one + 1 :])
    return Table(_PAIRS, rows, note=_note(found))


def overlap_text(found: Overlap, *, width: int | None, style: Style = PLAIN) -> str:
    """Common members as a matrix, below it the Jaccard index in percent; of many segments, a row a pair."""
    common = _matrix(found, found.common, "")
    places = range(len(found.segments))
    shares = [[_percent(found.jaccard(one, other)) for other in places] for one in places]
    jaccard = _matrix(found, shares, _note(found))
    if len(places) > _MOST or (width is not None and _wide(table_text(common, width=width)) > width):
        return table_text(pairs_table(found), width=width, style=style)
    heads = "Members in common", "Jaccard index: of those in either, how many % are in both"
    both = zip(heads, (common, jaccard), strict=True)
    return "\n".join(f"{painted(head, style.strong)}\n{table_text(one, width=width)}" for head, one in both)


def _matrix(found: Overlap, values: Sequence[Sequence[float | None]], note: str) -> Table:
    numbers = [f"{place}" for place in range(1, len(found.segments) + 1)]
    columns = (
        Column("number", "#", form="plain"),
        Column("segment", "segment", stays=True, least=12),
        *(Column(number, number) for number in numbers),
    )
    rows = tuple(
        (place, name, *row) for place, (name, row) in enumerate(zip(found.segments, values, strict=True), 1)
    )
    return Table(columns, rows, note=note)


def _pair(found: Overlap, one: int, other: int) -> tuple[str | int | float | None, ...]:
    share = found.jaccard(one, other)
    return (
        found.segments[one],
        found.segments[other],
        found.common[one][one],
        found.common[other][other],
        found.common[one][other],
        None if share is None else round(share, 6),
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _wide(text: str) -> int:
    return max(map(cells, text.splitlines()))


def _note(found: Overlap) -> str:
    parts = [f"As of {moment(found.at)}."] if found.at else []
    if found.forgotten:
        parts.append(f"{counted(found.forgotten, 'member')} of then forgotten since and left out.")
    return " ".join(parts)
