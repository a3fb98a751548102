"""Members compared with a full evaluation: how many differ, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segctl.view.data import instant_text
from segctl.view.figures import count, counted, moment
from segctl.view.table import Column, Table


@dataclass(frozen=True, slots=True)
class Compared:
    """One segment: its members as of an instant, and the numbers of players who differ, by why they do.

    `data` changed since, or others' data did where a limit holds; `clock` moved since; of `unclear` no table says
    whether their data changed; `wrong` is explained by nothing. Of `oracle` players the oracle speaks otherwise.
    """

    name: str
    as_of: datetime
    members: int
    data: int
    clock: int
    unclear: int
    wrong: int
    oracle: int

    @property
    def right(self) -> bool:
        """Is nothing of it wrong?"""
        return not self.wrong and not self.oracle

    @property
    def same(self) -> bool:
        """Does nobody differ?"""
        return self.right and not (self.data or self.clock or self.unclear)


def verified_table(segments: Sequence[Compared], now: datetime, sample: int) -> Table:
    """The segments in which somebody differs, those with mistakes first, and below them what it comes to."""
    rows = sorted((one for one in segments if not one.same), key=lambda one: (one.right, one.name))
    return Table(
        (
            Column("name", "name", stays=True, least=20),
            Column("members", "members", stays=True),
            Column("data", "data", stays=True),
            Column("clock", "clock", stays=True),
            Column("unclear", "unclear", stays=True),
            Column("wrong", "wrong", stays=True),
            Column("oracle", "oracle", stays=True),
        ),
        tuple((one.name, one.members, one.data, one.clock, one.unclear, one.wrong, one.oracle) for one in rows),
        empty=_summary(segments, now, sample),
        note=_summary(segments, now, sample),
    )


def verified_data(segments: Sequence[Compared], now: datetime, sample: int) -> dict[str, Any]:
    """The same as JSON: every segment, and whether all is right."""
    return {
        "right": all(one.right for one in segments),
        "now": instant_text(now),
        "sample": sample,
        "segments": [
            {
                "name": one.name,
                "as_of": instant_text(one.as_of),
                "members": one.members,
                "data": one.data,
                "clock": one.clock,
                "unclear": one.unclear,
                "wrong": one.wrong,
                "oracle": one.oracle,
            }
            for one in segments
        ],
    }


def _summary(segments: Sequence[Compared], now: datetime, sample: int) -> str:
    bad = sum(not one.right for one in segments)
    checked = f"Checked {counted(len(segments), 'segment')} at {moment(now, seconds=True)}"
    asked = f"{checked}, and {counted(sample, 'player')} with the oracle"
    if bad:
        return f"{asked}: {count(bad)} wrong. To set them right:  segctl refresh --full"
    late = any(one.data or one.clock or one.unclear for one in segments)
    then = " To catch up with data and clock:  segctl refresh" if late else ""
    return f"{asked}: nothing is wrong.{then}"
