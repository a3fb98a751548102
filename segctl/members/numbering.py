"""Each player has one number, once and for ever; new players get the numbers after the last. Pure.

A plan's new numbers are provisional: they are allotted for good in the transaction that writes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segctl.members.returning import NOBODY_FORGOTTEN, Returning


class Numbering:
    """Numbers for players: those in the state's dictionary (`known`, by number), then new ones.

    `known` has NULL for who was forgotten; `returning` is told of new players, and knows those again. `new` holds
    batches of new ids, each in the order of its numbers, one batch after the other.
    """

    def __init__(self, known: Any, returning: Returning = NOBODY_FORGOTTEN) -> None:
        self.known = known
        self.returning = returning
        self.new: list[Any] = []
        self.count = len(known)

    def numbers(self, ids: Any) -> NDArray[np.int64]:
        """The number of each id (an Arrow array of text), allotting new ones. Raises: ValueError for one twice."""
        if not self.count:
            return self._allot(ids)
        numbers = self._found(ids)
        unknown = np.flatnonzero(numbers < 0)
        if len(unknown):
            numbers[unknown] = self._allot(ids.take(pa.array(unknown)))
        return numbers

    def known_numbers(self, ids: Any) -> NDArray[np.int64]:
        """The numbers of those ids that have one."""
        numbers = self._found(ids)
        return numbers[numbers >= 0]

    def ids(self, numbers: NDArray[np.int64]) -> list[str]:
        """The ids behind numbers."""
        found: list[str] = self._all().take(pa.array(numbers)).to_pylist()
        return found

    def _found(self, ids: Any) -> NDArray[np.int64]:
        found = pc.index_in(ids, value_set=self._all(), skip_nulls=True)
        numbers: NDArray[np.int64] = found.fill_null(-1).to_numpy().astype(np.int64)
        return numbers

    def _all(self) -> Any:
        return pa.concat_arrays([self.known, *self.new]) if self.new else self.known

    def _allot(self, ids: Any) -> NDArray[np.int64]:
        """New numbers in the order of the ids, so that the dictionary's chunks cover narrow ranges."""
        order = pc.sort_indices(ids).to_numpy()
        ordered = ids.take(pa.array(order)).cast(pa.string())
        if pc.any(pc.equal(ordered[1:], ordered[:-1])).as_py():
            raise ValueError("an id stands twice")
        numbers = np.empty(len(ids), dtype=np.int64)
        numbers[order] = np.arange(self.count, self.count + len(ids))
        if self.returning.awaited:
            self.returning.meet(ordered.to_pylist(), self.count)
        self.new.append(ordered)
        self.count += len(ids)
        return numbers
