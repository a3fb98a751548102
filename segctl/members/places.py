"""Where each player stands in a slice: the place of a player is the row of the players' answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segctl.base.errors import Refused
from segctl.sql.questions import AskPlayers


@dataclass(frozen=True, slots=True)
class Players:
    """The players of a slice: `keys` as the warehouse stores them, `ids` as text, `answer` with their columns."""

    keys: Any
    ids: Any
    answer: Any
    count: int

    def places(self, keys: Any, table: str) -> NDArray[np.int64]:
        """The place of the player each key names; -1 for keys that no player has."""
        if keys.type != self.keys.type:
            keys = _as_type(keys, self.keys.type, table)
        found = pc.index_in(keys, value_set=self.keys).fill_null(-1)
        return np.asarray(found.to_numpy(), dtype=np.int64)

    def single_places(self, keys: Any, table: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Places of a table with at most one row a player, and which rows have one."""
        places = self.places(keys, table)
        known = places >= 0
        mine = places[known]
        if len(np.unique(mine)) != len(mine):
            raise Refused(
                f"{table} has several rows for one player, and the catalog reads one value a player from it.",
                "Declare the attribute with `type: list`, or make the table one row a player.",
            )
        return mine, known


def players(answer: Any, question: AskPlayers) -> Players:
    """The players of an answer. Raises: Refused, when a player stands in the table twice."""
    keys = answer["player"].combine_chunks()
    ids = keys if pa.types.is_string(keys.type) else keys.cast(pa.string())
    distinct = pc.count_distinct(keys).as_py()
    if distinct != len(keys):
        raise Refused(
            f"{question.table}.{question.key} is not unique: {len(keys):,} rows hold {distinct:,} players.",
            "Point the catalog's `player:` at a table with one row a player.",
        )
    return Players(keys, ids, answer, len(keys))


def _as_type(keys: Any, wanted: Any, table: str) -> Any:
    try:
        return keys.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise Refused(
            f"The player column of {table} is {keys.type}, and the player table's key is {wanted}.",
            "Give both the same type in the warehouse.",
        ) from error
