"""What is asked of the warehouse, as plain data, and how each fact is taken from the answers.

A question becomes one statement (statements.py); its answer is a table. Events are asked for by player and
*bucket*: the edges of all windows of a table, sorted, cut time into stretches, and bucket b holds the events with
exactly b edges before them. A window is then a run of buckets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segctl.model.catalog import EventTable
from segctl.model.rule import Rule
from segctl.model.time import Interval
from segctl.sql.program import StoredFact


@dataclass(frozen=True, slots=True)
class AskPlayers:
    """Every player, with columns of the player table. Answer: `player`, then `c0`, `c1`, … by `facts`."""

    table: str
    key: str
    facts: tuple[StoredFact, ...]


@dataclass(frozen=True, slots=True)
class AskCount:
    """How many players there are. Answer: `players`, one row."""

    table: str
    key: str


@dataclass(frozen=True, slots=True)
class AskSlices:
    """The first key of each run of `size` players in the order of their keys. Answer: `player`, ascending."""

    table: str
    key: str
    size: int


@dataclass(frozen=True, slots=True)
class AskTime:
    """The type of a table's time column. Answer: `time`, no rows."""

    table: str
    time: str


@dataclass(frozen=True, slots=True)
class AskBeside:
    """Columns of a table that has at most one row a player. Answer: `player`, then `c0`, `c1`, … by `facts`."""

    table: str
    player: str
    facts: tuple[StoredFact, ...]


@dataclass(frozen=True, slots=True)
class AskList:
    """A player's many values. Answer: `player`, `c0`: one row a value, or (a list column) one row a player."""

    fact: StoredFact
    table: str


@dataclass(frozen=True, slots=True)
class AskRows:
    """The rows of one player, `id` as text, in the order of some columns. Answer: `c0`, `c1`, … by `columns`.

    A column comes with the zone that its naive timestamps are declared to be in, if it needs one.
    """

    table: str
    player: str
    id: str
    columns: tuple[tuple[str, str | None], ...]
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """One number a bucket: over the events that pass filter number `filter`. `column` None is the event's time.

    What is not asked of a `lifetime` may be missing in the bucket before the oldest edge.
    """

    kind: Literal["sum", "count", "min", "max"]
    filter: int
    column: str | None = None
    lifetime: bool = True


@dataclass(frozen=True, slots=True)
class Near:
    """The rows that moved since an instant: those of `AskMoved` with the same `since` and `stretches`.

    The answer says in `age` when they became known: 0 at `since` or before, 1 after it, 2 after `later` as well,
    or that they do not say when. Where `stretches` is None, the table has just these rows.
    """

    since: int
    later: int
    stretches: tuple[Interval, ...] | None


@dataclass(frozen=True, slots=True)
class OfDays:
    """All rows of some stretches of time, with their age."""

    since: int
    later: int
    stretches: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class AskGrouped:
    """Measures by player, bucket and dimension values. Answer: `player`, `bucket`, `k0`…, `m0`…, `age` if near.

    `keys` are the dimensions with all values that any rule names. Filters are rules over the event's columns.
    `among` narrows the rows. With `days`, the number of a filter, the days of its events come as in `AskDistinct`:
    rows are by `word` as well, and `days` is NULL where none of the events passes. With `classes`, numbers of
    filters, rows are by `class` as well: a bit for each of these filters, set where it holds.
    """

    events: EventTable
    edges: tuple[int, ...]
    lifetime: bool
    keys: tuple[tuple[str, tuple[str, ...]], ...]
    filters: tuple[Rule | None, ...]
    measures: tuple[Measured, ...]
    among: Near | None = None
    days: int | None = None
    classes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AskOrdered:
    """The first `first` events and the last one of each player and bucket that pass `where`, by (time, id).

    Answer: `player`, `bucket`, `from_start`, `from_end` (ordinals from 1), then `c0`… by `columns`, where None is
    the event's time. `among` narrows the rows.
    """

    events: EventTable
    edges: tuple[int, ...]
    lifetime: bool
    where: Rule | None
    columns: tuple[str | None, ...]
    first: int
    among: Near | None = None


