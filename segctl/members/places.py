"""Where each player stands in a slice: places follow the numbers, so that bits are nearly bitmaps. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segctl.base.errors import Refused
from segctl.members.columns import Bools
from segctl.members.numbering import Numbering
from segctl.sql.questions import AskPlayers

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Players:
    """The players of a slice. `keys` are as the warehouse stores them, `places` says where each of them stands,
    and `numbers`, by place and ascending, are their numbers for ever. `answer` has their columns, in key order.

    `rows` says in which row of the answer the player of each place is.

    Where places are the numbers themselves, nobody stands at some of them: `present` says at which somebody does.
    """

    keys: Any
    places: Places
    numbers: Places
    answer: Any
    present: Bools
    rows: Places

    @property
    def count(self) -> int:
        return len(self.numbers)

    def of(self, answer: Any, table: str) -> Places:
        """The place of the player of each row of an answer; -1 where the slice has no such player."""
        if "place" in answer.column_names:
            return np.asarray(answer["place"].to_numpy(), dtype=np.int64)
        keys = answer["player"].combine_chunks()
        if keys.type != self.keys.type:
            keys = _as_type(keys, self.keys.type, table)
        found = pc.index_in(keys, value_set=self.keys).fill_null(-1).to_numpy()
        return np.asarray(np.append(self.places, -1)[found])

    def keys_at(self, places: Places) -> Any:
        """The keys of the players at these places, where somebody stands."""
        return self.keys.take(pa.array(self.rows[places]))

    def only(self, places: Places) -> Players:
        """These players alone, without their columns: at the first place stands the first of them."""
        every = np.arange(len(places), dtype=np.int64)
        return Players(self.keys_at(places), every, places, None, np.ones(len(places), dtype=np.bool_), every)

    def one_row_each(self, places: Places, table: str) -> None:
        """Refuses an answer in which a player stands twice. Raises: Refused."""
        if len(places) and np.bincount(places[places >= 0], minlength=1).max() > 1:
            raise Refused(
                f"{table} has several rows for one player, and the catalog reads one value a player from it.",
                "Declare the attribute with `type: list`, or make the table one row a player.",
            )


def players(answer: Any, question: AskPlayers, numbering: Numbering, *, by_number: bool = False) -> Players:
    """The players of an answer, each at the place that is their number if `by_number`.

    Raises: Refused, when a player stands in the table twice.
    """
    keys = answer["player"].combine_chunks()
    ids = keys if pa.types.is_string(keys.type) else keys.cast(pa.string())
    try:
        numbers = numbering.numbers(ids)
    except ValueError as error:
        raise _twice(question, ids) from error
    order = np.argsort(numbers, kind="stable")
    ascending = numbers[order]
    if (np.diff(ascending) == 0).any():
        raise _twice(question, ids)
    if by_number:
        present = np.zeros(numbering.count, dtype=np.bool_)
        present[numbers] = True
        every = np.arange(numbering.count, dtype=np.int64)
        return Players(keys, numbers, every, answer, present, _rows(numbers, numbering.count))
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return Players(keys, places, ascending, answer, np.ones(len(order), dtype=np.bool_), order)


def _rows(places: Places, count: int) -> Places:
    rows = np.empty(count, dtype=np.int64)
    rows[places] = np.arange(len(places))
    return rows


def standing(among: Places, places: Places) -> Places:
    """The position of each place among some, which ascend; -1 for a place that is not one of them."""
    if not len(among):
        return np.full(len(places), -1, dtype=np.int64)
    beyond = int(among[-1]) + 1
    at = np.full(beyond + 1, -1, dtype=np.int64)
    at[among] = np.arange(len(among))
    # what lies beyond the last of them is nowhere, as -1 is
    return np.asarray(at[np.minimum(places, beyond)])


def different(places: Places) -> Places:
    """The places among these at which anybody stands, each once, ascending."""
    there = np.zeros(int(places.max(initial=-1)) + 2, dtype=np.bool_)
    there[places] = True  # -1 marks the last, which nobody's place is
    return np.flatnonzero(there[:-1])


def _twice(question: AskPlayers, ids: Any) -> Refused:
    distinct = pc.count_distinct(ids).as_py()
    return Refused(
        f"{question.table}.{question.key} is not unique: {len(ids):,} rows hold {distinct:,} players.",
        "Point the catalog's `player:` at a table with one row a player.",
    )


def _as_type(keys: Any, wanted: Any, table: str) -> Any:
    try:
        return keys.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise Refused(
            f"The player column of {table} is {keys.type}, and the player table's key is {wanted}.",
            "Give both the same type in the warehouse.",
        ) from error
