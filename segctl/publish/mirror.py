"""What a mirror is told and gives back. Plain data and a protocol: no connection, no files.

A pass stages rows under a name, then asks the mirror to make its tables so, then to finish. Nothing of it is seen
by readers before it is finished, and then all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol

import pyarrow as pa

MEMBERS: Final = "segment_members"
CHANGES: Final = "segment_changes"
PUBLISHED: Final = "segment_published"

_INSTANT = pa.timestamp("us", "UTC")
MEMBER: Final = pa.schema([("segment", pa.string()), ("player_id", pa.string()), ("since", _INSTANT)])
CHANGE: Final = pa.schema(
    [
        ("serial", pa.int64()),
        ("changed_at", _INSTANT),
        ("segment", pa.string()),
        ("player_id", pa.string()),
        ("direction", pa.string()),
        ("cause", pa.string()),
    ]
)

# `arriving` are rows that must be there as they are, `leaving` such that must not; of `whole` segments no member
# may be there but who is arriving, of `retold` ones no move but those told. Whom `known` lacks leaves both tables.
Staged = Literal["arriving", "leaving", "whole", "moves", "retold", "known"]
STAGED: Final[Mapping[Staged, Any]] = {
    "arriving": MEMBER,
    "leaving": pa.schema([("segment", pa.string()), ("player_id", pa.string())]),
    "whole": pa.schema([("segment", pa.string())]),
    "moves": CHANGE,
    "retold": pa.schema([("segment", pa.string())]),
    "known": pa.schema([("player_id", pa.string())]),
}


Standing = Literal["active", "held", "archived"]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to where a mirror tells of a state: lineage, last run, and the last row of the log by number and hash.

    `names` are those of all segments by their ids. Of a `held` one a guard kept members back.
    """

    lineage: str
    serial: int
    at: datetime
    seq: int
    hash: str
    names: Mapping[int, str]
    standings: Mapping[int, Standing]

    @property
    def active(self) -> Mapping[int, str]:
        """The segments that have members, by their ids."""
        return {key: name for key, name in self.names.items() if self.standings[key] != "archived"}


@dataclass(frozen=True, slots=True)
class Put:
    """How many rows were written: members added, removed, and renewed (with another `since`); moves likewise."""

    added: int = 0
    removed: int = 0
    renewed: int = 0
    told: int = 0
    untold: int = 0

    @property
    def rows(self) -> int:
        return self.added + self.removed + self.renewed + self.told + self.untold


@dataclass(frozen=True, slots=True)
class Settle:
    """What is staged: does it hold `everything` there is, and is somebody to leave whom `known` lacks?

    While `mending`, what is broken is taken for empty: everything will be staged.
    """

    everything: bool = False
    forgetting: bool = False
    mending: bool = False


class Mirror(Protocol):
    """A mirror that is open, and locked against other passes. `where` is what people are told."""

    @property
    def where(self) -> str: ...

    def cursor(self) -> Cursor | None:
        """None if nothing was published there. Raises: Refused, if what is there is not segctl's."""

    def make(self) -> None:
        """Makes the tables that are not there."""

    def stage(self, name: Staged, tables: Iterable[Any]) -> int:
        """Takes rows, some at a time. How many."""

    def settle(self, settle: Settle) -> Put:
        """Makes the tables as is staged, and forgets what was. Nothing is compared with tables that are new."""

    def finish(self, cursor: Cursor) -> None:
        """All at once, readers see it."""
