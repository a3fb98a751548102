"""Rows that are asked about several times, put aside in memory with the places of their players.

The engine would make a table of all players for each join of few rows. So rows come without places first, the
different players of all of them are looked up at once, and each row is given its place here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segctl.model.catalog import EventTable
from segctl.sql.near import PART

# Players whom the slice does not have fall out of the join, as they would be left out later.
PLACES = "segctl_places"
PLACE = "segctl_place"
_LOOKED_UP = "segctl_looked_up"
_LOOK_UP = f"SELECT k.number, p.place FROM {_LOOKED_UP} AS k JOIN {PLACES} AS p ON p.player = k.player"

# Rows of a table that moved since an instant, or with None those of some players.
Rows = tuple[EventTable, int | None]


class Aside:
    """Tables in memory. `answer` runs a statement."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, answer: Callable[[str, list[Any]], Any]) -> None:
        self._connection = connection
        self._answer = answer
        self._names: dict[Rows, str] = {}
        self._moved: dict[Rows, Any] = {}
        self._unplaced: dict[Rows, Any] = {}

    def put(self, rows: Rows, text: str, values: list[Any]) -> None:
        """Reads rows now; whose they are is looked up when any of them is asked for. Raises: Refused."""
        self._unplaced[rows] = self._answer(text, values)

    def table(self, rows: Rows) -> str | None:
        """The name of the table that holds some rows, if they were put aside. Raises: Refused."""
        self._place()
        return self._names.get(rows)

    def moved(self, rows: Rows) -> Any | None:
        """The place and the part of each row that moved, if they were put aside. Raises: Refused."""
        self._place()
        return self._moved.get(rows)

    def clear(self) -> None:
        """What was put aside was for other players."""
        for name in self._names.values():
            self._connection.unregister(name)
        self._names.clear()
        self._moved.clear()
        self._unplaced.clear()

    def _place(self) -> None:
        """Gives all rows that came without them the places of their players."""
        words = {rows: table[_player(rows, table)] for rows, table in self._unplaced.items()}
        words = {rows: column.combine_chunks().dictionary_encode() for rows, column in words.items()}
        for kind in {word.dictionary.type for word in words.values()}:
            alike = {rows: word for rows, word in words.items() if word.dictionary.type == kind}
            places = self._places_of([word.dictionary for word in alike.values()])
            for (rows, word), mine in zip(alike.items(), places, strict=True):
                # -1 is nobody's row, and takes what is last
                at = np.append(mine, np.int32(-1))[word.indices.fill_null(-1).to_numpy()]
                self._register(rows, self._unplaced.pop(rows).append_column(PLACE, pa.array(at)))

    def _register(self, rows: Rows, table: Any) -> None:
        events, since = rows
        if all(column.source != events.player for column in events.columns):
            table = table.drop_columns(_player(rows, table))
        if since is not None:
            self._moved[rows] = table.select([PLACE, PART]).rename_columns(["place", "part"])
        self._names[rows] = f"segctl_near_{len(self._names)}"
        self._connection.register(self._names[rows], table)

    def _places_of(self, several: list[Any]) -> list[NDArray[np.int32]]:
        """The place of each player of some arrays of one type; -1 for those who have none."""
        keys = pa.concat_arrays(several)
        found = np.full(len(keys), -1, dtype=np.int32)
        number = np.arange(len(keys), dtype=np.int32)
        self._connection.register(_LOOKED_UP, pa.table({"player": keys, "number": number}))
        answer = self._answer(_LOOK_UP, [])
        self._connection.unregister(_LOOKED_UP)
        found[answer["number"].to_numpy()] = answer["place"].to_numpy()
        return np.split(found, np.cumsum([len(one) for one in several])[:-1])


def _player(rows: Rows, table: Any) -> str:
    """The column that says whose a row is, as the engine names it: a catalog may write it in other letters."""
    player = rows[0].player
    return str(next(name for name in table.column_names if name.lower() == player.lower()))