@dataclass(frozen=True, slots=True)
class AskDistinct:
    """The distinct values of a column (None: the distinct local days) by player and bucket.

    Answer: `player`, `bucket`, `c0`, and `age` if `among` narrows the rows. All days (`by_word`) come as bits:
    `player`, `bucket`, `word`, `days`, where the number of a word says which days its bits are. Where all windows
    end with the last edge it is enough to know when each value was seen last (`newest`): `player`, `c0`, `time`.
    """

    events: EventTable
    edges: tuple[int, ...]
    lifetime: bool
    where: Rule | None
    column: str | None
    among: Near | OfDays | None = None
    newest: bool = False

    @property
    def by_word(self) -> bool:
        """Does the answer have days as bits?"""
        return self.column is None and self.among is None


@dataclass(frozen=True, slots=True)
class AskMoments:
    """The instants of the events that pass `where` in `after < time <= until` (microseconds).

    Answer: `player`, `time`.
    """

    events: EventTable
    where: Rule | None
    after: int
    until: int


@dataclass(frozen=True, slots=True)
class AskTouched:
    """The players with a row that became known, changed or came of age after `since`. Answer: `player`.

    `moments` are timestamp columns; a row counts if any of them lies in `since < moment <= until` (microseconds).
    """

    table: str
    player: str
    moments: tuple[str, ...]
    timezone: str | None
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class AskLatest:
    """The newest value of a timestamp column. Answer: `latest`, one row, NULL where there is none."""

    table: str
    column: str
    timezone: str | None


@dataclass(frozen=True, slots=True)
class AskPrint:
    """How many rows a table has, and the sum of a 64-bit hash of some columns of each. Answer: `number`, `print`.

    One row; `print` is an integer as text, NULL of no rows. Of other rows the sum is another one, but for
    chances of 1 in 2^64; sums of the same columns of different rows add up.
    """

    table: str
    player: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskNext:
    """The first instant of a timestamp column after each of some edges. Answer: `part`, `next`.

    `part` is the number of the edge, from 0; an edge after which there is nothing may have NULL, or no row. Of an
    event table, only rows that pass `where` count.
    """

    table: str
    column: str
    timezone: str | None
    edges: tuple[int, ...]
    events: EventTable | None = None
    where: Rule | None = None


@dataclass(frozen=True, slots=True)
class AskMoved:
    """The players with rows that became known or changed after `since`, or whose events lie in stretches of time.

    Answer: `player`, and `part`: 0 for a row that is new, 1 for one that was known and changed, or 2 and more for
    other rows by their stretch; the same row of the answer may come several times. A row that does not say when it
    became known is always new. Stretches do not overlap. With `by_key` the answer brings keys, wherever players
    stand; with `changed` it needs no more than rows of part 1.
    """

    events: EventTable
    since: int
    stretches: tuple[Interval, ...]
    by_key: bool = False
    changed: bool = False


EventQuestion = AskGrouped | AskOrdered | AskDistinct
# what may be asked of some players alone
PlayersQuestion = EventQuestion | AskMoments
ProfileQuestion = AskPlayers | AskBeside | AskList | AskRows
Question = (
    ProfileQuestion
    | AskCount
    | AskSlices
    | AskTime
    | AskLatest
    | AskPrint
    | AskMoments
    | AskTouched
    | AskMoved
    | AskNext
    | EventQuestion
)


@dataclass(frozen=True, slots=True)
class Take:
    """How one feature is taken from the answer to question number `question`: buckets `start` to `stop`, both in.

    `columns` are positions of measures (grouped) or of columns (ordered); `keys` narrows a grouped answer.
    """

    question: int
    start: int
    stop: int
    columns: tuple[int, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
