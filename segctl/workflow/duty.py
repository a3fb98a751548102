"""What a worker does, as plain data: its duties, what it saw before them, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.model.staleness import Staleness
from segctl.model.time import Duration
from segctl.store.duties import Duty as Standing
from segctl.workflow.context import Context
from segctl.workflow.sending import Tools

# their names, in the state, in metrics and in the log
REFRESH: Final = "refresh"
PUBLISH: Final = "publish"
DELIVER: Final = "deliver"


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker works with. It looks every `every` and so begins that much earlier.

    `usual` is the schedule of segments that state none, `full_every` how often a refresh looks at everybody.
    """

    context: Context
    tools: Tools
    every: timedelta
    usual: Duration | None = None
    full_every: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """The state as a worker sees it before it does something.

    `waiting` are messages in the outbox by segment, the oldest of a run written at `oldest`; `dead` are letters
    that are not tried again by themselves. `members` are numbers by segment. `serial` is the state's.
    """

    at: datetime
    serial: int
    segments: Sequence[Staleness]
    members: Mapping[str, int]
    waiting: Mapping[str, int]
    oldest: datetime | None
    dead: int
    standings: Mapping[str, Standing]

    def standing(self, name: str) -> Standing:
        return self.standings.get(name, Standing(name))


# raised in the transaction that writes what a duty did, if another worker has it by now
Fence = Callable[[Connection], None]
# numbers and names for the log, never of players
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that workers do. `due` decides by what was seen, `do` does it. Raises: Refused.

    A `shared` one may be done by several workers at a time; of others a worker takes a lease.
    """

    name: str
    due: Callable[[Work, Look], bool]
    do: Callable[[Work, Look, Fence], Told]
    shared: bool = False


Outcome = Literal["done", "failed", "broken"]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a duty: done, failed for a reason that can be mended, or broken, which is a bug of segctl."""

    at: datetime
    duty: str
    outcome: Outcome
    seconds: float
    told: Told = field(default_factory=dict)
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """The state could not be used, so nothing could be done."""

    at: datetime
    refused: Refused
